"""Secrets planted in everything that not everybody may read, each with who may, and what is found of them in bytes."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from intranet.channels.writes import Change
from intranet.chat.writes import Delete, Edit, Pin, React, SaveDraft, Schedule, TopicClose
from intranet.kernel import clock, new_id
from intranet.people.writes import Invite, MakeToken, Profile
from intranet.polls.writes import Cast, Open
from tests import cast
from tests.app import addresses, customers, moderation, polls_planted, posts, posts_planted
from tests.app.company import Company
from tests.app.standing import AFTER, BEFORE, INSIDE, NOBODY, STAFF, like
from tests.files.making import encoded

WORD = re.compile(rb"zwk[0-9a-f]{6}")
# What nobody gets: another's session, a program's token, a password's hash.
NEVER = (re.compile(rb"session-\d+-of-\d+"), re.compile(rb"binnen_[\w-]{20,}"), re.compile(rb"\$argon2"))


@dataclass(frozen=True)
class Word:
    """`may` are the actors who may read it, and who is like them unless it is somebody's `own`; `was` those who might
    while it stood there."""

    text: str
    may: frozenset[str]
    was: frozenset[str]
    area: str
    own: bool


@dataclass
class Planted:
    """The words by their first nine letters, which no excerpt cuts, and the names that addresses are made of."""

    company: Company
    words: dict[bytes, Word] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    instead: dict[str, dict[str, Any]] = field(default_factory=dict)  # names as one actor uses them
    links: list[bytes] = field(default_factory=list)
    blobs: dict[bytes, Word] = field(
        default_factory=dict
    )  # pictures have no words: what they are made of, and for whom
    turned: bool = False
    _area: str = ""

    @contextmanager
    def area(self, name: str) -> Iterator[None]:
        """What is planted here belongs to this area."""
        before, self._area = self._area, name
        yield
        self._area = before

    def word(self, what: str, *may: str, was: frozenset[str] = NOBODY, own: bool = False) -> str:
        """A word that occurs nowhere else."""
        text = f"zwk{new_id()[:6]}{what}"
        self.words[text[:9].encode()] = Word(text, frozenset(may), frozenset(may) | was, self._area, own)
        return text

    def named(self, *beginnings: str) -> list[str]:
        """The words for what begins like this."""
        return [word.text for word in self.words.values() if word.text[9:].startswith(beginnings)]

    def may(self, actor: str, word: Word, *, live: bool = False) -> bool:
        """Whether this actor may have it, as things stand; `live`: might at any time."""
        allowed = word.was if live else word.may
        if actor in allowed or word.own:
            return actor in allowed
        return like(AFTER if self.turned else BEFORE, actor, word.area) in allowed

    def leaks(self, actor: str, received: bytes | str, *, live: bool = False) -> list[str]:
        """Words that this actor has received and may not."""
        data = received.encode() if isinstance(received, str) else received
        found = [self.words[one] for one in found_in(data) if one in self.words]
        found += [word for blob, word in self.blobs.items() if blob in data]
        wrong = [word.text for word in found if not self.may(actor, word, live=live)]
        wrong += [one.decode() for pattern in NEVER for one in pattern.findall(data)]
        return wrong + [link.decode() for link in self.links if link in data]

    def unseen(self, actor: str, seen: set[bytes], *areas: str) -> list[str]:
        """Words (of these areas) that this actor may read and has not received: then the rig is blind there."""
        return [
            word.text for key, word in self.words.items()
            if key not in seen and self.may(actor, word) and (not areas or word.area in areas)
        ]  # fmt: skip


def found_in(data: bytes | str) -> set[bytes]:
    """The beginnings of all planted words in these bytes."""
    return set(WORD.findall((data.encode() if isinstance(data, str) else data).lower()))


def unpacked(content: bytes) -> bytes:
    """A table as XLSX is an archive: its parts, one after another."""
    if not content.startswith(b"PK\x03\x04"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


async def plant(company: Company) -> Planted:
    """Channels of each kind, and what people keep for themselves."""
    planted = Planted(company)
    planted.names |= await addresses.of(company)
    for kind in ("private", "public", "direct", "joining"):
        with planted.area(kind):
            await _channel(planted, kind)
    with planted.area("private"):
        await moderation.plant(planted)
        await polls_planted.plant(planted)
        await _photo(planted)
    with planted.area("circle"):
        await posts.plant(planted)
        await posts_planted.plant(planted)
    await customers.plant(planted)
    await _own(planted)
    await _office(planted)
    here = {name: planted.names[name.replace("private", "joining")] for name in planted.names
            if name.replace("private", "joining") in planted.names}  # fmt: skip
    planted.instead["later"] = here
    return planted


async def _channel(planted: Planted, kind: str) -> None:
    company, house, author = planted.company, planted.company.house, planted.company.author
    knows = STAFF if kind == "public" else INSIDE | {"administrator", "owner"}  # names are administrators' to manage
    history = "joining" if kind == "joining" else "all"
    sort = "private" if kind == "joining" else kind
    with planted.area("joined" if kind == "joining" else kind):  # who came later reads what the channel is about
        name = planted.word(f"name{kind}", *knows) if kind != "direct" else ""
        about = planted.word(f"about{kind}", *knows) if kind != "direct" else ""
    place = await company.channel(sort, name, history=history)
    if kind != "direct":
        await house.perform(author, Change(id=new_id(), place=place, description=about))

    def inside(what: str) -> str:
        return planted.word(what + kind, *INSIDE)

    said = await cast.say(house, author, place, inside("said"), topic_name=inside("topic"))
    here: dict[str, Any] = {"place": place, "message": said.seq}
    await house.perform(author, React(id=new_id(), emoji="🦜", **here))
    await house.perform(author, Pin(id=new_id(), **here))
    await cast.say(house, author, place, inside("reply"), reply_to=said.seq)
    may = {"moderator"} if kind != "direct" else set()
    edited = await cast.say(house, author, place, planted.word(f"earlier{kind}", *may, was=INSIDE))
    await house.perform(author, Edit(id=new_id(), place=place, message=edited.seq, text=inside("edited")))
    gone = await cast.say(house, author, place, planted.word(f"gone{kind}", was=INSIDE))
    await house.perform(author, Delete(id=new_id(), place=place, message=gone.seq))
    result = TopicClose(id=new_id(), place=place, topic=said.extra["topic"], result=inside("result"))
    await house.perform(author, result)
    poll = await house.perform(author, Open(
        id=new_id(), place=place, question=inside("question"), options=[inside("option"), inside("other")],
        results="live",
    ))  # fmt: skip
    await house.perform(author, Cast(id=new_id(), place=place, poll=poll.extra["poll"], yes=[1]))
    planted.names[f"{kind}_poll"] = poll.extra["poll"]
    _seq, _tile, file = await company.file(place, inside("bytes").encode(), f"{inside('file')}.txt")
    touched = await cast.say(house, author, place, "Nebenher")
    aside = await cast.say(house, author, place, "Am Rande", topic_name=f"Nebenher {kind}")
    closed = TopicClose(id=new_id(), place=place, topic=aside.extra["topic"], result="Später")
    await house.perform(author, closed)
    planted.names |= {
        f"{kind}_touched": touched.seq, f"{kind}_aside": aside.extra["topic"],
        kind: place, f"{kind}_seq": said.seq, f"{kind}_topic": said.extra["topic"], f"{kind}_file": file,
        f"{kind}_edited": edited.seq, f"{kind}_gone": gone.seq,
    }  # fmt: skip


async def _photo(planted: Planted) -> None:
    """A picture, with what the press makes of it."""
    company, place = planted.company, planted.names["private"]
    content = encoded(Image.effect_noise((64, 48), 90), "JPEG")
    _seq, _tile, file = await company.file(place, content, f"{planted.word('photo', *INSIDE)}.jpg", "photo")
    await polls_planted.work(company)
    planted.names["private_photo"] = file
    async with company.browser("author") as client:
        for variant in ("original", "preview", "thumb"):
            picture = await client.get(f"/files/{file}/{variant}/x")
            assert picture.status_code == 200, variant
            planted.blobs[picture.content] = Word(f"the {variant} of a photo", INSIDE, INSIDE, "private", own=False)


async def _own(planted: Planted) -> None:
    """What the member keeps."""
    company, member = planted.company, planted.company.who["member"]
    place, at = planted.names["private"], clock.now() + clock.DAY

    def own(what: str) -> str:
        return planted.word(what, "member", own=True)

    await company.house.perform(member, SaveDraft(id=new_id(), place=place, text=own("draft")))
    later = await company.house.perform(member, Schedule(id=new_id(), place=place, text=own("planned"), at=at))
    planted.names["scheduled"] = later.extra["scheduled"]
    await company.house.perform(member, MakeToken(id=new_id(), name=own("label")))
    await company.house.perform(member, Profile(id=new_id(), title=planted.word("title", *STAFF)))


async def _office(planted: Planted) -> None:
    """What administrators do."""
    company = planted.company
    mail = f"{planted.word('mail', 'administrator', 'owner')}@quellmoor.example"
    answer = await company.house.perform(company.who["owner"], Invite(id=new_id(), email=mail))
    planted.links.append(str(answer.extra["link"]).rpartition("/")[2].encode())  # only in the answer to who made it
    planted.names["invitation"] = 1


__all__ = ["Planted", "Word", "found_in", "plant", "unpacked"]
