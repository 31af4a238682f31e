"""The bell between writer and pumps: strokes lost, late, doubled, out of order. Slower, never wrong."""

import asyncio
from typing import TYPE_CHECKING

from .base import Nemesis

if TYPE_CHECKING:
    from bench.faults.round import Round


class Bell(Nemesis):
    """From the first start to the last, so also while everything must arrive in the end."""

    name = "bell"
    quiet = 4.0  # servers look for themselves within two seconds

    async def prepare(self, round_: "Round") -> None:
        """In the server's own process."""
        round_.hooks["bell"] = round_.rng.randrange(1 << 30)

    async def strike(self, round_: "Round") -> None:
        """It does so all the time."""
        await asyncio.sleep(1)
        round_.struck(self.name)
