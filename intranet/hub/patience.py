"""Connections that say nothing, or say it letter by letter, are let go: each costs a descriptor, and there are few."""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN = 20.0  # seconds in which a request's head must have come, also on a line of 2 KB/s


class Patient(H11Protocol):
    """Uvicorn's own, which waits for ever for the first request and for one that has begun."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count from here."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """A head that is whole ends the wait; the first bytes of the next one begin it again."""
        super().data_received(data)
        if not self._headless():
            self._stop()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for."""
        self._stop()
        super().connection_lost(exc)

    def _headless(self) -> bool:
        """Whether no request is under way here; a socket's transport has gone to another protocol."""
        cycle: Any = self.cycle  # None until the first request, whatever its type says
        idle = cycle is None or cycle.response_complete
        return idle and self.transport.get_protocol() is cast(asyncio.BaseProtocol, self)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_WITHIN, self._give_up)

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if self._headless():
            self.transport.close()
