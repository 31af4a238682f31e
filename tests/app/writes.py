"""A valid write of every verb, about one case each: what the matrix sends."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from intranet.chat.writes import Schedule
from intranet.files import NewTile
from intranet.files.actions import Begin
from intranet.kernel import SYSTEM, Person, clock, new_id
from intranet.people.models import Invitation
from intranet.people.writes import Invite, TeamMake
from intranet.polls.writes import Close, Open
from tests import cast
from tests.app import customers, moderation, posts
from tests.app.company import Company

BYTES = b"an empty sheet of paper"


@dataclass
class Stage:
    """What one actor's one write is about, made afresh: `case` is private, public, direct, own or -."""

    company: Company
    actor: str
    case: str
    place: int = 0
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def me(self) -> Person:
        """The actor; the author where nobody is signed in."""
        return self.company.who.get(self.actor, self.company.author)

    async def channel(self) -> int:
        """A channel of the case's kind; `own` and `archived` are private ones."""
        if not self.place:
            kind = self.case if self.case in ("public", "direct") else "private"
            self.place = await self.company.channel(kind)
        return self.place

    async def message(self, **more: Any) -> int:
        """The author's; with case `own` the actor's, who must be in."""
        place = await self.channel()
        by = self.me if self.case == "own" and self.actor in ("member", "moderator") else self.company.author
        return (await cast.say(self.company.house, by, place, "Zur Sache", **more)).seq

    async def poll(self, **more: Any) -> int:
        """The author's, in the case's channel."""
        write = Open(id=new_id(), place=await self.channel(), question="Wohin?", options=["Fluss", "Berg"], **more)
        return int((await self.company.house.perform(self.company.author, write)).extra["poll"])

    async def topic(self, name: str = "Thema") -> int:
        place = await self.channel()
        answer = await cast.say(self.company.house, self.company.author, place, "dazu", topic_name=name)
        return int(answer.extra["topic"])

    async def scheduled(self) -> int:
        """Planned by the actor where they may, else by the author."""
        by = self.me if self.actor in ("member", "moderator") else self.company.author
        write = Schedule(id=new_id(), place=await self.channel(), text="später", at=clock.now() + clock.HOUR)
        return int((await self.company.house.perform(by, write)).extra["scheduled"])

    async def somebody(self, role: str = "member") -> int:
        return (await cast.person(self.company.house, "Jemand Neues", role=role)).id

    async def team(self) -> int:
        return (await self.company.house.perform(SYSTEM, TeamMake(id=new_id(), name=f"Team {new_id()[:8]}"))).place

    async def invitation(self) -> int:
        owner = self.company.who["owner"]
        await self.company.house.perform(owner, Invite(id=new_id(), email=f"{new_id()}@quellmoor.example"))
        return await self._newest(Invitation.id)

    async def _newest(self, column: Any) -> int:
        newest = select(func.max(column))
        return int(await self.company.house.read(lambda conn: conn.execute(newest).scalar_one()))

    async def tile(self) -> str:
        """An own tile on an own message; the author's for who writes nowhere."""
        by = self.me if self.actor in ("member", "moderator") else self.company.author
        tile = NewTile(id=new_id(), name="a.txt", size=len(BYTES), kind="file")
        place = await self.channel()
        self.made["message"] = (await cast.say(self.company.house, by, place, "", files=[tile])).seq
        return tile.id

    async def upload(self) -> str:
        """A whole one of the actor's."""
        by = self.actor if self.actor in self.company.who else "author"
        sha = hashlib.sha256(BYTES).hexdigest()
        begin = Begin(id=new_id(), name="a.txt", size=len(BYTES), sha256=sha)
        await self.company.house.perform(self.me, begin)
        async with self.company.browser(by) as client:
            assert (await client.put(f"/files/{begin.id}?offset=0", content=BYTES)).status_code == 200
        return begin.id


Fields = Callable[[Stage], Awaitable[dict[str, Any]]]


async def _here(stage: Stage, **more: Any) -> dict[str, Any]:
    return {"place": await stage.channel(), **more}


async def _add(s: Stage) -> dict[str, Any]:
    return await _here(s, people=[await s.somebody()])


async def _remove(s: Stage) -> dict[str, Any]:
    return await _here(s, person=s.company.who["revoked"].id if s.case != "direct" else s.company.author.id)


async def _about_message(s: Stage, **more: Any) -> dict[str, Any]:
    return await _here(s, message=await s.message(), **more)


async def _about_poll(s: Stage, **more: Any) -> dict[str, Any]:
    return await _here(s, poll=await s.poll(additions=True), **more)


async def _share(s: Stage) -> dict[str, Any]:
    poll = await s.poll()
    await s.company.house.perform(s.company.author, Close(id=new_id(), place=s.place, poll=poll))
    return {"poll": poll}


async def _about_topic(s: Stage, **more: Any) -> dict[str, Any]:
    return await _here(s, topic=await s.topic(), **more)


async def _merge(s: Stage) -> dict[str, Any]:
    return await _here(s, topic=await s.topic("Eins"), into=await s.topic("Zwei"))


async def _move(s: Stage) -> dict[str, Any]:
    return await _here(s, messages=[await s.message()], topic_name="Woanders")


async def _attach(s: Stage) -> dict[str, Any]:
    return await _here(s, tile=await s.tile(), message=s.made["message"], upload=await s.upload())


