"""The whole house with every kind of actor in it, for the matrix and the leak rig."""

import hashlib
from dataclasses import dataclass, field

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
ROLES = {"guest": "guest", "editor": "editor", "administrator": "administrator", "owner": "owner"}
INSIDE = ("member", "moderator", "deactivated", "revoked")
HERE = "http://binnen.test"


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

    def browser(self, actor: str, **headers: str) -> httpx2.AsyncClient:
        """A client with the actor's cookie, if any, on our own pages."""
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        shared = {"Origin": HERE, "Accept-Language": "de", **headers}
        cookies = {"binnen": self.secrets[actor]} if actor in self.secrets else {}
        return httpx2.AsyncClient(transport=transport, base_url=HERE, headers=shared, cookies=cookies)

    def program(self, actor: str) -> httpx2.AsyncClient:
        """A client with the actor's access token, if any, and no origin."""
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {self.tokens.get(actor, 'none')}", "Accept": "application/json"}
        return httpx2.AsyncClient(transport=transport, base_url=HERE, headers=headers)

    async def channel(self, kind: str, name: str = "", history: str = "all") -> int:
        """A channel with the author, the member, the moderator, and those who are shut out."""
        inside = [self.who[name] for name in INSIDE if name != "deactivated" or not self.shut]
        if kind == "direct":
            return await cast.direct(self.house, self.author, self.who["member"], self.who["moderator"])
        name = name or f"Kanal {new_id()[:8]}"
        place = await cast.channel(self.house, self.author, name, kind=kind, history=history, members=inside)
        raise_ = SetRole(id=new_id(), place=place, person=self.who["moderator"].id, role="moderator")
        await self.house.perform(self.author, raise_)
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

    async def file(self, place: int, content: bytes, name: str) -> tuple[int, str, str]:
        """A message of the author's with a file: its seq, the tile and the file's id."""
        tile = NewTile(id=new_id(), name=name, size=len(content), kind="file")
        seq = (await cast.say(self.house, self.author, place, "mit Anlage", files=[tile])).seq
        begin = Begin(id=new_id(), name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
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


async def found(app: Starlette) -> Company:
    """Everybody has an account, a session and a token; nobody is shut out yet."""
    house: House = app.state.house
    author = await cast.person(house, "Autor Adler")
    who = {
        name: await cast.person(house, f"{name.capitalize()} Muster", role=ROLES.get(name, "member"))
        for name in (*ACTORS[1:], *SHUT_OUT)
    }
    company = Company(app, house, author, who)
    for name, one in {**who, "author": author}.items():
        company.secrets[name] = await cast.session_secret(house, one)
        answer = await house.perform(one, MakeToken(id=new_id(), name=f"Programm von {name}"))
        company.tokens[name] = str(answer.extra["token"])
    own = await cast.channel(house, author, "Gästezimmer", kind="private")
    await house.perform(author, Add(id=new_id(), place=own, people=[who["guest"].id]))
    return company
