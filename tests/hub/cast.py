"""A real server on a free port in the test's own loop, and people who talk to it over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import websockets
from starlette.applications import Starlette
from starlette.routing import Route
from websockets.asyncio.client import ClientConnection

from intranet.hub import Hub, Server, config, routes
from intranet.kernel import SYSTEM, Answer, House, Person, heads, new_id
from intranet.kernel.config import Settings
from intranet.kernel.do import do
from intranet.kernel.web import HANDLERS
from tests.databases import on_database
from tests.hub import club
from tests.served import listening

WAIT = 5.0  # seconds for what must come; nothing sleeps


@dataclass
class Town:
    """A house with clubs in it, served."""

    house: House
    hub: Hub
    port: int
    server: Server
    people: dict[str, int] = field(default_factory=dict)

    async def act(self, name: str, write: Any) -> Answer:
        """A verb by somebody, committed."""
        person = Person(self.people[name], name) if name else SYSTEM
        return await self.house.perform(person, write)

    async def enrol(self, *names: str) -> None:
        for name in names:
            answer = await self.act("", club.Enrol(id=new_id(), token=name))
            self.people[name] = answer.place

    async def found(self, *names: str) -> int:
        people = [self.people[name] for name in names]
        return (await self.act("", club.Found(id=new_id(), people=people))).place

    async def say(self, name: str, place: int, text: str) -> int:
        return (await self.act(name, club.Say(id=new_id(), place=place, text=text))).seq

    async def cursor(self, place: int) -> tuple[str, int]:
        return (await self.house.read(heads, [place]))[place]

    def connect(self, token: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        settings = {"proxy": None, "compression": None, "additional_headers": headers, "max_size": None}
        return websockets.connect(f"ws://127.0.0.1:{self.port}/ws", **{**settings, **options})

    @asynccontextmanager
    async def visit(self, name: str, place: int = 0, *, dialect: str = "json", **hello: Any) -> AsyncIterator["Guest"]:
        """Somebody who has said hello and heard the heads; their cursors are at the heads."""
        async with self.connect(name) as socket:
            guest = Guest(socket)
            await guest.tell(t="hello", dialect=dialect, open=place, **hello)
            guest.heads = {int(place): tuple(head) for place, head in (await guest.hear("heads"))["heads"].items()}
            yield guest


class Guest:
    """A client that keeps what it did not wait for."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heads: dict[int, tuple[str, int]] = {}
        self.kept: list[dict[str, Any]] = []

    async def tell(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def next(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), WAIT))
        return message

    async def hear(self, kind: str, **match: Any) -> dict[str, Any]:
        """The next message of this kind; others are kept."""
        while True:
            message = await self.next()
            if message["t"] == kind and all(message.get(key) == value for key, value in match.items()):
                return message
            self.kept.append(message)

    async def hear_all(self, until: str, **match: Any) -> list[dict[str, Any]]:
        """Everything up to and with this one."""
        self.kept.clear()
        last = await self.hear(until, **match)
        return [*self.kept, last]

    async def closed(self) -> int:
        """The code with which the server ends it."""
        try:
            while True:
                await asyncio.wait_for(self.socket.recv(), WAIT)
        except websockets.ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006


def texts(messages: list[dict[str, Any]]) -> list[str]:
    """What json frames show, in order."""
    return [
        thing["data"]["text"] for message in messages if message["t"] == "frame" for thing in message["things"]
    ]  # fmt: skip


async def until(condition: Callable[[], Any]) -> None:
    """Wait for what has no event of its own."""
    async with asyncio.timeout(WAIT):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


@asynccontextmanager
async def town(settings: Settings) -> AsyncIterator[Town]:
    """Served until the block ends."""
    await on_database(settings, club.tables.create_all)
    house = House(msgspec.structs.replace(settings, sockets_per_person=1000), [club.room])
    hub = Hub(house)
    app = Starlette(routes=[*routes(hub), Route("/do", do, methods=["POST"])], exception_handlers=HANDLERS)
    app.state.house, app.state.hub = house, hub
    await house.start()
    await hub.start()
    server = Server(config(app, hub, port=0, lifespan="off", log_config=None, access_log=False))
    async with listening(server) as port:
        yield Town(house, hub, port, server)
    await hub.stop()
    await house.stop()