async def _drop(s: Stage) -> dict[str, Any]:
    return await _here(s, tile=await s.tile(), message=s.made["message"])


async def _begin(s: Stage) -> dict[str, Any]:
    return {"name": "a.txt", "size": len(BYTES), "sha256": hashlib.sha256(BYTES).hexdigest()}


async def _plan(s: Stage) -> dict[str, Any]:
    return await _here(s, text="später", at=clock.now() + clock.HOUR)


async def _sign_in(s: Stage) -> dict[str, Any]:
    return {"email": f"{new_id()}@quellmoor.example", "password": "falsch, aber lang genug"}


async def _accept(s: Stage) -> dict[str, Any]:
    return {"token": "0" * 64, "name": "Neu", "email": "neu@quellmoor.example", "password": cast.PASSWORD}


async def _people(s: Stage, **more: Any) -> dict[str, Any]:
    return {"person": await s.somebody("owner" if s.case == "owner" else "member"), **more}


async def _import(s: Stage) -> dict[str, Any]:
    return {"text": f"name,email\nAnna Neu,{new_id()}@quellmoor.example\n"}


async def _let_in(s: Stage) -> dict[str, Any]:
    await s.somebody()  # without a password
    return {}


async def _team(s: Stage, **more: Any) -> dict[str, Any]:
    return {"team": await s.team(), **more}


async def _members(s: Stage) -> dict[str, Any]:
    return await _team(s, add=[await s.somebody()])


async def _revoke(s: Stage) -> dict[str, Any]:
    return await _people(s) if s.case != "own" else {"others": True}


def just(**fields: Any) -> Fields:
    """The same for everybody, anywhere."""

    async def of(_stage: Stage) -> dict[str, Any]:
        return fields

    return of


def here(**fields: Any) -> Fields:
    """In the case's channel."""
    return lambda stage: _here(stage, **fields)


VERBS: dict[str, Fields] = {
    **posts.VERBS,
    **customers.VERBS,
    **moderation.VERBS,
    "channels.create": lambda s: just(name=f"Kanal {new_id()[:8]}", kind=s.case)(s),
    "channels.direct": lambda s: just(people=[s.company.author.id])(s),
    "channels.change": here(description="Neu beschrieben"),
    "channels.archive": here(),
    "channels.unarchive": here(),
    "channels.join": here(),
    "channels.leave": here(),
    "channels.add": _add,
    "channels.remove": _remove,
    "channels.role": lambda s: _here(s, person=s.company.who["revoked"].id, role="moderator"),
    "channels.favourite": here(on=True),
    "chat.post": here(text="Moin"),
    "chat.edit": lambda s: _about_message(s, text="besser"),
    "chat.delete": _about_message,
    "chat.react": lambda s: _about_message(s, emoji="👍"),
    "chat.pin": _about_message,
    "chat.read": here(seq=1),
    "chat.read_all": here(seq=1),
    "chat.draft": here(text="angefangen"),
    "chat.schedule": _plan,
    "chat.reschedule": lambda s: _with_scheduled(s, text="anders"),
    "chat.unschedule": lambda s: _with_scheduled(s),
    "chat.topic_rename": lambda s: _about_topic(s, name=new_id()),
    "chat.topic_move": _move,
    "chat.topic_merge": _merge,
    "chat.topic_close": _about_topic,
    "files.begin": _begin,
    "files.attach": _attach,
    "files.drop": _drop,
    "polls.add_option": lambda s: _about_poll(s, option="See"),
    "polls.close": _about_poll,
    "polls.open": here(question="Wann?", options=["heute", "morgen"]),
    "polls.share": _share,
    "polls.vote": lambda s: _about_poll(s, yes=[1]),
    "people.set_up": lambda s: _accept(s),
    "people.sign_in": _sign_in,
    "people.sign_out": just(),
    "people.invite": lambda s: just(email=f"{new_id()}@quellmoor.example")(s),
    "people.revoke_invitation": lambda s: _invitation(s),
    "notices.done": lambda s: just(key="post-1/state")(s),
    "notices.undone": lambda s: just(key="post-1/state")(s),
    "people.accept": _accept,
    "people.reset_link": _people,
    "people.let_in": _let_in,
    "people.reset_request": lambda s: just(email=f"{new_id()}@quellmoor.example")(s),
    "people.reset": just(token="0" * 64, password=cast.PASSWORD),
    "people.change_password": just(old="falsch", new=cast.PASSWORD),
    "people.revoke_session": _revoke,
    "people.make_token": just(name="Programm"),
    "people.profile": just(title="Monteur"),
    "people.photo": just(photo=""),
    "people.admit": lambda s: _people(s, title="Monteur"),
    "people.deactivate": _people,
    "people.reactivate": _people,
    "people.import": _import,
    "people.team_make": lambda s: just(name=f"Team {new_id()[:8]}")(s),
    "people.team_change": lambda s: _team(s, name=f"Team {new_id()[:8]}"),
    "people.team_members": _members,
}


async def _with_scheduled(s: Stage, **more: Any) -> dict[str, Any]:
    return {"scheduled": await s.scheduled(), **(await _here(s)), **more}


async def _invitation(s: Stage) -> dict[str, Any]:
    return {"invitation": await s.invitation()}
