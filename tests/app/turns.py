"""How people lose and gain, and what is done afterwards in the places they left or came into."""

from typing import Any

from intranet.channels.writes import Add, Archive, Leave, Remove, SetRole, Unarchive
from intranet.chat.writes import Edit, Pin, Post, React, Schedule, TopicClose, TopicMerge, TopicMove, TopicRename
from intranet.feed.comments import Close as CloseComments
from intranet.feed.likes import React as Like
from intranet.feed.states import Answer
from intranet.feed.writes import Allow, Move
from intranet.feed.writes import Pin as PinPost
from intranet.files import NewTile
from intranet.files.actions import Drop
from intranet.kernel import SYSTEM, clock, new_id
from intranet.people.writes import Admit, TeamMake, TeamMembers
from tests import cast
from tests.app import posts
from tests.app.secrets import Planted
from tests.app.standing import INSIDE, STAFF


async def before(planted: Planted) -> None:
    """What somebody plans while they may, and what changes its audience later."""
    company, place = planted.company, planted.names["private"]
    for actor in ("removed", "left"):
        with planted.area("private"):
            plan = Schedule(
                id=new_id(), place=place, text=planted.word("plannedin", actor, own=True), at=clock.now() + clock.HOUR
            )
        await company.house.perform(company.who[actor], plan)
    with planted.area("circle"):
        moved = planted.word("movedin", *INSIDE, was=STAFF)
        planted.names["post_moved"] = await posts.publish(company, company.author, "all", title=moved)


async def turn(planted: Planted) -> None:
    """Everybody turned loses or gains what `standing` says."""
    company, house, author = planted.company, planted.company.house, planted.company.author
    who, owner, private = company.who, company.who["owner"], planted.names["private"]
    await house.perform(author, Remove(id=new_id(), place=private, person=who["removed"].id))
    await house.perform(who["left"], Leave(id=new_id(), place=private))
    other = await house.perform(SYSTEM, TeamMake(id=new_id(), name="Die Anderen"))
    await house.perform(owner, TeamMembers(id=new_id(), team=other.place, add=[who["unteamed"].id]))
    gone = TeamMembers(id=new_id(), team=company.channels["team"], remove=[who["unteamed"].id])
    await house.perform(owner, gone)
    for kind in ("private", "public", "joining"):
        lower = SetRole(id=new_id(), place=planted.names[kind], person=who["demoted"].id, role="member")
        await house.perform(author, lower)
    await house.perform(owner, Admit(id=new_id(), person=who["dismissed"].id, role="member"))
    for kind in ("public", "joining"):
        await house.perform(author, Add(id=new_id(), place=planted.names[kind], people=[who["later"].id]))
    lines: list[Any] = [await posts.circle(company)]
    await house.perform(author, Move(id=new_id(), post=planted.names["post_moved"], lines=lines))
    planted.turned = True


async def after(planted: Planted) -> None:
    """New words everywhere, and old things touched: none of it is for who is out, none of the old for who came."""
    for kind in ("private", "public", "joining"):
        await _talk(planted, kind)
    await _files(planted)
    with planted.area("circle"):
        await _feed(planted)


async def _talk(planted: Planted, kind: str) -> None:
    """In one channel: what is new, and everything that can be done to what is old."""
    house, author, names = planted.company.house, planted.company.author, planted.names
    place, old, aside = names[kind], names[f"{kind}_touched"], names[f"{kind}_aside"]
    with planted.area("joined" if kind == "joining" else kind):
        new = await cast.say(house, author, place, planted.word(f"new{kind}", *INSIDE), reply_to=old)
    with planted.area(kind):
        edited = planted.word(f"afterwards{kind}", *INSIDE)
        writes: list[Any] = [
            Edit(id=new_id(), place=place, message=old, text=edited),
            React(id=new_id(), place=place, message=old, emoji="🐢"),
            Pin(id=new_id(), place=place, message=old),
            TopicRename(id=new_id(), place=place, topic=aside, name=planted.word(f"renamed{kind}", *INSIDE)),
            TopicClose(id=new_id(), place=place, topic=aside, closed=False),
        ]
        for write in writes:
            await house.perform(author, write)
        if kind == "joining":  # who came reads a topic's name as soon as something new is moved there
            return
        other = await cast.say(house, author, place, "beiseite", topic_name=f"Beiseite {kind}")
        here = {"place": place, "topic": other.extra["topic"]}
        await house.perform(author, TopicMove(id=new_id(), messages=[new.seq], **here))
        await house.perform(author, TopicMerge(id=new_id(), into=aside, **here))
    for archived in (Archive, Unarchive):
        await house.perform(author, archived(id=new_id(), place=place))


async def _files(planted: Planted) -> None:
    """A tile that is taken away again."""
    house, author, place = planted.company.house, planted.company.author, planted.names["private"]
    with planted.area("private"):
        tile = NewTile(id=new_id(), name=planted.word("tile", was=INSIDE), size=7, kind="file")
    said = await house.perform(author, Post(id=new_id(), place=place, text="gleich", files=[tile]))
    await house.perform(author, Drop(id=new_id(), place=place, message=said.seq, tile=tile.id))


async def _feed(planted: Planted) -> None:
    """In the team's audience."""
    company, house, author = planted.company, planted.company.house, planted.company.author
    post = planted.names["post"]
    await house.perform(company.who["owner"], Allow(id=new_id(), person=author.id))
    comment = await posts.say(company, author, post, planted.word("latecomment", *INSIDE))
    await posts.say(company, author, planted.names["post_moved"], planted.word("movedcomment", *INSIDE))
    asked = await posts.publish(
        company, author, "team", kind="question", title=planted.word("latepost", *INSIDE), text="@Unteamed Muster"
    )
    answer = await posts.say(company, author, asked, planted.word("lateanswer", *INSIDE))
    lapsed = await posts.publish(
        company, author, "team", kind="idea", title=planted.word("lapsed", was=INSIDE), expires=clock.now() + clock.HOUR
    )
    writes: list[Any] = [
        Like(id=new_id(), post=post),
        Like(id=new_id(), comment=comment),
        Answer(id=new_id(), post=asked, comment=answer),
        PinPost(id=new_id(), post=asked, days=2),
        CloseComments(id=new_id(), post=asked),
    ]
    for write in writes:
        await house.perform(author, write)
    planted.names |= {"post_late": asked, "post_lapsed": lapsed}


ADDRESSES = (
    "/posts/{post_late}", "/posts/{post_late}/card", "/posts/{post_lapsed}", "/posts/{post_moved}",
    "/posts/{post_moved}/card", "/posts/{post_moved}/earlier", "/posts/{post_moved}?comment=1",
)  # fmt: skip
