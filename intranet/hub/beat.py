"""The heart: pings, heartbeats with the heads of what moved, and the end of who does not answer or read."""

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

from . import frames
from .wire import PATIENCE

if TYPE_CHECKING:
    from .connection import Connection
    from .hub import Hub

BEAT_EVERY = 20  # seconds
MISSED = 2  # pings without any sign of life
AT_ONCE = 500  # connections written to before the loop may turn


class Heart:
    """One timer for everybody."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub

    async def run(self) -> None:
        """Until cancelled: every second who is here and who is stuck, every twentieth a beat."""
        seconds = 0
        while True:
            await asyncio.sleep(1)
            seconds += 1
            self.hub.presence.tell_changes()
            self.end_the_stuck()
            if seconds % BEAT_EVERY == 0:
                await self.beat()

    def end_the_stuck(self) -> None:
        """Who has not drained for too long is asked to come again."""
        late = monotonic() - PATIENCE
        for connection in [c for c in self.hub.connections if 0 < c.wire.since < late]:
            connection.wire.close(1013, "too slow")

    async def beat(self) -> None:
        """One ping and one shared frame to all, and to each the heads of its places that moved since the last."""
        out: dict[Connection, bytes] = {}
        for served in self.hub.served.values():
            if served.moved:
                served.moved = False
                data = frames.heads({served.id: served.head})
                for group in served.groups.values():
                    for connection in group:
                        out[connection] = out.get(connection, b"") + data
        for number, connection in enumerate(list(self.hub.connections)):
            wire = connection.wire
            wire.missed += 1
            if wire.missed > MISSED:
                wire.transport.abort()
            elif not wire.since:
                wire.write(frames.PING + out.get(connection, b"") + frames.BEAT)
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
