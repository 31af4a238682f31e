"""PostgreSQL ends and comes back; or a synchronous standby takes over, and the old primary is fenced for good."""

import asyncio
import shutil
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from bench.faults.clusters import Cluster, lacking
from bench.faults.switch import Switch

from .base import Nemesis

if TYPE_CHECKING:
    from bench.faults.round import Round


class Restarts(Nemesis):
    """The database stops at once, as if it had crashed, or in good order, and starts again."""

    name = "pg-restart"
    engine = "postgres"
    quiet = 4.0  # nodes look for themselves within two seconds

    def lacks(self) -> str:
        """PostgreSQL."""
        return lacking()

    async def database(self) -> str:
        """A cluster of its own."""
        self.room = Cluster.room()
        self.cluster = Cluster(self.room, "primary")
        await asyncio.to_thread(self.cluster.make)
        await asyncio.to_thread(self.cluster.start)
        return f"postgresql://binnen@127.0.0.1:{self.cluster.port}/postgres"

    async def strike(self, round_: "Round") -> None:
        """Stop it, wait, start it."""
        await round_.until(round_.acked + round_.rng.randint(1, 500), 4.0)
        await asyncio.to_thread(self.cluster.stop, round_.rng.choice(("fast", "immediate")))
        await asyncio.sleep(round_.rng.uniform(0, 1))
        await asyncio.to_thread(self.cluster.start)
        round_.struck(self.name)
        await round_.until(round_.acked + 1, 20.0)

    async def gone(self) -> None:
        """Nothing is left of it."""
        await asyncio.to_thread(self.cluster.remove)
        shutil.rmtree(self.room, ignore_errors=True)


class Promotion(Nemesis):
    """Each commit waits for the standby. Then the primary dies, never comes back, and the standby takes its place."""

    name = "promotion"
    engine = "postgres"
    quiet = 4.0

    def lacks(self) -> str:
        """PostgreSQL."""
        return lacking()

    async def database(self) -> str:
        """A primary, its synchronous standby, and a switch before both."""
        self.room: Path = Cluster.room()
        self.primary, self.standby = Cluster(self.room, "one"), Cluster(self.room, "two")
        await asyncio.to_thread(self.primary.make)
        await asyncio.to_thread(self.primary.start, "synchronous_standby_names=two")
        await asyncio.to_thread(self.standby.follow, self.primary)
        await asyncio.to_thread(self.standby.start)
        self.switch = Switch(self.primary.port)
        await self.switch.start()
        self.promoted = False
        return f"postgresql://binnen@127.0.0.1:{self.switch.port}/postgres"

    async def strike(self, round_: "Round") -> None:
        """Once a round: there is one standby."""
        await round_.until(round_.acked + round_.rng.randint(200, 1000), 8.0)
        if self.promoted:
            return
        self.promoted = True
        began = monotonic()
        await asyncio.to_thread(self.primary.stop, "immediate")
        self.switch.target = 1  # fenced: nobody is led to it any more
        self.switch.cut()
        await asyncio.to_thread(self.standby.promote)
        self.switch.target = self.standby.port
        round_.struck(self.name)
        await round_.until(round_.acked + 1, 60.0)
        round_.notes["promotion_s"] = round(max(monotonic() - began, round_.notes.get("promotion_s", 0)), 1)

    async def gone(self) -> None:
        """Nothing is left of it."""
        await self.switch.close()
        for cluster in (self.primary, self.standby):
            await asyncio.to_thread(cluster.remove)
        shutil.rmtree(self.room, ignore_errors=True)
