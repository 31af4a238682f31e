"""Messages on their way to a device: doubled, swapped, delayed, dropped, cut off; answers lost."""

import asyncio
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from bench.faults.line import Trouble

from .base import Nemesis

if TYPE_CHECKING:
    from bench.faults.round import Round

LATEST = 0.15  # seconds that a message may be late


class Unruly:
    """One connection's misfortune. What it does is counted into `counts`."""

    def __init__(self, rng: random.Random, count: Callable[[str], None], share: Callable[[], float]) -> None:
        self.rng, self.count, self.share = rng, count, share

    def inward(self, payload: bytes, deliver: Callable[[bytes], None]) -> None:
        """Deliver it: once, twice, later, never."""
        if self.rng.random() >= self.share():
            deliver(payload)
            return
        what = self.rng.choice(("frame:doubled", "frame:late", "frame:dropped"))
        if what == "frame:dropped" and not payload.startswith((b'{"t":"answer"', b'{"t":"frame"')):
            deliver(payload)  # of the rest no promise says that a client finds out before its connection ends
            return
        self.count("answer:lost" if what == "frame:dropped" and payload.startswith(b'{"t":"answer"') else what)
        if what == "frame:doubled":
            deliver(payload)
            deliver(payload)
        elif what == "frame:late":  # and so swapped with those after it
            asyncio.get_running_loop().call_later(self.rng.uniform(0, LATEST), deliver, payload)


class Frames(Nemesis):
    """Every connection is unruly; now and then one is cut in the middle of a frame."""

    name = "frames"

    def __init__(self, share: float = 0.02) -> None:
        self.share = share
        self._round: Round | None = None

    async def prepare(self, round_: "Round") -> None:
        """From the first connection on."""
        self._round = round_

    def trouble(self, rng: random.Random) -> Trouble | None:
        """For a new connection."""
        assert self._round is not None
        return Unruly(rng, self._round.struck, lambda: self.share)

    async def strike(self, round_: "Round") -> None:
        """Cut some connections where they are."""
        await round_.until(round_.acked + round_.rng.randint(1, 300), 2.0)
        for device in round_.rng.sample(round_.devices, max(1, len(round_.devices) // 10)):
            if device.line is not None:
                device.line.transport.abort()
                round_.struck("line:cut")

    async def heal(self, round_: "Round") -> None:
        """All messages arrive again. Who lost the last one of all finds out by the next heads: those of a new line."""
        self.share = 0.0
        for device in round_.devices:
            if device.line is not None:
                device.line.transport.abort()
