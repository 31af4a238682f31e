"""One WebSocket connection of a device: a client of RFC 6455 as small as it can be, since hundreds share a core."""

import asyncio
import os
from base64 import b64encode
from collections.abc import Callable
from struct import pack
from typing import Protocol


class Hears(Protocol):
    """Whose connection it is."""

    def heard(self, payload: bytes) -> None:
        """A whole message arrived."""


class Trouble(Protocol):
    """What may happen to messages on their way; see `frames.Unruly`."""

    def inward(self, payload: bytes, deliver: Callable[[bytes], None]) -> None:
        """Deliver it: once, twice, later, never."""


class Line(asyncio.Protocol):
    """Open once `opened` is done; `closed` is done when it is over."""

    def __init__(self, peer: Hears, token: str, trouble: Trouble | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.peer, self.token, self.trouble = peer, token, trouble
        self.opened: asyncio.Future[int] = loop.create_future()  # the status of the handshake
        self.closed: asyncio.Future[None] = loop.create_future()
        self.transport: asyncio.Transport
        self.last = loop.time()  # when anything was last heard
        self._data = b""
        self._parts = b""
        self._up = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = b64encode(os.urandom(16)).decode()
        self.transport.write(
            "GET /ws HTTP/1.1\r\nHost: binnen\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            f"Authorization: Bearer {self.token}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Frames in any portions."""
        self.last = asyncio.get_running_loop().time()
        self._data += data
        if not self._up and not self._upgraded():
            return
        data, at = self._data, 0
        while len(data) >= at + 2:
            size, start = data[at + 1] & 127, at + 2
            if size == 126:
                size, start = int.from_bytes(data[at + 2 : at + 4]), at + 4
            elif size == 127:
                size, start = int.from_bytes(data[at + 2 : at + 10]), at + 10
            if len(data) < start + size or (start > at + 2 and len(data) < start):
                break
            self._frame(data[at], data[start : start + size])
            at = start + size
        self._data = data[at:]

    def _upgraded(self) -> bool:
        head, end, rest = self._data.partition(b"\r\n\r\n")
        if not end:
            return False
        status = int(head.split(b" ", 2)[1])
        self._up, self._data = True, rest
        if not self.opened.done():
            self.opened.set_result(status)
        if status != 101:
            self.transport.abort()
        return status == 101

    def _frame(self, first: int, payload: bytes) -> None:
        if first == 0x81 and self.trouble is None:
            self.peer.heard(payload)
        elif first == 0x81 and self.trouble is not None:
            self.trouble.inward(payload, self._deliver)
        elif first == 0x89:
            self._send(0x8A, payload)
        elif first == 0x88:
            self.transport.close()

    def _deliver(self, payload: bytes) -> None:
        if not self.closed.done():
            self.peer.heard(payload)

    def say(self, text: bytes) -> None:
        """One text message."""
        self._send(0x81, text)

    def _send(self, first: int, payload: bytes) -> None:
        """A mask of zeros is a mask: what it covers is the text itself."""
        size = len(payload)
        head = bytes((first, 0x80 | size)) if size < 126 else pack("!BBH", first, 0x80 | 126, size)
        if not self.transport.is_closing():
            self.transport.write(head + b"\0\0\0\0" + payload)

    def connection_lost(self, exc: Exception | None) -> None:
        """Over, whoever ended it."""
        if not self.opened.done():
            self.opened.set_result(0)
        if not self.closed.done():
            self.closed.set_result(None)
