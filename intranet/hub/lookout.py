"""The safety net under the bell: what was rung may be lost, so every node looks for itself, and soon enough."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from intranet.kernel import GONE, heads

if TYPE_CHECKING:
    from .connection import Connection
    from .hub import Hub

log = structlog.get_logger(__name__)
LOOK_EVERY = 1.5  # seconds: a lost stroke of the bell costs at most this


class Lookout:
    """One task. A session that ends moves its person's own place, so looking at the heads finds that too; only who
    came while it ended was let in with a head that is behind it already, and is asked for once."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._now = asyncio.Event()
        self._newcomers: set[Connection] = set()

    def soon(self) -> None:
        """Strokes may have been lost: look now."""
        self._now.set()

    def met(self, connection: "Connection") -> None:
        """This connection is served from now on; whether its session still stood then is not known."""
        self._newcomers.add(connection)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._now.wait()
            self._now.clear()
            try:
                await self._at_heads()
                await self._at_newcomers()
            except GONE as error:
                log.error("cannot look for what moved", kind=type(error).__name__)

    async def _at_heads(self) -> None:
        """Also finds the end of a log that was replaced by a backup."""
        found = await self.hub.house.read_hot(heads, list(self.hub.served))
        for place, head in found.items():
            served = self.hub.served.get(place)
            if served and (head[0] != served.epoch or head[1] > served.cursor):
                self.hub.pump.wake({place})

    async def _at_newcomers(self) -> None:
        some = {one for one in self._newcomers if one in self.hub.connections}
        if some and self.hub.house.sessions is not None:
            still = await self.hub.house.read_hot(self.hub.house.sessions, sorted({one.person.id for one in some}))
            self.hub.revoked({one.person.session for one in some} - still.keys())
            self._newcomers -= some
        self._newcomers &= self.hub.connections
