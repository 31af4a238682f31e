"""Likes, reactions, what one follows and saves, and acknowledging: once each, one's own on all devices, told to nobody
else."""

import asyncio
from typing import Any

from sqlalchemy import select

from intranet.audiences import Line
from intranet.feed.acks import Acknowledge, Remind, overview
from intranet.feed.likes import LIKE, React
from intranet.feed.models import Acknowledged, AckReminder, Comment, Following, Post, Reacted, ReactedCount, Saved
from intranet.feed.pages import pinned_for
from intranet.feed.settings import Set
from intranet.feed.writes import Move
from intranet.kernel import SYSTEM, Event, Person, Tx, Verb, Write, clock, new_id
from intranet.kernel.tables import Receipt
from intranet.people.writes import TeamMake, TeamMembers
from tests import cast
from tests.chat.together import together
from tests.feed.conftest import FIELD, Town
from tests.feed.talking import acknowledge, follow, like, mine, refused, rows, save, say, told


class Age(Write, tag="test.age"):
    """A day passes since the last reminder."""


def _age(tx: Tx, _person: Person, _write: Age) -> None:
    for row in tx.read(select(AckReminder)).all():
        tx.upsert(AckReminder, {"post": row.post, "at": row.at - clock.DAY, "times": row.times})


async def likes_of(town: Town, post: int) -> tuple[int, list[tuple[str, int]], int]:
    """The count in the row, the counts by emoji, and how many rows there are in truth."""
    [row] = await rows(town.house, Post, id=post)
    counted = await rows(town.house, ReactedCount, subject=f"post-{post}")
    given = await rows(town.house, Reacted, subject=f"post-{post}")
    return row.likes, sorted((one.emoji, one.n) for one in counted if one.n), len(given)


async def test_a_like_twice_is_one_and_counts_are_what_was_given(town: Town) -> None:
    house, post = town.house, await town.publish(town.jana, "Gut")
    once = React(id=new_id(), post=post)
    await house.perform(town.silke, once)
    await house.perform(town.silke, once)  # a retry
    answer = await like(house, town.silke, post=post)  # another device
    assert await likes_of(town, post) == (1, [(LIKE, 1)], 1)
    assert answer.extra["mine"] == [f"like/post-{post}"]
    await like(house, town.silke, post=post, emoji="👏")
    await like(house, town.mehmet, post=post)
    assert await likes_of(town, post) == (2, [(LIKE, 2), ("👏", 1)], 3)
    assert await mine(house, town.silke, f"like/post-{post}") == {f"like/post-{post}": [LIKE, "👏"]}
    for _twice in range(2):
        await like(house, town.silke, post=post, on=False)
    assert await likes_of(town, post) == (1, [(LIKE, 1), ("👏", 1)], 2)
    comment = await say(house, town.jana, post, "Danke")
    await like(house, town.silke, comment=comment)
    assert [row.likes for row in await rows(house, Comment, id=comment)] == [1]
    for malformed in ({}, {"post": post, "comment": comment}, {"post": post, "emoji": "gut"}):
        assert await refused(like(house, town.silke, **malformed)) == "422 malformed"
    assert await refused(like(house, town.silke, comment=999)) == "404 not-found"
    assert await refused(like(house, town.gert, post=post)) == "404 not-found"
    for n in range(18):
        await like(house, town.jana, post=post, emoji=chr(0x1F40C + n))
    assert await refused(like(house, town.jana, post=post, emoji="🧀")) == "422 too-many-emoji"


