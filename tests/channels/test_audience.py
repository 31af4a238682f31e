"""Who hears what over a real socket, verb by verb: every frame to exactly the people it is for, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from intranet.channels import writes as w
from intranet.kernel import Person, new_id
from intranet.people.writes import TeamMake, TeamMembers
from tests import cast
from tests.cast import Ear
from tests.served import Served

CANARY = "kanarie-7f3a"
Heard = dict[str, set[str]]


class Hall:
    """A private channel with Silke (moderator) and Jana; Tomasz and the guest are outside. All share a fence."""

    def __init__(self, served: Served) -> None:
        self.served, self.house = served, served.house
        self.who: dict[str, Person] = {}
        self.ears: dict[str, Ear] = {}
        self.place = self.fence = 0

    async def heard(self) -> Heard:
        """By person: kinds of things and own keys of other places than the fence, since the last time."""
        found: Heard = {}
        for name, ear in self.ears.items():
            messages = await ear.all_until(self.house, self.fence)
            found[name] = {what for message in messages for what in _what(message)}
        return found

    async def act(self, name: str, write: Any) -> Any:
        return await self.house.perform(self.who[name], write)


def _what(message: dict[str, Any]) -> list[str]:
    if message["t"] == "left":
        return ["left"]
    if message["t"] == "mine":
        return [key.split("/")[0] for key in message["mine"] if key != "profile"]
    return [thing["kind"] for thing in message["things"]]


@pytest.fixture
async def hall(served: Served) -> AsyncIterator[Hall]:
    one = Hall(served)
    for name, role in (("silke", "member"), ("jana", "member"), ("tomasz", "member"), ("gast", "guest")):
        one.who[name] = await cast.person(served.house, name.title(), role=role)
    everybody = list(one.who.values())
    one.fence = await cast.channel(served.house, everybody[0], "Zaun", members=everybody[1:])
    one.place = await cast.channel(
        served.house, everybody[0], f"Preisrunde {CANARY}", kind="private", members=[one.who["jana"]]
    )
    async with AsyncExitStack() as stack:
        for name, person in one.who.items():
            one.ears[name] = await stack.enter_async_context(cast.listen(served, person))
        yield one


def only(**heard: set[str]) -> Heard:
    """Everybody else hears nothing."""
    return {name: heard.get(name, set()) for name in ("silke", "jana", "tomasz", "gast")}


async def test_a_change_is_heard_by_those_inside(hall: Hall) -> None:
    await hall.act("silke", w.Change(id=new_id(), place=hall.place, name="Preisrunde 2027"))
    assert await hall.heard() == only(silke={"channels.changed"}, jana={"channels.changed"})


async def test_archiving_is_heard_by_those_inside(hall: Hall) -> None:
    await hall.act("silke", w.Archive(id=new_id(), place=hall.place))
    assert await hall.heard() == only(silke={"channels.archived"}, jana={"channels.archived"})
    await hall.act("silke", w.Unarchive(id=new_id(), place=hall.place))
    assert await hall.heard() == only(silke={"channels.unarchived"}, jana={"channels.unarchived"})


async def test_who_is_brought_in_hears_of_it_and_nobody_else_reads_more(hall: Hall) -> None:
    await hall.act("silke", w.Add(id=new_id(), place=hall.place, people=[hall.who["tomasz"].id]))
    assert await hall.heard() == only(tomasz={"member"})
    await cast.say(hall.house, hall.who["jana"], hall.place, "Willkommen")
    said = await hall.heard()
    assert said == only(silke={"chat.posted"}, jana={"chat.posted"}, tomasz={"chat.posted"})


async def test_who_is_taken_out_gets_one_last_word_and_nothing_after(hall: Hall) -> None:
    await hall.act("silke", w.Remove(id=new_id(), place=hall.place, person=hall.who["jana"].id))
    assert await hall.heard() == only(jana={"member", "left"})
    await cast.say(hall.house, hall.who["silke"], hall.place, f"unter uns {CANARY}-danach")
    assert await hall.heard() == only(silke={"chat.posted"})
    assert f"{CANARY}-danach" not in hall.ears["jana"].bytes_heard


async def test_who_leaves_hears_nothing_more(hall: Hall) -> None:
    await hall.act("jana", w.Leave(id=new_id(), place=hall.place))
    assert await hall.heard() == only(jana={"member", "left"})
    await hall.act("silke", w.Change(id=new_id(), place=hall.place, name="Ohne Jana"))
    assert await hall.heard() == only(silke={"channels.changed"})


async def test_a_role_and_a_favourite_are_told_to_their_person_alone(hall: Hall) -> None:
    await hall.act("silke", w.SetRole(id=new_id(), place=hall.place, person=hall.who["jana"].id, role="moderator"))
    assert await hall.heard() == only(jana={"member"})
    await hall.act("jana", w.Favourite(id=new_id(), place=hall.place, on=True))
    assert await hall.heard() == only(jana={"fav"})


async def test_a_new_channel_is_heard_by_those_in_it(hall: Hall) -> None:
    await hall.act("silke", w.Create(id=new_id(), name="Neu", kind="private", people=[hall.who["gast"].id]))
    assert await hall.heard() == only(silke={"member"}, gast={"member"})


async def test_a_new_public_channel_is_no_news_for_those_outside(hall: Hall) -> None:
    await hall.act("silke", w.Create(id=new_id(), name="Offen"))
    assert await hall.heard() == only(silke={"member"})


async def test_joining_is_heard_by_who_joins(hall: Hall) -> None:
    place = (await hall.act("silke", w.Create(id=new_id(), name="Offen"))).place
    await hall.heard()
    await hall.act("tomasz", w.Join(id=new_id(), place=place))
    assert await hall.heard() == only(tomasz={"member"})


async def test_a_direct_conversation_begins_for_its_people_and_hiding_is_ones_own(hall: Hall) -> None:
    place = (await hall.act("silke", w.Direct(id=new_id(), people=[hall.who["tomasz"].id]))).place
    assert await hall.heard() == only(silke={"member"}, tomasz={"member"})
    await hall.act("tomasz", w.Leave(id=new_id(), place=place))
    assert await hall.heard() == only(tomasz={"member"})
    await cast.say(hall.house, hall.who["silke"], place, "doch noch etwas")
    assert await hall.heard() == only(silke={"chat.posted"}, tomasz={"chat.posted", "member"})


async def test_outsiders_never_hear_a_private_name(hall: Hall) -> None:
    await hall.act("silke", w.Change(id=new_id(), place=hall.place, description=f"{CANARY} Rabatte"))
    await cast.say(hall.house, hall.who["silke"], hall.place, f"{CANARY} zehn Prozent")
    await hall.heard()
    assert CANARY in hall.ears["jana"].bytes_heard
    for name in ("tomasz", "gast"):
        assert CANARY not in hall.ears[name].bytes_heard


async def test_a_team_brings_its_people_in_and_out(hall: Hall) -> None:
    admin = await cast.person(hall.house, "Ravi Menon", role="administrator")
    team = (await hall.house.perform(admin, TeamMake(id=new_id(), name="Service"))).place
    made = await hall.house.perform(admin, w.Create(id=new_id(), name="Service intern", kind="private", team=team))
    assert await hall.heard() == only()
    await hall.house.perform(admin, TeamMembers(id=new_id(), team=team, add=[hall.who["tomasz"].id]))
    assert await hall.heard() == only(tomasz={"member"})
    await cast.say(hall.house, admin, made.place, "Schicht")
    assert await hall.heard() == only(tomasz={"chat.posted"})
    await hall.house.perform(admin, TeamMembers(id=new_id(), team=team, remove=[hall.who["tomasz"].id]))
    assert await hall.heard() == only(tomasz={"member", "left"})
    await cast.say(hall.house, admin, made.place, "ohne Tomasz")
    assert await hall.heard() == only()
