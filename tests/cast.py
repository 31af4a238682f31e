"""A small known cast, made through the product's own verbs."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import websockets
from websockets.asyncio.client import ClientConnection

from intranet import people
from intranet.channels.writes import Create, Direct, Join
from intranet.chat.writes import Post
from intranet.kernel import SYSTEM, Answer, House, Person, Tx, Verb, Write, new_id
from intranet.people.actions.common import add_session
from tests.served import Served

PASSWORD = "Ein gutes Passwort 7"
WAIT = 5.0  # seconds for what must come; nothing sleeps
_number = itertools.count(1)


class OpenSession(Write, tag="test.open_session"):
    """A signed-in device, without the slow password."""

    person: int
    secret: str


def _open_session(tx: Tx, _person: Person, write: OpenSession) -> None:
    add_session(tx, write.person, "cookie", write.secret, "test")


async def person(
    house: House, name: str, *, role: str = "member", side: str = "office", lang: str = "de", **more: Any
) -> Person:
    """Somebody with an account and a session; `session_secret(house, person)` signs a client in."""
    write = people.Make(
        id=new_id(), name=name, email=f"{name.split()[0].lower()}{next(_number)}@quellmoor.example", role=role,
        side=side, lang=lang, **more,
    )  # fmt: skip
    answer = await house.perform(SYSTEM, write)
    found = await house.read(people.person_of, int(answer.extra["person"]))
    assert found is not None
    return found


async def session_secret(house: House, who: Person) -> str:
    """The value of the cookie of a new session."""
    house.verbs.setdefault("test.open_session", Verb(OpenSession, _open_session, internal=True))
    secret = f"session-{next(_number)}-of-{who.id}"
    await house.perform(SYSTEM, OpenSession(id=new_id(), person=who.id, secret=secret))
    return secret


async def sign_in(client: httpx2.AsyncClient, house: House, who: Person) -> None:
    """From now on this client is that person's browser."""
    client.cookies.set("binnen", await session_secret(house, who))


async def channel(
    house: House, by: Person, name: str, *, kind: str = "public", history: str = "all", members: Sequence[Person] = ()
) -> int:
    """A channel that `by` moderates, with these members."""
    write = Create(id=new_id(), name=name, kind=kind, history=history, people=[one.id for one in members])  # type: ignore[arg-type]
    return (await house.perform(by, write)).place


async def direct(house: House, *who: Person) -> int:
    """The direct channel of these people."""
    return (await house.perform(who[0], Direct(id=new_id(), people=[one.id for one in who]))).place


async def join(house: House, who: Person, place: int) -> None:
    """Into a public channel."""
    await house.perform(who, Join(id=new_id(), place=place))


async def say(house: House, who: Person, place: int, text: str, **more: Any) -> Answer:
    """One message; its seq is the answer's."""
    return await house.perform(who, Post(id=new_id(), place=place, text=text, **more))


class Ear:
    """A person's open socket. `heard` is every message so far, `bytes_heard` every byte."""

    def __init__(self, socket: ClientConnection, who: Person) -> None:
        self.socket, self.who = socket, who
        self.heard: list[dict[str, Any]] = []
        self.bytes_heard = ""

    async def next(self) -> dict[str, Any]:
        """The next message."""
        raw = str(await asyncio.wait_for(self.socket.recv(), WAIT))
        self.bytes_heard += raw
        message: dict[str, Any] = json.loads(raw)
        self.heard.append(message)
        return message

    async def until(self, kind: str, **match: Any) -> dict[str, Any]:
        """Listen up to and with a message of this kind and these values."""
        while True:
            message = await self.next()
            if message["t"] == kind and all(message.get(key) == value for key, value in match.items()):
                return message

    async def all_until(self, house: House, fence: int) -> list[dict[str, Any]]:
        """All that is heard of other places before a fence: a channel that this person reads and writes in.

        One batch of the pump may write the first saying before what was committed earlier; the second comes later. Who
        is let into a place that was just made hears of what was said there meanwhile by its head alone.
        """
        seen = len(self.heard)
        for text in ("fence", "second fence"):
            answer = await say(house, self.who, fence, text)
            while not any(_reaches(m, fence, answer.seq) for m in self.heard[seen:]):
                await self.next()
        return [m for m in self.heard[seen:] if m["t"] in ("frame", "left", "mine") and m["place"] != fence]


def _reaches(message: dict[str, Any], place: int, seq: int) -> bool:
    told = message["heads"].get(str(place), ("", 0))[1] if message["t"] == "heads" else message.get("to", 0)
    return bool(told >= seq and message.get("place", place) == place)


@asynccontextmanager
async def listen(served: Served, who: Person, place: int = 0, dialect: str = "html") -> AsyncIterator[Ear]:
    """A socket of this person that has said hello and heard the heads."""
    secret = await session_secret(served.house, who)
    headers = {"Cookie": f"binnen={secret}", "Origin": served.url}
    # a full queue would hold up the closing
    quiet: dict[str, Any] = {
        "proxy": None,
        "compression": None,
        "max_queue": None,
    }
    async with websockets.connect(served.ws, additional_headers=headers, **quiet) as socket:
        ear = Ear(socket, who)
        await socket.send(json.dumps({"t": "hello", "dialect": dialect, "lang": who.lang, "open": place}))
        await ear.until("heads")
        yield ear


__all__ = [
    "PASSWORD", "Ear", "channel", "direct", "join", "listen", "person", "say", "session_secret", "sign_in",
]  # fmt: skip