async def test_neighbours_in_one_batch_count_right(town: Town) -> None:
    """On, on again, off and on by one person on two devices, others between, one refused."""
    post = await town.publish(town.jana, "Gut")
    comment = await say(town.house, town.jana, post, "und?")

    def react(on: bool = True, **about: Any) -> React:
        return React(id=new_id(), on=on, **(about or {"post": post}))

    outcomes = await together(
        town.house,
        (town.silke, react()), (town.silke, react()), (town.mehmet, react()), (town.silke, react(on=False)),
        (town.silke, react()), (town.gert, react()), (town.carola, react(comment=comment)), (town.mehmet, react()),
        (town.mehmet, react(on=False)), (town.carola, react()),
    )  # fmt: skip
    assert [getattr(one, "status", 200) for one in outcomes] == [200, 200, 200, 200, 200, 404, 200, 200, 200, 200]
    assert await likes_of(town, post) == (2, [(LIKE, 2)], 2)
    assert {row.person for row in await rows(town.house, Reacted, subject=f"post-{post}")} == {
        town.silke.id, town.carola.id,
    }  # fmt: skip
    assert [row.likes for row in await rows(town.house, Comment, id=comment)] == [1]


async def test_follow_and_save_are_ones_own(town: Town) -> None:
    house, post = town.house, await town.publish(town.jana, "Gut")
    for _twice in range(2):
        await save(house, town.silke, post)
        await follow(house, town.silke, post)
    keys = (f"saved/post-{post}", f"follow/post-{post}")
    assert await mine(house, town.silke, *keys) == dict.fromkeys(keys, True)
    assert await mine(house, town.jana, *keys) == {keys[1]: True}, "its author follows by themselves"
    assert await mine(house, town.mehmet, *keys) == {}
    await save(house, town.silke, post, on=False)
    await follow(house, town.silke, post, on=False)
    assert await mine(house, town.silke, *keys) == {}
    assert await rows(house, Saved) == []
    assert [row.follows for row in await rows(house, Following, person=town.silke.id)] == [0]
    logged = await rows(house, Event)
    assert not [one for one in logged if one.actor == town.silke.id], "nobody else hears of it"
    assert await refused(save(house, town.gert, post)) == "404 not-found"


async def test_acknowledging_is_once_for_who_is_asked_and_leaves_no_time(town: Town) -> None:
    house = town.house
    post = await town.publish(town.carola, "Bitte lesen", kind="news", ack=True, pin_ack=True, lines=[FIELD])
    key = f"ack/post-{post}"
    assert await told(house, *town.all) == {name: [f"asked post-{post}"] for name in ("Jana", "Mehmet")}
    assert await house.read(pinned_for, town.jana) == [post]
    before = await rows(house, Event)
    once = Acknowledge(id=new_id(), post=post)
    await house.perform(town.jana, once)
    answer = await house.perform(town.jana, once)
    await acknowledge(house, town.jana, post)
    assert answer.repeat
    assert [(row.post, row.person) for row in await rows(house, Acknowledged)] == [(post, town.jana.id)]
    assert set(Acknowledged.__table__.columns.keys()) == {"post", "person"}
    assert await rows(house, Event) == before, "nothing is logged, so nothing tells when"
    assert [row.seq for row in await rows(house, Receipt, seq=0, place=town.jana.id)], "nor does its receipt"
    assert await mine(house, town.jana, key) == {key: True}
    assert await house.read(pinned_for, town.jana) == []
    assert await house.read(pinned_for, town.mehmet) == [post], "on top until each has"
    assert await told(house, *town.all) == {"Mehmet": [f"asked post-{post}"]}
    for who, code in ((town.carola, "403 not-asked"), (town.silke, "404 not-found"), (town.gert, "404 not-found")):
        assert await refused(acknowledge(house, who, post)) == code
    plain = await town.publish(town.jana, "Ohne")
    assert await refused(acknowledge(house, town.mehmet, plain)) == "403 not-asked"


