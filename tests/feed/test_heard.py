"""Who hears what over a real socket: the audience, its author outside in their own place, and nobody else at all."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from intranet.audiences import Line
from intranet.feed import moderated, set_card
from intranet.feed import writes as w
from intranet.files import NewTile
from intranet.files.actions import Drop
from intranet.kernel import Write, clock, new_id
from intranet.people.writes import Admit
from tests import cast
from tests.feed.conftest import FIELD, Town, make_town
from tests.served import Served

CANARY = "Zwölfkantschlüssel"
SITE = Line("", 0, "Auenried")


@pytest.fixture
async def live(served: Served) -> Town:
    return await make_town(served.house)


@asynccontextmanager
async def ears(served: Served, town: Town) -> AsyncIterator[dict[str, tuple[cast.Ear, int]]]:
    """Everybody's socket, Mehmet's in json, each with a channel of their own as a fence."""
    async with AsyncExitStack() as stack:
        found = {}
        builder = await cast.person(town.house, "Zacharias Zaun")
        for who in town.all:
            fence = await cast.channel(town.house, builder, f"Zaun {who.id}", kind="private", members=[who])
            dialect = "json" if who is town.mehmet else "html"
            ear = await stack.enter_async_context(cast.listen(served, who, dialect=dialect))
            found[who.name.split()[0]] = (ear, fence)
        yield found


async def heard(served: Served, ear: cast.Ear, fence: int) -> tuple[list[Any], list[str]]:
    """The things and the own keys that were heard up to here."""
    messages = await ear.all_until(served.house, fence)
    things = [thing for message in messages if message["t"] == "frame" for thing in message["things"]]
    keys = [key for message in messages if message["t"] == "mine" for key in message["mine"]]
    return things, keys


async def test_the_audience_hears_every_verb_and_nobody_else_any(live: Town, served: Served) -> None:
    tile = NewTile(id=new_id(), name="a.txt", size=3)
    post = await live.publish(live.carola, CANARY, text=CANARY, lines=[FIELD], files=[tile], kind="news")

    def by_author(write: Write) -> Any:
        return lambda: live.house.perform(live.carola, write)

    acts: list[tuple[str, Any]] = [
        ("edit", by_author(w.Edit(id=new_id(), post=post, base=1, title=f"{CANARY} neu"))),
        ("pin", by_author(w.Pin(id=new_id(), post=post, days=2))),
        ("unpin", by_author(w.Pin(id=new_id(), post=post))),
        ("drop", by_author(Drop(id=new_id(), thing="post", message=post, tile=tile.id))),
        ("card", lambda: live.moderate(lambda tx: set_card(tx, live.carola, post, "", asks=True))),
        ("hide", lambda: live.moderate(lambda tx: moderated.hide(tx, post, "Ton", live.carola.id))),
        ("restore", lambda: live.moderate(lambda tx: moderated.restore(tx, post, live.carola.id))),
        ("remove", by_author(w.Remove(id=new_id(), post=post))),
    ]
    async with ears(served, live) as town:
        for ear, _fence in town.values():
            ear.bytes_heard = ""
        revs = []
        for name, act in acts:
            await act()
            things, _keys = await heard(served, *town["Jana"])
            assert [thing["id"] for thing in things] == [f"post-{post}"], name
            assert (CANARY in things[0]["html"]) == (name not in ("hide", "remove")), name
            revs.append(things[0]["rev"])
            [data], _keys = await heard(served, *town["Mehmet"])
            assert (CANARY in str(data["data"])) == (name not in ("hide", "remove")), name
            assert (await heard(served, *town["Carola"]))[1] == [f"post/{post}"], name
        assert revs == sorted(set(revs)), "each is newer than the one before"
        for name in ("Silke", "Gert"):
            assert await heard(served, *town[name]) == ([], [])
        for name in ("Silke", "Gert", "Carola"):
            assert CANARY not in town[name][0].bytes_heard, name


async def test_a_new_post_and_what_is_one_s_own(live: Town, served: Served) -> None:
    async with ears(served, live) as town:
        post = await live.publish(live.silke, CANARY, lines=[FIELD])
        assert [one["id"] for one in (await heard(served, *town["Jana"]))[0]] == [f"post-{post}"]
        assert await heard(served, *town["Silke"]) == ([], [f"post/{post}", f"follow/post-{post}"])
        key = new_id()
        own: list[Write] = [
            w.SaveDraft(id=new_id(), draft=key, kind="idea", title=CANARY),
            w.Publish(id=new_id(), draft=key, kind="idea", title=CANARY, at=clock.now() + clock.DAY),
            w.Unschedule(id=new_id(), draft=key),
            w.Discard(id=new_id(), draft=key),
        ]
        for write in own:
            await live.house.perform(live.silke, write)
            assert await heard(served, *town["Silke"]) == ([], [f"post-draft/{key}"])
        for name in ("Carola", "Gert"):
            assert await heard(served, *town[name]) == ([], [])
            assert CANARY not in town[name][0].bytes_heard


async def test_who_is_no_longer_addressed_hears_the_farewell_alone(live: Town, served: Served) -> None:
    post = await live.publish(live.carola, CANARY, lines=[FIELD])
    await live.house.perform(live.silke, w.Publish(id=new_id(), kind="idea", title="Auenried", lines=[SITE]))
    office = await cast.person(live.house, "Olga Brink", site="Auenried")
    owner = await cast.person(live.house, "Olaf Inhaber", role="owner")
    live = Town(live.house, live.carola, live.jana, live.mehmet, office, live.gert)
    async with ears(served, live) as town:
        await live.house.perform(live.carola, w.Move(id=new_id(), post=post, lines=[SITE]))
        farewell, there = sorted((await heard(served, *town["Jana"]))[0], key=lambda one: one["rev"])
        assert (farewell["kind"], CANARY in farewell["html"]) == ("feed.withdrawn", False)
        assert 'data-in=""' in farewell["html"]
        assert (there["rev"], CANARY in there["html"]) == (farewell["rev"] + 1, True)
        assert [CANARY in one["html"] for one in (await heard(served, *town["Olga"]))[0]] == [True]
        assert await heard(served, *town["Carola"]) == ([], [f"post/{post}"])
        await heard(served, *town["Mehmet"])
        await live.house.perform(live.carola, w.Move(id=new_id(), post=post, lines=[Line("office")]))
        for name in ("Jana", "Mehmet"):
            town[name][0].bytes_heard = ""
            assert len((await heard(served, *town[name]))[0]) == 1
            assert CANARY not in town[name][0].bytes_heard
        admit = Admit(id=new_id(), person=office.id, role="guest")
        await live.house.perform(owner, admit)
        ear, fence = town["Olga"]
        await ear.all_until(served.house, fence)
        ear.bytes_heard = ""
        row = await live.row(post)
        await live.house.perform(live.carola, w.Edit(id=new_id(), post=post, base=row.version, title=f"{CANARY}!"))
        await ear.all_until(served.house, fence)
        assert CANARY not in ear.bytes_heard, "guests are in no audience"
