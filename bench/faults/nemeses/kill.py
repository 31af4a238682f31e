"""kill -9: at random moments, at named points inside the server, and in the middle of a checkpoint."""

import asyncio
import random
from typing import TYPE_CHECKING

from bench.faults.points import POINTS

from .base import Nemesis, compiler, disk_of

if TYPE_CHECKING:
    from bench.faults.round import Round

LONGEST = 3.0  # seconds to wait for a point to be passed


class Kill(Nemesis):
    """At random: after so many acknowledged writes and a moment, amid whatever is being done."""

    name = "kill"

    def __init__(self, each: int = 1000) -> None:
        self.each = each  # acknowledged writes between two kills, about

    async def strike(self, round_: "Round") -> None:
        """Kill a node and start it again; every third time right after its start, amid the catching up."""
        soon = round_.rng.random() < 0.3
        await round_.until(round_.acked + (1 if soon else round_.rng.randint(1, 2 * self.each)), 5.0)
        await asyncio.sleep(round_.rng.uniform(0, 0.01))
        node = round_.rng.choice(round_.nodes)
        await node.kill()
        round_.killed()
        round_.struck(self.name)
        await node.start()


class Points(Nemesis):
    """At a named point, drawn by seed: the process kills itself when it has passed it so many times."""

    name = "points"

    def __init__(self, names: tuple[str, ...] = (), each: int = 1000) -> None:
        self.names = names or tuple(name for name in POINTS if name != "mid_migration")
        self.each = each

    def order(self, rng: random.Random) -> list[object]:
        """A point, and how often it is to be passed first."""
        name = rng.choice(self.names)
        return [name, rng.randint(1, POINTS[name][1])]

    async def strike(self, round_: "Round") -> None:
        """Kill a node, start it with a point in it, wait for its death, and start it again."""
        await round_.until(round_.acked + round_.rng.randint(1, 2 * self.each), 5.0)
        node = round_.rng.choice(round_.nodes)
        await node.kill()
        round_.killed()
        round_.struck("kill")
        name, times = self.order(round_.rng)
        await node.start(point=[name, times])
        enough = asyncio.create_task(round_.until(round_.acked + 2 * self.each, LONGEST))
        died = asyncio.create_task(node.died.wait())
        await asyncio.wait([enough, died], return_when=asyncio.FIRST_COMPLETED)
        round_.struck(f"point:{name}" if node.died.is_set() else "kill")
        await node.kill()
        for task in (enough, died):
            task.cancel()
        round_.killed()
        await node.start()


class Checkpoint(Nemesis):
    """At the n-th page that SQLite copies from its log into the file: only a checkpoint writes there."""

    name = "checkpoint"
    engine = "sqlite"

    def __init__(self, each: int = 1000) -> None:
        self.each = each

    def lacks(self) -> str:
        """A compiler."""
        return compiler()

    async def prepare(self, round_: "Round") -> None:
        """The server writes through the library, which may kill it."""
        disk_of(round_)

    async def strike(self, round_: "Round") -> None:
        """Arm it, wait for the next checkpoint, start again."""
        node = round_.nodes[0]
        disk_of(round_).fail(round_.rng.randint(1, 500), 0, only="binnen.db")
        enough = asyncio.create_task(round_.until(round_.acked + 3 * self.each, 2 * LONGEST))
        died = asyncio.create_task(node.died.wait())
        await asyncio.wait([enough, died], return_when=asyncio.FIRST_COMPLETED)
        round_.struck("point:mid_checkpoint" if node.died.is_set() else "kill")
        disk_of(round_).mend()
        await node.kill()
        round_.killed()
        for task in (enough, died):
            task.cancel()
        await node.start()
