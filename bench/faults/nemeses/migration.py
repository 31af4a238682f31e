"""kill -9 between two steps of the migrations, again and again on the same new database, until it is up."""

from typing import TYPE_CHECKING

from msgspec import structs
from sqlalchemy import Connection

from bench.faults.node import Node
from bench.servers import Company, quiet_port
from intranet.app import ROOMS
from intranet.kernel import House
from intranet.kernel.migrate import differences

from .base import Nemesis

if TYPE_CHECKING:
    from bench.faults.round import Round

MORE = 40  # steps that a start may go further than the one before, at most


class Migration(Nemesis):
    """Beside the company of the round: an installation that is being made. SQLite, each time from nothing."""

    name = "migration"
    engine = "sqlite"

    async def strike(self, round_: "Round") -> None:
        """Kill it in every start, each time some steps later; then it must be whole."""
        reach, folder = 0, round_.folder / f"new-{round_.strikes['migration:up']}"
        settings = structs.replace(round_.company.settings, data=str(folder), port=quiet_port())
        node = Node(Company(settings), settings.port, {}, "migrated", round_.size.nice)
        try:
            while True:
                reach += round_.rng.randint(1, MORE)  # all migrations are one transaction: each start begins anew
                await node.start(point=["mid_migration", reach])
                if node.runs:
                    break
                round_.killed(forget=False)
                round_.struck("point:mid_migration")
            await node.kill()
            house = House(settings, ROOMS)
            round_.wrong += await house.read(_differences)
            await house.db.close()
            round_.struck("migration:up")
        finally:
            node.close()


def _differences(conn: Connection) -> list[str]:
    return [f"the schema is not what the models say: {one}" for one in differences(conn)]