async def test_its_authors_see_numbers_and_remind_three_times_at_most(town: Town) -> None:
    house = town.house
    team = (await house.perform(SYSTEM, TeamMake(id=new_id(), name="Süd"))).place
    crew = [await cast.person(house, f"Kollege {n} Süd", side="field") for n in range(5)]
    add = TeamMembers(id=new_id(), team=team, add=[one.id for one in crew])
    await house.perform(SYSTEM, add)
    post = await town.publish(town.carola, "Bitte lesen", kind="news", ack=True, lines=[FIELD])
    await acknowledge(house, crew[0], post)

    async def seen(who: Person) -> dict[str, object]:
        return await house.read(overview, who, post)

    found = await seen(town.carola)
    assert (found["done"], found["asked"], found["teams"], found["have"]) == (1, 7, [], None), "7 - 5 = 2"
    more = [await cast.person(house, f"Kollege {n} West", side="field") for n in range(3)]
    found = await seen(town.carola)
    assert (found["asked"], found["teams"]) == (10, [{"team": team, "name": "Süd", "asked": 5, "done": 1}])
    for who in (town.jana, town.silke, crew[0]):
        assert await refused(seen(who)) == "404 not-found"
        assert await refused(house.perform(who, Remind(id=new_id(), post=post))) in ("403 not-yours", "404 not-found")
    house.verbs["test.age"] = Verb(Age, _age, internal=True)
    reminders = []
    for day in range(4):
        reminders.append(await refused(house.perform(town.carola, Remind(id=new_id(), post=post))))
        if day == 0:
            assert await refused(house.perform(town.carola, Remind(id=new_id(), post=post))) == "409 reminded-lately"
        await house.perform(SYSTEM, Age(id=new_id()))
    assert reminders == ["", "", "", "409 reminded-enough"]
    assert await told(house, crew[0]) == {}, "who has acknowledged is not reminded"
    assert await told(house, crew[1]) == await told(house, more[0]) == {"Kollege": [f"reminded post-{post}"]}
    await house.perform(town.carola, Move(id=new_id(), post=post, lines=[Line()]))
    assert (await told(house, town.silke))["Silke"] == [f"asked post-{post}"], "who is new in its audience is asked"


async def test_names_only_where_it_was_switched_on_before(town: Town) -> None:
    house = town.house
    before = await town.publish(town.carola, "Vorher", kind="news", ack=True)
    owner = await cast.person(house, "Olga Owner", role="owner")
    switch = Set(id=new_id(), key="ack_names")
    assert await refused(house.perform(town.carola, switch)) == "403 not-allowed"
    await house.perform(owner, switch)
    after = await town.publish(town.carola, "Nachher", kind="news", ack=True)
    for post in (before, after):
        await acknowledge(house, town.jana, post)
    assert (await house.read(overview, town.carola, before))["have"] is None
    found = await house.read(overview, town.carola, after)
    assert [one.name for one in found["have"]] == ["Jana Reuter"]
    assert [one.name for one in found["have_not"]] == ["Mehmet Aydin", "Olga Owner", "Silke Brandt"]
    card = house.cards["feed.published"]
    place = (await rows(house, Post, id=after))[0].place
    shown = await house.read(lambda c: card.render(c, place, [f"post-{before}", f"post-{after}"], "en"))
    assert "no names" in shown[f"post-{before}"].html
    assert "by name who has" in shown[f"post-{after}"].html


async def test_many_at_once_on_several_devices_lose_nothing(town: Town) -> None:
    """Several lanes on PostgreSQL: likes, comments, following and acknowledging side by side."""
    house = town.house
    crowd = [town.jana, town.mehmet, town.silke, *[await cast.person(house, f"Kollege {n}") for n in range(5)]]
    post = await town.publish(town.carola, "Viel los", kind="news", ack=True)
    place = (await rows(house, Post, id=post))[0].place
    doing = [
        act for n, who in enumerate(crowd) for where in (0, place) for act in (
            house.perform(who, React(id=new_id(), place=where, post=post)),
            house.perform(who, Acknowledge(id=new_id(), place=where, post=post)),
            say(house, who, post, f"Nr. {n}", place=where), follow(house, who, post),
        )
    ]  # fmt: skip
    await asyncio.gather(*doing)
    assert await likes_of(town, post) == (8, [(LIKE, 8)], 8)
    assert len(await rows(house, Acknowledged, post=post)) == 8
    [row] = await rows(house, Post, id=post)
    assert (row.comments, len(await rows(house, Comment, post=post))) == (16, 16)
    events = [one for one in await rows(house, Event, place=place) if one.subject == f"post-{post}"]
    assert row.rev == len(events), "each change of what is shown has one event"
