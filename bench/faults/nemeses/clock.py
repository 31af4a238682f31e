"""The server's wall clock jumps: an hour, ten years, back."""

import asyncio
from typing import TYPE_CHECKING

from bench.faults.disk import Clock, library

from .base import Nemesis, compiler

if TYPE_CHECKING:
    from bench.faults.round import Round

HOUR, YEAR = 3600, 365 * 86_400


class Jumps(Nemesis):
    """Order is by seq, never by a clock. What is kept for a time goes by the clock, so no files are sent meanwhile."""

    name = "clock"
    files = False

    def lacks(self) -> str:
        """A compiler."""
        return compiler()

    async def prepare(self, round_: "Round") -> None:
        """The server asks the library what time it is."""
        self.clock = Clock(round_.folder)
        round_.env |= self.clock.env
        round_.env["LD_PRELOAD"] = " ".join([str(library("clock")), round_.env.get("LD_PRELOAD", "")]).strip()

    async def strike(self, round_: "Round") -> None:
        """Another time."""
        await round_.until(round_.acked + round_.rng.randint(1, 400), 2.0)
        self.clock.jump(round_.rng.choice((HOUR, -HOUR, 10 * YEAR, -10 * YEAR, -1, 0)))
        await asyncio.sleep(round_.rng.uniform(0, 0.5))
        round_.struck(self.name)

    async def heal(self, round_: "Round") -> None:
        """The right time."""
        self.clock.jump(0)
