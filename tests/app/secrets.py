"""Secrets planted in everything that not everybody may read, each with who may; and all bytes that somebody gets."""

from dataclasses import dataclass, field
from typing import Any

from intranet.channels.writes import Change
from intranet.chat.writes import Delete, Edit, Pin, Post, React, SaveDraft, Schedule, TopicClose
from intranet.kernel import clock, new_id
from intranet.people.writes import Invite, MakeToken, Profile
from intranet.polls.writes import Cast, Open
from tests import cast
from tests.app import customers, expectations, moderation, posts, posts_planted
from tests.app.company import ACTORS, Company
from tests.app.table import parse

EVERYBODY = frozenset(ACTORS) - {"none"}
STAFF = EVERYBODY - {"guest"}
INSIDE = frozenset({"member", "moderator"})
NOBODY: frozenset[str] = frozenset()


@dataclass
class Planted:
    """Who may read each word, and the names that addresses are made of."""

    company: Company
    may: dict[str, frozenset[str]] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)

    def word(self, what: str, *may: str) -> str:
        """A word that occurs nowhere else."""
        made = f"zwk{what}{new_id()[:6]}"
        self.may[made] = frozenset(may)
        return made

    def leaks(self, actor: str, received: str) -> list[str]:
        """Words that this actor has received and may not."""
        return [word for word, may in self.may.items() if word in received and actor not in may]

    def unseen(self, actor: str, received: str) -> list[str]:
        """Words that this actor may read and has not received: then the rig is blind there."""
        return [word for word, may in self.may.items() if actor in may and word not in received]


async def plant(company: Company) -> Planted:
    """Channels of each kind, and what people keep for themselves."""
    planted = Planted(company)
    everyone = {name: one.id for name, one in company.who.items()}
    planted.names |= {**everyone, "author": company.author.id, "epoch": company.house.epoch}
    for kind in ("private", "public", "direct"):
        await _channel(planted, kind)
    await posts.plant(planted)
    await posts_planted.plant(planted)
    await customers.plant(planted)
    await moderation.plant(planted)
    await _own(planted)
    await _office(planted)
    return planted


async def _channel(planted: Planted, kind: str) -> None:
    company, house, author = planted.company, planted.company.house, planted.company.author
    knows = STAFF if kind == "public" else INSIDE | {"administrator", "owner"}  # names are administrators' to manage
    place = await company.channel(kind, planted.word(f"name{kind}", *knows) if kind != "direct" else "")
    if kind != "direct":
        described = Change(id=new_id(), place=place, description=planted.word(f"about{kind}", *knows))
        await house.perform(author, described)

    def inside(what: str) -> str:
        return planted.word(what + kind, *INSIDE)

    said = await cast.say(house, author, place, inside("said"), topic_name=inside("topic"))
    about: dict[str, Any] = {"place": place, "message": said.seq}
    await house.perform(author, React(id=new_id(), emoji="🦜", **about))
    await house.perform(author, Pin(id=new_id(), **about))
    await cast.say(house, author, place, inside("reply"), reply_to=said.seq)
    may = {"moderator"} if kind != "direct" else set()
    edited = await cast.say(house, author, place, planted.word(f"earlier{kind}", *may))
    await house.perform(author, Edit(id=new_id(), place=place, message=edited.seq, text=inside("edited")))
    gone = await cast.say(house, author, place, planted.word(f"gone{kind}"))
    await house.perform(author, Delete(id=new_id(), place=place, message=gone.seq))
    result = TopicClose(id=new_id(), place=place, topic=said.extra["topic"], result=inside("result"))
    await house.perform(author, result)
    poll = await house.perform(author, Open(
        id=new_id(), place=place, question=inside("question"), options=[inside("option"), inside("other")],
        results="live",
    ))  # fmt: skip
    await house.perform(author, Cast(id=new_id(), place=place, poll=poll.extra["poll"], yes=[1]))
    planted.names[f"{kind}_poll"] = poll.extra["poll"]
    name, content = f"{inside('file')}.txt", inside("bytes").encode()
    _seq, _tile, file = await company.file(place, content, name)
    planted.names |= {
        kind: place, f"{kind}_seq": said.seq, f"{kind}_topic": said.extra["topic"], f"{kind}_file": file,
        f"{kind}_edited": edited.seq, f"{kind}_gone": gone.seq,
    }  # fmt: skip


async def _own(planted: Planted) -> None:
    """What the member keeps."""
    company, member = planted.company, planted.company.who["member"]
    place, at = planted.names["private"], clock.now() + clock.HOUR
    text = planted.word("draft", "member")
    await company.house.perform(member, SaveDraft(id=new_id(), place=place, text=text))
    later = Schedule(id=new_id(), place=place, text=planted.word("planned", "member"), at=at)
    await company.house.perform(member, later)
    await company.house.perform(member, MakeToken(id=new_id(), name=planted.word("label", "member")))
    await company.house.perform(member, Profile(id=new_id(), title=planted.word("title", *STAFF)))


async def _office(planted: Planted) -> None:
    """What administrators do."""
    company = planted.company
    mail = f"{planted.word('mail', 'administrator', 'owner')}@quellmoor.example"
    answer = await company.house.perform(company.who["owner"], Invite(id=new_id(), email=mail))
    planted.may[str(answer.extra["link"])] = NOBODY  # only in the answer to who made it


def pages(planted: Planted) -> list[str]:
    """Every address of the matrix that these names fill, and some that show more."""
    more = [
        "/c/{K}/m/{K_edited}/earlier", "/c/{K}/m/{K_gone}/earlier", "/c/{K}/m/{K_gone}/source", "/c/{K}?at=1",
        "/c/{K}?at={K_gone}", "/c/{K}/messages?after=0&topic={K_topic}", "/card/quote/{K}/{K_gone}",
        "/files/{K_file}/original/x.txt", "/catchup?place={K}&epoch={epoch}&after=0&dialect=json",
        "/catchup?place={K}&epoch={epoch}&after=0&lang=nl",
    ]  # fmt: skip
    patterns = [address.replace("{K", "{" + kind) for kind in ("private", "public", "direct") for address in more]
    patterns += [f"/catchup?place={{{actor}}}&epoch={{epoch}}&after=0" for actor in ACTORS if actor != "none"]
    patterns += [*posts.ADDRESSES, *posts_planted.ADDRESSES, *moderation.ADDRESSES]
    patterns += ["/admin/people?at=invited", "/admin/people?state=invited"]
    patterns += [f"/p/{{{actor}}}" for actor in ACTORS if actor != "none"]
    patterns += [row.name[4:] for row in parse(expectations.ROUTES) if row.name.startswith("GET:")]
    found = []
    for pattern in dict.fromkeys(patterns):
        try:
            found.append(pattern.format(**planted.names))
        except KeyError:  # it names a thing that is not planted
            continue
    return found


async def everything(planted: Planted, actor: str) -> str:
    """All bytes of all answers, with their headers, as page and as JSON."""
    received = []
    async with planted.company.browser(actor) as client:
        for path in pages(planted):
            for accept in ("text/html", "application/json"):
                answer = await client.get(path, headers={"Accept": accept})
                assert answer.status_code < 500, (path, actor)
                received.append(f"{answer.headers}\n{answer.text}")
                if "json" not in path and not path.startswith(("/c/", "/p/")):
                    break
    return "\n".join(received)


__all__ = ["INSIDE", "STAFF", "Planted", "Post", "everything", "pages", "plant"]
