"""The whole house with every kind of actor in it, for the matrix and the leak rig."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx2
from sqlalchemy import Connection, select
from starlette.applications import Starlette

from intranet.channels.writes import Add, SetRole
from intranet.files import NewTile
from intranet.files.actions import Attach, Begin
from intranet.files.models import FileRef
from intranet.kernel import House, Person, new_id
from intranet.people.writes import Deactivate, MakeToken, RevokeSession
from tests import cast

ACTORS = ("none", "guest", "outsider", "member", "moderator", "editor", "administrator", "owner")
SHUT_OUT = ("deactivated", "revoked")  # they are answered as nobody is
# Whose standing changes while the leak rig looks on; see `turns`.
TURNED = ("removed", "left", "unteamed", "demoted", "dismissed", "later", "silenced")
ROLES = {
    "dismissed": "administrator",
    "guest": "guest",
    "editor": "editor",
    "administrator": "administrator",
    "owner": "owner",
}
INSIDE = ("member", "moderator", "deactivated", "revoked", "removed", "left", "unteamed", "demoted", "silenced")
MODERATORS = ("moderator", "demoted")
HERE = "http://binnen.test"


class Told(NamedTuple):
    """An answer in bytes."""

    status: int
    heads: bytes
    content: bytes


@dataclass
class Company:
    """`who` by the actor's name. The author wrote what is there and is nobody's actor."""

    app: Starlette
    house: House
    author: Person
    who: dict[str, Person]
    channels: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    shut: bool = False

    def those(self, *names: str) -> dict[str, Person]:
        """Of these actors those who are here at all."""
        return {name: self.who[name] for name in names if name in self.who}

    def browser(self, actor: str, **headers: str) -> httpx2.AsyncClient:
        """A client with the actor's cookie, if any, on our own pages."""
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        shared = {"Origin": HERE, "Accept-Language": "de", **headers}
        cookies = {"binnen": self.secrets[actor]} if actor in self.secrets else {}
        return httpx2.AsyncClient(transport=transport, base_url=HERE, headers=shared, cookies=cookies)

    async def asked(self, actor: str, method: str, address: str, content: bytes = b"", **headers: str) -> "Told":
        """As `browser`, without a client between, which costs as much again as a small page. "" leaves a head out."""
        sent = {"origin": HERE, "accept-language": "de", **headers}
        if actor in self.secrets:
            sent["cookie"] = f"binnen={self.secrets[actor]}"
        return await self._told(method, address, content, sent)

    async def asked_by_program(self, actor: str, method: str, address: str, content: bytes, **headers: str) -> "Told":
        """As a program with the actor's access token, if any, and no origin."""
        token = f"Bearer {self.tokens.get(actor, 'none')}"
        return await self._told(
            method, address, content, {"authorization": token, "accept": "application/json", **headers}
        )

    async def _told(self, method: str, address: str, content: bytes, sent: dict[str, str]) -> "Told":
        path, _, query = address.partition("?")
        sent = {"host": "binnen.test", **sent}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items() if value],
            "client": ("127.0.0.1", 1), "server": ("binnen.test", 80),
        }  # fmt: skip
        said: list[Any] = []
        bodies, over = [content], asyncio.Event()

        async def receive() -> dict[str, Any]:
            if bodies:
                return {"type": "http.request", "body": bodies.pop()}
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                over.set()

        await self.app(scope, receive, send)
        heads = b"\n".join(b": ".join(pair) for pair in said[0]["headers"])
        return Told(said[0]["status"], heads, b"".join(part.get("body", b"") for part in said[1:]))

    async def channel(self, kind: str, name: str = "", history: str = "all") -> int:
        """A channel with the author, the member, the moderator, those who are shut out and those who will go."""
        inside = [one for name, one in self.those(*INSIDE).items() if name != "deactivated" or not self.shut]
        if kind == "direct":
            return await cast.direct(self.house, self.author, self.who["member"], self.who["moderator"])
        name = name or f"Kanal {new_id()[:8]}"
        place = await cast.channel(self.house, self.author, name, kind=kind, history=history, members=inside)
        for one in self.those(*MODERATORS).values():
            await self.house.perform(self.author, SetRole(id=new_id(), place=place, person=one.id, role="moderator"))
        return place

    async def shut_out(self) -> None:
        """Deactivate the one and end the sessions of the other; their cookies and tokens stay with them."""
        owner = self.who["owner"]
        await self.house.perform(owner, Deactivate(id=new_id(), person=self.who["deactivated"].id))
        await self.house.perform(owner, RevokeSession(id=new_id(), person=self.who["revoked"].id))
        self.shut = True

    async def sign_in(self, actor: str) -> None:
        """A new session for this actor."""
        self.secrets[actor] = await cast.session_secret(self.house, self.who[actor])

    async def file(self, place: int, content: bytes, name: str, kind: str = "file") -> tuple[int, str, str]:
        """A message of the author's with a file: its seq, the tile and the file's id."""
        tile = NewTile(id=new_id(), name=name, size=len(content), kind=kind)
        seq = (await cast.say(self.house, self.author, place, "mit Anlage", files=[tile])).seq
        sha256 = hashlib.sha256(content).hexdigest()
        begin = Begin(id=new_id(), name=name, size=len(content), sha256=sha256, kind=kind)
        await self.house.perform(self.author, begin)
        async with self.browser("author") as client:
            done = await client.put(f"/files/{begin.id}?offset=0", content=content)
            assert done.status_code == 200, done.text
        await self.house.perform(
            self.author, Attach(id=new_id(), place=place, message=seq, tile=tile.id, upload=begin.id)
        )
        return seq, tile.id, await self.house.read(_file_of, place, seq)


def _file_of(conn: Connection, place: int, seq: int) -> str:
    here = (FileRef.place == place, FileRef.subject == seq)
    return str(conn.execute(select(FileRef.file).where(*here)).scalar_one())


async def found(app: Starlette, *more: str) -> Company:
    """Everybody, and `more` of the turned, has an account, a session and a token; nobody is shut out yet."""
    house: House = app.state.house
    author = await cast.person(house, "Autor Adler")
    who = {
        name: await cast.person(house, f"{name.capitalize()} Muster", role=ROLES.get(name, "member"))
        for name in (*ACTORS[1:], *SHUT_OUT, *more)
    }
    company = Company(app, house, author, who)
    for name, one in {**who, "author": author}.items():
        company.secrets[name] = await cast.session_secret(house, one)
        answer = await house.perform(one, MakeToken(id=new_id(), name=f"Programm von {name}"))
        company.tokens[name] = str(answer.extra["token"])
    own = await cast.channel(house, author, "Gästezimmer", kind="private")
    await house.perform(author, Add(id=new_id(), place=own, people=[who["guest"].id]))
    return company
