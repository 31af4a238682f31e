"""Two real server processes on one PostgreSQL and one NATS, and devices that talk to either."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import websockets
from msgspec import structs
from sqlalchemy import select
from websockets.asyncio.client import ClientConnection

from bench.nats import Nats
from bench.servers import quiet_port
from intranet.kernel import House, Person, hashed, new_id
from intranet.kernel.config import Settings
from intranet.people.models import Session
from intranet.people.writes import MakeToken
from tests import cast
from tests.databases import on_database
from tests.process import Real

WAIT = 20.0  # seconds for what must come, on a busy machine too


class Pair:
    """The nodes; `ada` and `bea`, and a channel that both are in and Ada moderates."""

    def __init__(self, settings: Settings) -> None:
        self.bus = Nats("nodes:secret")
        self.settings = structs.replace(settings, bus_url=self.bus.url)
        self.nodes = Real(self.settings), Real(self.settings)
        for node in self.nodes:
            node.port = quiet_port()
            node.settings = structs.replace(node.settings, port=node.port)
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, str] = {}
        self.cookies: dict[str, str] = {}  # Ada's devices
        self.place = 0

    def start(self) -> None:
        """The bus and both nodes, which migrate and settle whose folder it is by turns."""
        self.bus.start()
        self.nodes[0].fill(self._fill)
        with ThreadPoolExecutor() as both:
            list(both.map(Real.start, self.nodes))

    def stop(self) -> None:
        for node in self.nodes:
            node.kill()
        self.bus.kill()

    async def _fill(self, house: House) -> None:
        for name in ("ada", "bea"):
            self.people[name] = await cast.person(house, f"{name.title()} Reuter")
            token = await house.perform(self.people[name], MakeToken(id=new_id(), name="program"))
            self.tokens[name] = str(token.extra["token"])
        ada, bea = self.people.values()
        for device in ("desk", "phone", "tablet"):
            self.cookies[device] = await cast.session_secret(house, ada)
        self.place = await cast.channel(house, ada, "Service", kind="private", members=[bea])

    async def do(self, who: str, node: int, what: str, **fields: Any) -> httpx2.Response:
        """A write by somebody's program at a node."""
        write = {"do": what, "id": new_id(), "place": self.place, **fields}
        async with httpx2.AsyncClient(base_url=self.nodes[node].url, timeout=WAIT) as client:
            return await client.post("/do", json=write, headers=self.speaks(who, self.nodes[node].url))

    def speaks(self, who: str, url: str) -> dict[str, str]:
        """The headers of a person's program, or of one of Ada's browsers."""
        if who in self.cookies:
            return {"Cookie": f"binnen={self.cookies[who]}", "Origin": url}
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    async def says(self, name: str, node: int, text: str, **fields: Any) -> dict[str, Any]:
        """A message; its place and seq."""
        answer = await self.do(name, node, "chat.post", text=text, **fields)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()["ok"]
        return told

    async def ready(self, word: str) -> None:
        """Until both nodes say so of themselves."""
        async with httpx2.AsyncClient(timeout=WAIT) as client, asyncio.timeout(WAIT):
            for node in self.nodes:
                while (await client.get(f"{node.url}/readyz")).text != word:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)

    async def session(self, device: str) -> str:
        """The id of the session of one of Ada's devices."""
        which = select(Session.id).where(Session.secret == hashed(self.cookies[device]))
        return str(await on_database(self.settings, lambda conn: conn.execute(which).scalar_one()))

    @asynccontextmanager
    async def device(self, name: str, at: int | str, cursor: tuple[str, int] | None = None) -> AsyncIterator["Device"]:
        """A device at a node or an address, which has said hello with its cursor of the channel and heard the heads."""
        url = self.nodes[at].url if isinstance(at, int) else at
        headers = self.speaks(name, url)
        async with websockets.connect(
            url.replace("http", "ws") + "/ws",
            additional_headers=headers,
            proxy=None,
            compression=None,
            max_queue=None,
            close_timeout=1,
        ) as socket:
            device = Device(socket, self.place)
            cursors = {str(self.place): cursor} if cursor else {}
            await device.tell(t="hello", dialect="json", open=self.place, cursors=cursors)
            heads = (await device.until("heads"))["heads"]
            device.cursor = cursor or tuple(heads[str(self.place)])
            yield device


@dataclass
class Device:
    """Keeps what it was shown, each message of the channel once and in the order of the frames, and its cursor."""

    socket: ClientConnection
    place: int
    cursor: tuple[str, int] = ("", 0)
    texts: list[str] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def tell(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def next(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self.socket.recv())
        self.heard.append(message)
        if message["t"] == "frame" and message["place"] == self.place:
            assert message["from"] <= self.cursor[1], f"a gap before {message}"
            if message["to"] > self.cursor[1]:
                self.cursor = message["epoch"], message["to"]
                self.texts += [thing["data"]["text"] for thing in message["things"] if "text" in thing["data"]]
        return message

    async def until(self, kind: str, **match: Any) -> dict[str, Any]:
        async with asyncio.timeout(WAIT):
            while True:
                message = await self.next()
                if message["t"] == kind and all(message.get(key) == value for key, value in match.items()):
                    return message

    async def shows(self, text: str) -> None:
        """Until it has been shown this message."""
        await self.sees(lambda: text in self.texts)

    async def sees(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT):
            while not condition():
                await self.next()

    async def learns(self, key: str) -> None:
        """Until this of the reader's own has been told."""
        await self.sees(lambda: any(key in one.get("mine", ()) for one in self.heard))

    async def closed(self) -> int:
        """The code with which the server ends it."""
        try:
            async with asyncio.timeout(WAIT):
                while True:
                    await self.next()
        except websockets.ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006
