"""The socket itself: uvicorn shakes hands, Starlette routes, then `Wire` owns the transport and nothing else stays."""

import asyncio
import socket
from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import PayloadTooBig
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from .gate import Gate

LARGEST = 64 * 1024  # bytes of one message from a client
HIGH_WATER = 64 * 1024  # bytes waiting for a slow reader before it is left behind
BURST, PER_SECOND = 400, 100  # frames a client may send at once, and lastingly
PATIENCE = 15.0  # seconds for a slow reader to drain
GRACE = 2.0  # seconds between our close frame and the end of the connection


class Peer(Protocol):
    """Whoever talks over a wire."""

    def said(self, text: bytes) -> None:
        """A whole message arrived."""

    def stuck(self) -> None:
        """The reader is slow: nothing more is written until `drained`."""

    def drained(self) -> None:
        """The reader has caught up with what was written."""

    def lost(self) -> None:
        """The connection is over or about to be: nothing more is written or heard. Told once."""


class Wire(asyncio.Protocol):
    """One open WebSocket: bytes out ready-made, messages in through websockets' own parser."""

    __slots__ = (
        "_budget", "_parts", "_stamp", "_wires", "closing", "missed", "parser", "peer", "send", "since", "transport",
    )  # fmt: skip

    def __init__(self, transport: asyncio.Transport, parser: ServerProtocol, wires: set[Any], peer: Peer) -> None:
        self.transport = transport
        self.parser = parser
        self.peer = peer
        self.closing = False
        self.since = 0.0  # when the reader got stuck; 0: it is not
        self.missed = 0  # pings without any sign of life
        self._wires = wires
        self._parts: list[bytes] = []
        self._budget, self._stamp = float(BURST), monotonic()
        parser.max_message_size = LARGEST
        transport.set_write_buffer_limits(high=0)  # paused: something waits in the transport; resumed: nothing does
        waiting = transport.get_write_buffer_size()  # of the handshake
        self.send: Callable[[bytes], int] = (not waiting and _straight(transport)) or self._queue
        raw = transport.get_extra_info("socket")
        if raw is not None and raw.family != socket.AF_UNIX:  # a slow reader shows here, not in megabytes of the kernel
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.setsockopt(socket.IPPROTO_TCP, 25, 2 * HIGH_WATER)  # TCP_NOTSENT_LOWAT
        wires.add(self)
        transport.set_protocol(self)
        transport.resume_reading()

    # -- outward

    def write(self, data: bytes) -> None:
        """Finished frames, straight into the kernel while it takes them. Dropped when the connection is closing."""
        try:
            sent = self.send(data)
        except OSError:  # full, or over: then the transport meets the same and ends the connection
            sent = 0
        if sent < len(data):
            self._queue(data[sent:])

    def _queue(self, data: bytes) -> int:
        """Behind what waits in the transport."""
        self.transport.write(data)
        if not self.since and self.transport.get_write_buffer_size() > HIGH_WATER:
            self.since = monotonic()
            self.peer.stuck()
        return len(data)

    def close(self, code: int, reason: str = "") -> None:
        """Say why, wait a moment for the client's own close frame, then end."""
        if self.closing:
            return
        self._over()
        if self.parser.state is State.OPEN:
            self.parser.send_close(code, reason)
            self.transport.write(b"".join(self.parser.data_to_send()))
        else:  # the parser has given up on the stream: only the end of it is awaited
            self.transport.write(_close_frame(code, reason))
            if self.transport.can_write_eof():
                self.transport.write_eof()
        asyncio.get_running_loop().call_later(GRACE, self.transport.abort)

    def shutdown(self) -> None:
        """The server stops: clients come back by themselves (called by uvicorn)."""
        self.close(1012, "restart")

    # -- inward

    def data_received(self, data: bytes) -> None:
        """Bytes in any portions."""
        self.missed = 0
        parser = self.parser
        parser.receive_data(data)
        replies = parser.data_to_send()
        for event in parser.events_received():
            frame = cast(Frame, event)
            if frame.opcode is Opcode.PING and replies and not self.closing:
                self.transport.write(replies.pop(0))  # its pong, before what comes after it is answered
            self._frame(frame)
        if (
            parser.parser_exc is not None
        ):  # what is left of its replies is its own close frame; ours says it in our codes
            self.close(*(4413, "too large") if isinstance(parser.parser_exc, PayloadTooBig) else (1002, "protocol"))
        elif replies:
            self._reply(replies)

    def _frame(self, frame: Frame) -> None:
        if self.closing:
            return
        if not self._affordable():
            self.close(4429, "too many")
        elif frame.opcode is Opcode.TEXT or frame.opcode is Opcode.CONT:
            self._parts.append(bytes(frame.data))
            if frame.fin:
                parts, self._parts = self._parts, []
                self._whole(parts[0] if len(parts) == 1 else b"".join(parts))
        elif frame.opcode is Opcode.BINARY:
            self.close(4400, "text only")

    def _whole(self, text: bytes) -> None:
        if _is_utf8(text):
            self.peer.said(text)
        else:
            self.close(1007, "not UTF-8")

    def _affordable(self) -> bool:
        now = monotonic()
        self._budget = min(BURST, self._budget + (now - self._stamp) * PER_SECOND) - 1
        self._stamp = now
        return self._budget >= 0

    def _reply(self, replies: list[bytes]) -> None:
        """What else the parser says by itself: the echo of a close, the end of the stream as an empty word."""
        if not self.closing:
            self.transport.write(b"".join(replies))
        if replies[-1] == b"":
            self._over()
            self.transport.close()

    def _over(self) -> None:
        if not self.closing:
            self.closing = True
            self.send = len  # taken, and gone
            self.peer.lost()

    # -- from the transport

    def pause_writing(self) -> None:
        """The kernel takes no more: the rest waits in the transport, and what comes has to wait behind it."""
        if not self.closing:
            self.send = self._queue

    def resume_writing(self) -> None:
        """It has drained."""
        if self.closing:
            return
        self.send = _straight(self.transport) or self._queue
        if self.since:
            self.since = 0.0
            self.peer.drained()

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone, whoever ended it."""
        self._wires.discard(self)
        self._over()


def _straight(transport: asyncio.Transport) -> Callable[[bytes], int] | None:
    """The socket's own `send`, where asyncio's transport would do no more than call it: not with TLS, nor in other
    loops, which collect what is written. After the end it raises, so nothing can reach who has the number next."""
    if type(transport).__module__ != "asyncio.selector_events":
        return None
    plain = getattr(transport.get_extra_info("socket"), "_sock", None)
    return plain.send if plain else None


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _close_frame(code: int, reason: str) -> bytes:
    payload = Close(code, reason).serialize()
    return bytes((0x88, len(payload))) + payload


class _HandedOver(asyncio.Transport):
    """Stands where the transport was, so that uvicorn closes nothing when the endpoint returns."""

    def close(self) -> None:
        pass


_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: %d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class WireProtocol(WebSocketsSansIOProtocol):
    """Uvicorn's handshake with a door: `scope["extensions"]["wire"](peer)` gives the transport away."""

    gate: Gate | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.available_extensions = None  # no permessage-deflate: it costs many times the delivery

    def handle_connect(self, event: Request) -> None:
        """Admit, or say when to come back before anything is spent on the client."""
        wait = self.gate.knock() if self.gate else 0
        if not wait:
            return super().handle_connect(event)
        self.handshake_complete = self.close_sent = True
        self.transport.write(_BUSY % wait)
        return self.transport.close()

    async def run_asgi(self) -> None:
        """As uvicorn's, with the door in the scope."""
        cast(dict[str, Any], self.scope["extensions"])["wire"] = self._hand_over
        await super().run_asgi()

    def _hand_over(self, peer: Peer) -> Wire:
        self.stop_keepalive()
        self.connections.discard(self)
        self.request.headers.clear()  # the parser would keep them for good, 1 to 2 KB and the cookie among them
        transport, self.transport = self.transport, _HandedOver()
        return Wire(transport, self.conn, self.connections, peer)
