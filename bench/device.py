"""A client of the documented protocol with a durable outbox: it comes back, catches up, and sends again."""

import asyncio
import json
import random
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import websockets
from websockets.asyncio.client import ClientConnection

from .outbox import Outbox

AGAIN = (0.02, 0.1)  # seconds until the next try to connect, at random
AT_ONCE = 4  # writes under way at a time: on one connection they are done in order
Told = dict[str, Any]


class Device:
    """Sends `texts` (place, text) one after another and follows its places until it is stopped."""

    def __init__(self, number: int, token: str, port: int, path: Path, rng: random.Random) -> None:
        self.number, self.token, self.port, self.path, self.rng = number, token, port, path, rng
        self.box = Outbox(path)
        self.todo: list[tuple[int, str]] = []
        self.counters: dict[int, int] = {}
        self.forgets = 0.03  # how often it behaves as if an answer had been lost
        self.on_ack: Callable[[], None] = lambda: None
        self.by_http = number % 5 == 0  # the browser's way; the others write on the socket
        self._asking: set[int] = set()
        self._under_way: set[str] = set()
        self._moved = asyncio.Event()

    # -- what it wants

    def compose(self) -> None:
        """Put the next write into the outbox, while there is room under way."""
        while self.todo and len(self.box.waiting) < AT_ONCE:
            place, text = self.todo.pop(0)
            self.counters[place] = number = self.counters.get(place, 0) + 1
            write = str(UUID(int=self.rng.getrandbits(128), version=4))
            self.box.send(write, self.number, place, number, text, monotonic())

    @property
    def done(self) -> bool:
        """Nothing left to send."""
        return not self.todo and not self.box.waiting

    def forget_memory(self) -> None:
        """As if the phone had been switched off: only the file is left."""
        self.box.close()
        self.box = Outbox(self.path)
        self._asking, self._under_way = set(), set()

    # -- what it does

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._visit()
            except (OSError, websockets.WebSocketException, TimeoutError, asyncio.IncompleteReadError):
                await asyncio.sleep(self.rng.uniform(*AGAIN))

    async def _visit(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"ws://127.0.0.1:{self.port}/ws"
        async with websockets.connect(
            address, additional_headers=headers, compression=None, proxy=None, max_size=None, open_timeout=20,
            ping_interval=None, close_timeout=1,
        ) as socket:  # fmt: skip
            self._asking, self._under_way = set(), set()
            await socket.send(json.dumps({"t": "hello", "dialect": "json"}))
            tasks = {
                asyncio.create_task(self._post() if self.by_http else self._write(socket)),
                asyncio.create_task(self._listen(socket)),
            }
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                ended = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ended:
            if isinstance(end, Exception):
                raise end

    async def _listen(self, socket: ClientConnection) -> None:
        while True:
            await self._hear(socket, json.loads(await socket.recv()))

    async def _hear(self, socket: ClientConnection, message: Told) -> None:
        kind, place = message["t"], message.get("place", 0)
        if kind in ("heads", "behind"):
            for name, (epoch, head) in message["heads"].items():
                if int(name) in self.box.seen and (epoch, head) != self._cursor(int(name)):
                    await self._ask(socket, int(name))
        elif kind == "frame" and place in self.box.seen:
            if message["from"] > self.box.seen[place].cursor:
                await self._ask(socket, place)  # a gap
            elif message["to"] > self.box.seen[place].cursor:
                self._take(message)
        elif kind in ("complete", "more"):
            self._asking.discard(place)
            if kind == "more":
                await self._ask(socket, place)
        elif kind == "answer":
            self._answered(message["id"], message["status"], message.get("ok", {}).get("seq", 0))

    def _cursor(self, place: int) -> tuple[str, int]:
        return self.box.epochs[place], self.box.seen[place].cursor

    async def _ask(self, socket: ClientConnection, place: int) -> None:
        if place not in self._asking:
            self._asking.add(place)
            await socket.send(json.dumps({"t": "open", "place": place, "cursor": self._cursor(place)}))

    def _take(self, message: Told) -> None:
        said = [
            (thing["seq"], thing["data"]["write"], thing["data"]["text"])
            for thing in message["things"] if thing["kind"] == "chat.posted"
        ]  # fmt: skip
        self.box.frame(message["place"], message["from"], message["to"], said)

    def _answered(self, write: str, status: int, seq: int) -> None:
        self._under_way.discard(write)
        if status == 200:
            first = write in self.box.waiting
            self.box.acknowledged(write, seq, monotonic())
            if first:
                self.on_ack()
        elif status < 500:
            raise SystemExit(f"device {self.number}: a write was refused with {status}")
        self._moved.set()

    # -- sending

    async def _write(self, socket: ClientConnection) -> None:
        while True:
            self._moved.clear()
            self.compose()
            for write in [*self.box.waiting, *self._repeated()]:
                if write not in self._under_way:
                    self._under_way.add(write)
                    await socket.send(json.dumps({"t": "do", "write": self._as_write(write)}))
            await self._moved.wait()

    async def _post(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            while True:
                self.compose()
                for write in [*list(self.box.waiting)[:1], *self._repeated()]:
                    body = json.dumps(self._as_write(write)).encode()
                    writer.write(
                        b"POST /do HTTP/1.1\r\nHost: binnen\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                        b"%b\r\nContent-Length: %d\r\n\r\n%b" % (self.token.encode(), len(body), body)
                    )
                    self._answered(write, *await _http_answer(reader))
                if self.done:
                    await asyncio.sleep(0.05)
        finally:
            writer.close()

    def _repeated(self) -> list[str]:
        """Now and then something that was acknowledged already, as if the answer had not come."""
        known = self.box.sent
        return [self.rng.choice(list(known))] if known and self.rng.random() < self.forgets else []

    def _as_write(self, write: str) -> Told:
        send = self.box.waiting.get(write) or self.box.sent[write]
        return {"do": "chat.post", "id": send.write, "place": send.place, "text": send.text}


async def _http_answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0)
    body = json.loads(await reader.readexactly(length)) if length else {}
    return status, int(body.get("ok", {}).get("seq", 0))
