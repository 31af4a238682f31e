"""Two nodes on one PostgreSQL: how long until what is done at one holds at the other, with the bus and without."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx2
import websockets
from msgspec import structs
from sqlalchemy import select

from intranet.app import ROOMS
from intranet.kernel import SYSTEM, House, hashed, new_id
from intranet.kernel.config import Settings
from intranet.people.models import Session
from intranet.people.writes import Enter

from .figures import spread
from .loads import Missing
from .nats import Nats, program
from .servers import Company, Server, found, quiet_port, settings

TIMES = 15
PATIENCE = 10.0


class Nodes:
    """Somebody writes at the first node; somebody else listens at the second."""

    def __init__(self, companies: list[Company], sessions: dict[str, str]) -> None:
        self.urls = [company.url() for company in companies]
        (self.writer, self.listener), self.tokens = companies[0].people, companies[0].people
        self.place = next(iter(companies[0].channels))
        self.sessions = sessions  # the writer's: cookie -> id; the first ends the others

    async def do(self, what: str, *, cookie: str = "", **fields: Any) -> None:
        """A write at the first node."""
        by_cookie = {"Cookie": f"binnen={cookie}", "Origin": self.urls[0]}
        headers = by_cookie if cookie else {"Authorization": f"Bearer {self.tokens[self.writer]}"}
        async with httpx2.AsyncClient(base_url=self.urls[0], timeout=PATIENCE) as client:
            write = {"do": what, "id": str(uuid4()), "place": self.place, **fields}
            (await client.post("/do", json=write, headers=headers)).raise_for_status()

    @asynccontextmanager
    async def ear(self, headers: dict[str, str]) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
        """A socket at the second node; what it gives waits for a kind of message."""
        address = self.urls[1].replace("http", "ws") + "/ws"
        async with websockets.connect(address, additional_headers=headers, compression=None, proxy=None) as socket:

            async def until(kind: str) -> None:
                async with asyncio.timeout(PATIENCE):
                    while json.loads(await socket.recv())["t"] != kind:
                        pass

            await socket.send(json.dumps({"t": "hello", "dialect": "json", "open": self.place}))
            await until("heads")
            yield until

    async def message(self) -> float:
        """Seconds from the start of a write to its frame at the other node."""
        async with self.ear({"Authorization": f"Bearer {self.tokens[self.listener]}"}) as until:
            return await _timed(self.do("chat.post", text="from node to node"), until("frame"))

    async def removal(self) -> float:
        """Until who was put out of the channel is told to forget it."""
        async with self.ear({"Authorization": f"Bearer {self.tokens[self.listener]}"}) as until:
            seconds = await _timed(self.do("channels.remove", person=self.listener), until("left"))
        await self.do("channels.add", people=[self.listener])
        return seconds

    async def revocation(self) -> float:
        """Until an ended session's socket is closed."""
        secret, session = self.sessions.popitem()
        async with self.ear({"Cookie": f"binnen={secret}", "Origin": self.urls[1]}) as until:
            ended = self.do("people.revoke_session", cookie=next(iter(self.sessions)), place=0, session=session)
            return await _timed(ended, _closed(until))


async def _timed(act: Awaitable[None], seen: Awaitable[None]) -> float:
    start = monotonic()
    _, end = await asyncio.gather(act, _then(seen))
    return end - start


async def _then(seen: Awaitable[None]) -> float:
    await seen
    return monotonic()


async def _closed(until: Callable[[str], Awaitable[None]]) -> None:
    try:
        await until("never")
    except websockets.ConnectionClosed as end:
        if end.rcvd is None or end.rcvd.code != 4403:
            raise


def across() -> dict[str, Any]:
    """Two nodes, with NATS and without: until a message, a removal, an ended session is known at the other."""
    if program() is None or find_spec("nats") is None:
        raise Missing("needs a NATS: apt-get install nats-server && python3 run.py install postgres nats")
    return asyncio.run(_across())


async def _across() -> dict[str, Any]:
    figures: dict[str, Any] = {}
    async with settings() as chosen:
        if not chosen.database_url:
            raise Missing("needs a PostgreSQL: INTRANET_DATABASE_URL=postgresql://…")
        company = await found(chosen, 2, [range(2)])
        sessions = await _sessions(chosen, next(iter(company.people)), 2 * TIMES + 1)
        bus = Nats()
        bus.start()
        both = [_at(company, structs.replace(chosen, bus_url=bus.url, port=quiet_port())) for _ in range(2)]
        servers = [Server(one) for one in both]
        try:
            for server in servers:
                await server.start()
            nodes = Nodes(both, sessions)
            for bus_is in ("with_bus", "without_bus"):
                for what in (nodes.message, nodes.removal, nodes.revocation):
                    took = [1000 * await what() for _ in range(TIMES)]
                    figures[f"{what.__name__}_{bus_is}_ms"] = spread(took, 0)
                bus.kill()
        finally:
            bus.kill()
            for server in servers:
                server.close()
    return figures


def _at(company: Company, chosen: Settings) -> Company:
    return Company(chosen, company.people, company.channels)


async def _sessions(chosen: Settings, person: int, many: int) -> dict[str, str]:
    """Cookies of new sessions, with their ids."""
    house = House(chosen, ROOMS)
    await house.start()
    secrets = [hashed(new_id()) for _ in range(many)]
    for secret in secrets:
        await house.perform(SYSTEM, Enter(id=new_id(), person=person, secret=secret, device="bench"))
    rows = await house.read(lambda conn: conn.execute(select(Session.secret, Session.id)).all())
    await house.stop()
    ids = {row.secret: row.id for row in rows}
    return {secret: ids[hashed(secret)] for secret in secrets}
