"""P6: nothing of a place reaches anyone who may not read it. Every byte that every actor receives is searched."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import websockets
from sqlalchemy import select
from starlette.applications import Starlette

from intranet.channels.writes import Add, Leave, Remove, SetRole
from intranet.chat.writes import Edit, Pin, React
from intranet.feed.likes import React as Like
from intranet.kernel import new_id
from intranet.people import PersonRow
from intranet.people.writes import Admit, Deactivate, TeamMembers
from tests import cast
from tests.app import posts
from tests.app.company import ACTORS, SHUT_OUT, Company, found
from tests.app.secrets import INSIDE, Planted, everything, plant
from tests.cast import Ear
from tests.served import Served


@pytest.fixture
async def planted(app: Starlette) -> Planted:
    return await plant(await found(app))


@pytest.mark.parametrize("some", [(*ACTORS[:4], *SHUT_OUT), ACTORS[4:]], ids=["below", "above"])
async def test_every_page_for_every_actor(planted: Planted, some: tuple[str, ...]) -> None:
    await planted.company.shut_out()
    received = dict(zip(some, await asyncio.gather(*(everything(planted, one) for one in some)), strict=True))
    for actor, all_bytes in received.items():
        assert planted.leaks(actor, all_bytes) == [], actor
        assert planted.unseen(actor, all_bytes) == [], actor
    if "guest" in some:
        await knows_no_strangers(planted, received["guest"])
    for actor in {"none", *SHUT_OUT} & set(some):
        assert "@quellmoor" not in received[actor]


async def knows_no_strangers(planted: Planted, received: str) -> None:
    """A guest learns of nobody they share no channel with, and of no address."""
    for name in ("outsider", "member", "editor", "administrator"):
        assert f"{name.capitalize()} Muster" not in received, "they share no channel"
    assert "Autor Adler" in received, "who is in a channel with the guest"
    own = re.sub(r"@.*", "", await _address(planted, "guest"))
    assert set(re.findall(r"(\w+)@quellmoor", received)) <= {own}, "a guest learns no address"


async def one_page(planted: Planted, actor: str, place: int) -> str:
    """A conversation as somebody sees it who may: what the others must not receive is there."""
    async with planted.company.browser(actor) as client:
        return (await client.get(f"/c/{place}")).text


async def _address(planted: Planted, actor: str) -> str:
    own = select(PersonRow.email).where(PersonRow.id == planted.company.who[actor].id)
    return str(await planted.company.house.read(lambda conn: conn.execute(own).scalar_one()))


# -- live


@asynccontextmanager
async def ears(company: Company, served: Served, *actors: str) -> AsyncIterator[dict[str, tuple[Ear, Ear, int]]]:
    """The two sockets of these or all, in both dialects, and a channel of their own as a fence."""
    async with AsyncExitStack() as stack:
        heard = {}
        for actor in actors or company.who:
            one = company.who[actor]
            fence = await cast.channel(company.house, company.author, f"Zaun {actor}", kind="private", members=[one])
            opened = [
                await stack.enter_async_context(cast.listen(served, one, dialect=dialect))
                for dialect in ("html", "json")
            ]
            heard[actor] = (opened[0], opened[1], fence)
        yield heard


async def test_every_frame_for_every_actor(served: Served) -> None:
    company = await found(served.app)
    async with ears(company, served) as heard:
        planted = await plant(company)
        for word in planted.may:
            if word.startswith(("zwkearlier", "zwkgone", "zwkhidden")):  # heard while it stood there
                planted.may[word] = INSIDE
        for actor in ACTORS[1:]:
            *sockets, fence = heard[actor]
            for ear in sockets:
                await ear.all_until(served.house, fence)
                assert planted.leaks(actor, ear.bytes_heard) == [], actor
        said = [word for word in planted.may if word.startswith("zwksaid")]
        said += [word for word in planted.may if word.startswith(("zwkposttitle", "zwkpostcomment", "zwkpostpoll"))]
        for ear in heard["member"][:2]:
            assert [word for word in said if word not in ear.bytes_heard] == [], "the rig hears"
        for kind in ("private", "public", "direct", "circle"):
            place = planted.names[kind]
            for actor in set(ACTORS[1:]) - INSIDE:
                assert f'"place":{place},' not in heard[actor][0].bytes_heard + heard[actor][1].bytes_heard


@pytest.mark.parametrize("how", ["removed", "left"])
async def test_who_is_out_receives_nothing_more(served: Served, how: str) -> None:
    company = await found(served.app)
    planted = await plant(company)
    member, place = company.who["member"], planted.names["private"]
    async with ears(company, served, "member") as heard:
        html, json, fence = heard["member"]
        if how == "left":
            await company.house.perform(member, Leave(id=new_id(), place=place))
        else:
            await company.house.perform(company.author, Remove(id=new_id(), place=place, person=member.id))
        for ear in (html, json):
            await ear.until("left", place=place)
            ear.bytes_heard = ""
        late = planted.word("late", "moderator")
        said = await cast.say(company.house, company.author, place, late)
        await company.house.perform(company.author, Edit(id=new_id(), place=place, message=said.seq, text=late + "!"))
        await company.house.perform(company.author, React(id=new_id(), place=place, message=said.seq, emoji="🦜"))
        for ear in (html, json):
            await ear.all_until(company.house, fence)
            assert late not in ear.bytes_heard
            assert f'"place":{place},' not in ear.bytes_heard
        planted.may = {word: may - {"member"} if "private" in word else may for word, may in planted.may.items()}
        received = await everything(planted, "member")
        assert planted.leaks("member", received) == []
        assert late in await one_page(planted, "moderator", place)


async def test_who_leaves_an_audience_receives_nothing_more_of_its_posts(served: Served) -> None:
    company = await found(served.app)
    planted = await plant(company)
    member, house, author = company.who["member"], company.house, company.author
    place, post = planted.names["circle"], planted.names["post"]
    async with ears(company, served, "member") as heard:
        html, json, fence = heard["member"]
        out = TeamMembers(id=new_id(), team=company.channels["team"], remove=[member.id])
        await house.perform(company.who["owner"], out)
        for ear in (html, json):
            await ear.until("left", place=place)
            ear.bytes_heard = ""
        late = planted.word("late", "moderator")
        await posts.say(company, author, post, late, reply_to=planted.names["comment"])
        await posts.publish(company, author, "team", title=late, text="@Member Muster")
        await house.perform(author, Like(id=new_id(), post=post))
        for ear in (html, json):
            await ear.all_until(house, fence)
            assert late not in ear.bytes_heard
            assert f'"place":{place},' not in ear.bytes_heard
        mine = ("zwkpostdraft", "zwkpostplanned", "zwkpostpast", "zwkcommentpast")  # what they wrote themselves
        posted = [w for w in planted.may if w.startswith(("zwkpost", "zwkcomment", "zwkhidden")) and w[:-6] not in mine]
        planted.may |= {word: planted.may[word] - {"member"} for word in posted}
        received = await everything(planted, "member")
        assert planted.leaks("member", received) == []
        assert planted.unseen("member", received) == []
        for word in (word for word in posted if planted.may[word] >= {"moderator"}):
            found_there = await hits(planted, "member", word)
            assert found_there == [], word
        assert await hits(planted, "moderator", late)


async def hits(planted: Planted, actor: str, word: str) -> list[str]:
    """Where the search leads this actor for a word."""
    async with planted.company.browser(actor) as client:
        answer = await client.get("/search", params={"q": word}, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        return re.findall(r'class="hit" href="([^"]+)"', answer.text)


async def test_the_search_leads_nobody_where_they_may_not_read(planted: Planted) -> None:
    kinds = (
        "saidprivate replypublic saiddirect editedprivate posttitle posttext postnltext postcomment postreply postpoll"
    )
    kinds += " posttogether number customer hiddenpost gonepost earlierpost postdraft planned reason commentpast"
    words = [next(word for word in planted.may if word.startswith(f"zwk{kind}")) for kind in kinds.split()]
    blind = set(words)
    for actor in ("guest", "outsider", "member", "administrator"):
        for word in words:
            if found_there := await hits(planted, actor, word):
                assert actor in planted.may[word], (word, actor, found_there)
                blind.discard(word)
    unfound = ("hiddenpost", "gonepost", "earlierpost", "postdraft", "planned", "reason", "commentpast")
    assert sorted(word[3:-6] for word in blind) == sorted(unfound), "only what is not to be searched is found by nobody"


async def test_who_is_deactivated_is_cut_off_at_once(served: Served) -> None:
    company = await found(served.app)
    planted = await plant(company)
    async with ears(company, served, "member") as heard:
        html, json, _fence = heard["member"]
        await company.house.perform(company.who["owner"], Deactivate(id=new_id(), person=company.who["member"].id))
        for ear in (html, json):
            with pytest.raises(websockets.ConnectionClosed):
                await ear.until("never")
            assert ear.socket.close_code == 4403
        planted.may = dict.fromkeys(planted.may, frozenset())
        received = await everything(planted, "member")
        assert planted.leaks("member", received) == []


async def test_who_loses_a_role_loses_what_came_with_it(planted: Planted) -> None:
    company, all_of_it = planted.company, dict(planted.may)
    for kind in ("private", "public"):
        step = SetRole(id=new_id(), place=planted.names[kind], person=company.who["moderator"].id, role="member")
        await company.house.perform(company.author, step)
    planted.may = {word: may - {"moderator"} if "earlier" in word else may for word, may in all_of_it.items()}
    assert planted.leaks("moderator", await everything(planted, "moderator")) == [], "earlier texts"
    demote = Admit(id=new_id(), person=company.who["administrator"].id, role="member")
    await company.house.perform(company.who["owner"], demote)
    planted.may = {word: may if may >= {"outsider"} else may - {"administrator"} for word, may in all_of_it.items()}
    assert planted.leaks("administrator", await everything(planted, "administrator")) == [], "what administrators do"


async def test_who_joins_later_reads_the_past_only_where_it_is_for_all(served: Served) -> None:
    company = await found(served.app)
    planted = await plant(company)
    outsider, author, house = company.who["outsider"], company.author, company.house
    planted.names["private"] = place = await company.channel("private", history="joining")
    old, topic = planted.word("old", *INSIDE), planted.word("oldtopic", *INSIDE)
    said = await cast.say(house, author, place, old, topic_name=topic)
    quoted = await cast.say(house, author, place, planted.word("oldquote", *INSIDE))
    _seq, _tile, file = await company.file(place, planted.word("oldbytes", *INSIDE).encode(), "alt.txt")
    planted.names |= {
        "private_seq": said.seq, "private_topic": said.extra["topic"], "private_edited": said.seq,
        "private_gone": said.seq, "private_file": file,
    }  # fmt: skip
    async with ears(company, served, "outsider") as heard:
        html, json, fence = heard["outsider"]
        for where in (place, planted.names["public"]):
            await house.perform(author, Add(id=new_id(), place=where, people=[outsider.id]))
        await house.perform(author, React(id=new_id(), place=place, message=said.seq, emoji="🦜"))
        await house.perform(author, Pin(id=new_id(), place=place, message=said.seq))
        new = planted.word("new", *INSIDE, "outsider")
        await cast.say(house, author, place, new, reply_to=quoted.seq)
        for ear in (html, json):
            await ear.all_until(house, fence)
            assert planted.leaks("outsider", ear.bytes_heard) == []
            assert new in ear.bytes_heard
        public = {word for word, may in planted.may.items() if "public" in word and "member" in may}
        planted.may = {word: may | {"outsider"} if word in public else may for word, may in planted.may.items()}
        received = await everything(planted, "outsider")
        assert planted.leaks("outsider", received) == []
        assert planted.unseen("outsider", received) == []
        assert old in await one_page(planted, "member", place)
