"""SIGSTOP: the process is there and does nothing, as a machine does that swaps or moves to another host."""

import asyncio
import signal
from typing import TYPE_CHECKING

from .base import Nemesis

if TYPE_CHECKING:
    from bench.faults.round import Round


class Pause(Nemesis):
    """Stop a node for one to six seconds."""

    name = "pause"

    def __init__(self, shortest: float = 1.0, longest: float = 6.0) -> None:
        self.shortest, self.longest = shortest, longest

    async def strike(self, round_: "Round") -> None:
        """Stop it, wait, let it go on."""
        await round_.until(round_.acked + round_.rng.randint(1, 500), 3.0)
        node = round_.rng.choice(round_.nodes)
        node.signal(signal.SIGSTOP)
        await asyncio.sleep(round_.rng.uniform(self.shortest, self.longest))
        node.signal(signal.SIGCONT)
        round_.struck(self.name)

    async def heal(self, round_: "Round") -> None:
        """Nobody stays stopped."""
        for node in round_.nodes:
            node.signal(signal.SIGCONT)
