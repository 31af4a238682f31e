"""What later joiners read: all, or from where they joined. Direct conversations are their set; teams bring people."""

import asyncio

import httpx2
import pytest

from intranet.channels import writes as w
from intranet.chat.writes import React
from intranet.kernel import House, Refused, new_id
from intranet.people.writes import TeamChange, TeamMake, TeamMembers
from tests import cast
from tests.served import Served

CANARY = "kanarie-vorher"


@pytest.mark.parametrize(("history", "reads"), [("all", True), ("joining", False)])
async def test_what_was_said_before_joining(client: httpx2.AsyncClient, home: House, history: str, reads: bool) -> None:
    silke, jana = await cast.person(home, "Silke Brandt"), await cast.person(home, "Jana Reuter")
    place = await cast.channel(home, silke, "Export", history=history)
    before = await cast.say(home, silke, place, CANARY)
    await cast.join(home, jana, place)
    await cast.say(home, silke, place, "danach")
    await cast.sign_in(client, home, jana)
    page = (await client.get(f"/c/{place}")).text
    assert (CANARY in page) is reads
    assert "danach" in page
    for path in (f"/c/{place}/messages?before=99", f"/c/{place}?at={before.seq}"):
        assert (CANARY in (await client.get(path)).text) is reads
    for path in ("/", "/chats"):  # the newest alone
        assert CANARY not in (await client.get(path)).text


async def test_joining_again_begins_anew(client: httpx2.AsyncClient, home: House) -> None:
    silke, jana = await cast.person(home, "Silke Brandt"), await cast.person(home, "Jana Reuter")
    place = await cast.channel(home, silke, "Export", history="joining", members=[jana])
    await cast.say(home, silke, place, "solange Jana da war")
    await home.perform(jana, w.Leave(id=new_id(), place=place))
    await cast.join(home, jana, place)
    await cast.sign_in(client, home, jana)
    assert "solange Jana da war" not in (await client.get(f"/c/{place}")).text


async def test_a_late_change_to_an_early_message_stays_with_those_who_read_it(served: Served) -> None:
    house = served.house
    silke, jana = await cast.person(house, "Silke Brandt"), await cast.person(house, "Jana Reuter")
    place = await cast.channel(house, silke, "Export", history="joining")
    fence = await cast.channel(house, silke, "Zaun", members=[jana])
    early = await cast.say(house, silke, place, CANARY)
    await cast.join(house, jana, place)
    async with cast.listen(served, silke) as inside, cast.listen(served, jana) as later:
        await house.perform(silke, React(id=new_id(), place=place, message=early.seq, emoji="👍"))
        heard = [m for m in await later.all_until(house, fence) if m.get("place") == place]
        await inside.all_until(house, fence)
    assert CANARY in inside.bytes_heard
    assert CANARY not in later.bytes_heard
    assert [m["things"] for m in heard] == [[] for _ in heard]  # the cursor moves, nothing is shown


async def test_a_direct_conversation_is_its_set(home: House) -> None:
    silke, jana, tomasz = [await cast.person(home, name) for name in ("Silke", "Jana", "Tomasz")]
    two = await cast.direct(home, silke, jana)
    assert await cast.direct(home, jana, silke) == two
    three = await cast.direct(home, silke, jana, tomasz)
    assert three != two
    assert await cast.direct(home, tomasz, jana, silke) == three
    assert await cast.direct(home, silke) not in (two, three)  # a place for notes


async def test_both_begin_at_once_and_it_is_one(home: House) -> None:
    silke, jana = await cast.person(home, "Silke"), await cast.person(home, "Jana")
    places = await asyncio.gather(*(cast.direct(home, *pair) for pair in [(silke, jana), (jana, silke)] * 4))
    assert len(set(places)) == 1


async def test_hidden_until_something_comes(client: httpx2.AsyncClient, home: House) -> None:
    silke, jana = await cast.person(home, "Silke Brandt"), await cast.person(home, "Jana Reuter")
    place = await cast.direct(home, silke, jana)
    await home.perform(jana, w.Leave(id=new_id(), place=place))
    await cast.sign_in(client, home, jana)
    assert "Silke Brandt" not in (await client.get("/part/nav")).text
    await cast.say(home, silke, place, "noch da?")
    assert "Silke Brandt" in (await client.get("/part/nav")).text


async def test_a_team_channel_follows_its_team(home: House) -> None:
    admin = await cast.person(home, "Ravi Menon", role="administrator")
    silke, jana = await cast.person(home, "Silke"), await cast.person(home, "Jana")
    team = (await home.perform(admin, TeamMake(id=new_id(), name="Service"))).place
    await home.perform(admin, TeamMembers(id=new_id(), team=team, add=[silke.id]))
    place = (await home.perform(admin, w.Create(id=new_id(), name="Service", team=team, history="joining"))).place
    await cast.say(home, silke, place, "in")  # who was in the team is in the channel
    with pytest.raises(Refused, match="team-channel"):
        await home.perform(silke, w.Leave(id=new_id(), place=place))
    with pytest.raises(Refused, match="team-channel"):
        await home.perform(admin, w.Remove(id=new_id(), place=place, person=silke.id))
    await home.perform(admin, w.Archive(id=new_id(), place=place))
    await home.perform(admin, TeamMembers(id=new_id(), team=team, add=[jana.id], remove=[silke.id]))
    await home.perform(admin, w.Unarchive(id=new_id(), place=place))
    await cast.say(home, jana, place, "auch")
    with pytest.raises(Refused, match="join-first"):
        await cast.say(home, silke, place, "nicht mehr")
    await home.perform(admin, TeamChange(id=new_id(), team=team, gone=True))
    await home.perform(jana, w.Leave(id=new_id(), place=place))  # the channel goes on without the team
