"""A socket without a network: the product's own `Wire` on one end, websockets' own client parser on the other.

What lies between can hold bytes back (a slow reader), and hand over, double, turn round or lose the messages one by
one. Nothing here knows what the messages mean.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from intranet.hub import Hub
from intranet.hub.wire import Wire
from intranet.kernel import Person


class Pipe(asyncio.Transport):
    """The server's transport: what it writes arrives at the link."""

    def __init__(self, link: "Link") -> None:
        super().__init__()
        self.link = link
        self.protocol: Any = None
        self.held: list[bytes] = []
        self.paused = False
        self.over = False

    def write(self, data: Any) -> None:
        if self.over:
            return
        if not self.link.slow:
            self.link.arrived(bytes(data))
            return
        self.held.append(bytes(data))
        if not self.paused:
            self.paused = True
            self.protocol.pause_writing()

    def let_go(self) -> None:
        """The reader reads again."""
        held, self.held = self.held, []
        for data in held:
            self.link.arrived(data)
        if self.paused and not self.over:
            self.paused = False
            self.protocol.resume_writing()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass  # paused as soon as something waits, as the wire wants it

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self.held))

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def get_protocol(self) -> Any:
        return self.protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def resume_reading(self) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def can_write_eof(self) -> bool:
        return False

    def is_closing(self) -> bool:
        return self.over

    def close(self) -> None:
        self.abort()

    def abort(self) -> None:
        if not self.over:
            self.over = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)
            self.link.ended()


class Link:
    """One connection. `take` is called with each message that came, at once or when `deliver` is called."""

    def __init__(self, number: int, take: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        self.number, self.take, self.lost = number, take, lost
        self.slow = False  # the client reads nothing for now
        self.held: list[bytes] | None = None  # what the client says is on its way for now
        self.stepwise = False  # messages wait for `deliver`
        self.waiting: deque[bytes] = deque()
        self.open = True
        self.pipe = Pipe(self)
        self._parser = ClientProtocol(parse_uri("ws://binnen.test/ws"), state=State.OPEN, max_size=None)
        self._parts: list[bytes] = []

    def connect(self, hub: Hub, person: Person) -> None:
        """From here on the server has a connection for this person."""
        hub.welcome(person, lambda peer: Wire(self.pipe, ServerProtocol(state=State.OPEN), set(), peer))

    # -- from the client

    def send(self, text: bytes) -> None:
        """One message to the server, masked as a client's."""
        if self.open:
            self._parser.send_text(text)
            self._flush()

    def _flush(self) -> None:
        for data in self._parser.data_to_send():
            if data and self.held is not None:
                self.held.append(data)
            elif data and not self.pipe.over:
                self.pipe.protocol.data_received(data)

    def release(self) -> None:
        """What was held on its way arrives."""
        held, self.held = self.held or [], None
        for data in held:
            if not self.pipe.over:
                self.pipe.protocol.data_received(data)

    def cut(self) -> None:
        """The cable is pulled: both ends find out, nothing more is said."""
        if self.open:
            self.pipe.abort()

    # -- from the server

    def arrived(self, data: bytes) -> None:
        """Bytes, perhaps of several messages."""
        self._parser.receive_data(data)
        self._flush()  # pongs, the echo of a close
        for frame in self._parser.events_received():
            if frame.opcode in (Opcode.TEXT, Opcode.CONT):  # type: ignore[union-attr]
                self._parts.append(bytes(frame.data))  # type: ignore[union-attr]
                if frame.fin:  # type: ignore[union-attr]
                    text, self._parts = b"".join(self._parts), []
                    self.waiting.append(text)
        if not self.stepwise:
            asyncio.get_running_loop().call_soon(self._deliver_all)

    def _deliver_all(self) -> None:
        while self.waiting and self.open and not self.stepwise:
            self.deliver()

    def deliver(self) -> bool:
        """Hand over what came first; whether there was anything."""
        if not self.waiting:
            return False
        self.take(self.waiting.popleft())
        return True

    def double(self) -> None:
        """The first message comes twice."""
        if self.waiting:
            self.waiting.insert(1, self.waiting[0])

    def swap(self) -> None:
        """The second overtakes the first."""
        if len(self.waiting) > 1:
            self.waiting[0], self.waiting[1] = self.waiting[1], self.waiting[0]

    def drop(self) -> None:
        """The first message is lost."""
        if self.waiting:
            self.waiting.popleft()

    def ended(self) -> None:
        """The connection is over."""
        if self.open:
            self.open = False
            self.waiting.clear()
            self.lost()
