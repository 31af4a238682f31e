"""The n-th write, flush or creation on the disk fails, once or from then on."""

import asyncio
import errno
from typing import TYPE_CHECKING

from .base import Nemesis, compiler, disk_of

if TYPE_CHECKING:
    from bench.faults.round import Round


class Failing(Nemesis):
    """EIO at the n-th change, n drawn anew: the process must end or refuse, and never acknowledge what is not there."""

    name = "failing"
    engine = "sqlite"

    def lacks(self) -> str:
        """A compiler."""
        return compiler()

    async def prepare(self, round_: "Round") -> None:
        """The server writes through the library."""
        disk_of(round_)

    async def strike(self, round_: "Round") -> None:
        """Let one fail, wait, mend the disk, start again what has ended."""
        node, rng, disk = round_.nodes[0], round_.rng, disk_of(round_)
        await round_.until(round_.acked + rng.randint(1, 400), 3.0)
        only = rng.choice(("", "binnen.db", "binnen.db-wal"))
        disk.fail(rng.randint(1, 60), errno.EIO, lasting=rng.random() < 0.5, only=only)
        try:
            await asyncio.wait_for(node.died.wait(), 1.5)
        except TimeoutError:
            round_.struck("failing:went on" if disk.control.struck else "failing:not met")
        else:
            round_.struck("failing:ended")
        disk.mend()
        if not node.runs:
            round_.killed()
            await node.start()

    async def heal(self, round_: "Round") -> None:
        """A disk that works."""
        disk_of(round_).mend()
