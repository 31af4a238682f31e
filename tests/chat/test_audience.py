"""Who hears what over a real socket: members do, in both dialects; outsiders and guests hear nothing at all."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from intranet.chat import writes as w
from intranet.kernel import Write, clock, new_id
from tests import cast
from tests.chat.conftest import Scene, make_scene
from tests.served import Served

CANARY = "Zwölfkantschlüssel"


@pytest.fixture
async def town(served: Served) -> Scene:
    return await make_scene(served.house)


@asynccontextmanager
async def ears(served: Served, town: Scene) -> AsyncIterator[tuple[cast.Ear, cast.Ear, cast.Ear, cast.Ear]]:
    """Jana in German html, Mehmet in json; Olga and Gert, who are there and hear their own channel."""
    async with AsyncExitStack() as stack:
        jana = await stack.enter_async_context(cast.listen(served, town.jana, town.place))
        mehmet = await stack.enter_async_context(cast.listen(served, town.mehmet, town.place, "json"))
        olga = await stack.enter_async_context(cast.listen(served, town.olga, town.other))
        gert = await stack.enter_async_context(cast.listen(served, town.gert, town.other))
        yield jana, mehmet, olga, gert


async def _hears(ear: cast.Ear, place: int, seq: int) -> list[dict[str, Any]]:
    """The things of the place's frames up to this event."""
    frames: list[dict[str, Any]] = []
    while not frames or frames[-1]["to"] < seq:
        frames.append(await ear.until("frame", place=place))
    return [thing for frame in frames for thing in frame["things"]]


CASES = [
    ("post", lambda s, m, t: w.Post(id=new_id(), place=s.place, text=CANARY), "m"),
    ("edit", lambda s, m, t: w.Edit(id=new_id(), place=s.place, message=m, text=f"{CANARY} neu"), "m"),
    ("react", lambda s, m, t: w.React(id=new_id(), place=s.place, message=m, emoji="👍"), "m"),
    ("no longer react", lambda s, m, t: w.React(id=new_id(), place=s.place, message=m, emoji="👍", on=False), "m"),
    ("pin", lambda s, m, t: w.Pin(id=new_id(), place=s.place, message=m), "m"),
    ("rename", lambda s, m, t: w.TopicRename(id=new_id(), place=s.place, topic=t, name="Neu"), "t"),
    ("close", lambda s, m, t: w.TopicClose(id=new_id(), place=s.place, topic=t, result="gut"), "t"),
    ("open again", lambda s, m, t: w.TopicClose(id=new_id(), place=s.place, topic=t, closed=False), "t"),
    ("move", lambda s, m, t: w.TopicMove(id=new_id(), place=s.place, messages=[m], topic=0), "m"),
    ("name", lambda s, m, t: w.TopicMove(id=new_id(), place=s.place, messages=[m], topic_name="Ganz neu"), "t"),
    ("delete", lambda s, m, t: w.Delete(id=new_id(), place=s.place, message=m), "m"),
]  # fmt: skip


async def test_members_hear_every_verb_and_nobody_else_any(town: Scene, served: Served) -> None:
    said = await cast.say(served.house, town.jana, town.place, CANARY, topic_name="Dichtung")
    async with ears(served, town) as (jana, mehmet, olga, gert):
        for name, make, kind in CASES:
            write: Write = make(town, said.seq, said.extra["topic"])
            answer = await served.house.perform(town.jana, write)
            for ear, form in ((jana, "html"), (mehmet, "data")):
                things = await _hears(ear, town.place, answer.seq)
                assert any(thing["id"].startswith(f"{kind}-{town.place}-") and thing[form] for thing in things), name
        for ear in (olga, gert):
            assert await ear.all_until(served.house, town.other) == []
            assert CANARY not in ear.bytes_heard
            assert f'"place":{town.place},' not in ear.bytes_heard


async def test_merging_takes_the_topic_out_of_every_list(town: Scene, served: Served) -> None:
    one = (await cast.say(served.house, town.jana, town.place, "a", topic_name="A")).extra["topic"]
    two = (await cast.say(served.house, town.jana, town.place, "b", topic_name="B")).extra["topic"]
    async with ears(served, town) as (jana, mehmet, olga, _gert):
        answer = await served.house.perform(town.jana, w.TopicMerge(id=new_id(), place=town.place, topic=one, into=two))
        things = {thing["id"]: thing for thing in await _hears(jana, town.place, answer.seq)}
        assert 'data-in=""' in things[f"t-{town.place}-{one}"]["html"]
        things = {thing["id"]: thing for thing in await _hears(mehmet, town.place, answer.seq)}
        assert things[f"t-{town.place}-{one}"]["data"] == {"kind": "topic", "id": one, "merged_into": two}
        moved = [thing["data"] for thing in things.values() if thing["data"]["kind"] == "message"]
        assert [(data["text"], data["topic"]) for data in moved] == [("a", two)]
        assert await olga.all_until(served.house, town.other) == []


async def test_one_s_own_reaches_one_s_own_devices_only(town: Scene, served: Served) -> None:
    house = served.house
    where: dict[str, Any] = {"place": town.place}
    said = await cast.say(house, town.jana, town.place, "hallo")
    fence = await cast.channel(house, town.jana, "Zaun")
    own: list[tuple[Write, str]] = [
        (w.Read(id=new_id(), seq=said.seq, **where), f"read/{town.place}/0"),
        (w.Read(id=new_id(), seq=0, replaces=said.seq, **where), f"read/{town.place}/0"),
        (w.ReadAll(id=new_id(), seq=said.seq, **where), f"read/{town.place}/0"),
        (w.SaveDraft(id=new_id(), text=CANARY, **where), f"draft/{town.place}/0"),
        (w.Schedule(id=new_id(), text=CANARY, at=clock.now() + clock.DAY, **where), "sched/1"),
        (w.Reschedule(id=new_id(), scheduled=1, text=f"{CANARY} später"), "sched/1"),
        (w.Unschedule(id=new_id(), scheduled=1), "sched/1"),
    ]
    async with ears(served, town) as (jana, phone, olga, gert), cast.listen(served, town.mehmet) as desk:
        for write, key in own:
            await house.perform(town.mehmet, write)
            for device in (phone, desk):
                told = await device.until("mine")
                assert list(told["mine"]) == [key]
        assert await jana.all_until(house, fence) == []
        for ear in (olga, gert):
            assert await ear.all_until(house, town.other) == []
        for ear in (jana, olga, gert):
            assert CANARY not in ear.bytes_heard
