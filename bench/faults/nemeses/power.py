"""The power is cut: the process dies, and what was not flushed is not on the disk."""

import asyncio
from typing import TYPE_CHECKING

from .base import Nemesis, compiler, disk_of

if TYPE_CHECKING:
    from bench.faults.round import Round


class Power(Nemesis):
    """SQLite and files on a disk that forgets. Each time another share of unflushed sectors survives, often none."""

    name = "power"
    engine = "sqlite"

    def __init__(self, each: int = 400) -> None:
        self.each = each

    def lacks(self) -> str:
        """A compiler."""
        return compiler()

    async def prepare(self, round_: "Round") -> None:
        """The server writes through the library from its first start on."""
        disk_of(round_, forgets=True)

    async def strike(self, round_: "Round") -> None:
        """Cut it, and start again on what is left."""
        await round_.until(round_.acked + round_.rng.randint(1, 2 * self.each), 5.0)
        await asyncio.sleep(round_.rng.uniform(0, 0.01))
        node = round_.nodes[0]
        await node.kill()
        lost = await asyncio.to_thread(disk_of(round_).cut, round_.rng, round_.rng.choice((0.0, 0.0, 0.3, 0.8)))
        round_.notes["unflushed_changes_lost"] = round_.notes.get("unflushed_changes_lost", 0) + lost
        round_.killed()
        round_.struck(self.name)
        await node.start()
