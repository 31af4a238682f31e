"""Nothing of a place reaches anyone who may not read it when it is written to the wire."""

import json
from typing import Any

from intranet.hub.pump import read_batch
from intranet.kernel import new_id
from tests.hub import club
from tests.hub.cast import Guest, Town, texts


async def expel(town: Town, place: int, name: str) -> None:
    await town.act("ann", club.Expel(id=new_id(), place=place, person=town.people[name]))


async def admit(town: Town, place: int, name: str, *, late: bool = False) -> None:
    await town.act("ann", club.Admit(id=new_id(), place=place, person=town.people[name], late=late))


async def heard_until_own_note(town: Town, name: str, guest: Guest) -> list[dict[str, Any]]:
    """Everything written to this guest up to a mark of their own, committed after all else."""
    await town.act(name, club.Note(id=new_id(), key="note/end", value=1))
    while True:
        message = await guest.next()
        guest.kept.append(message)
        if message["t"] == "mine" and "note/end" in message["mine"]:
            return guest.kept


async def test_who_leaves_gets_one_word_and_nothing_more(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    async with club_town.visit("ann") as ann, club_town.visit("bo", place) as bo, club_town.visit("bo/2") as other:
        await club_town.say("ann", place, "for both")
        await bo.hear("frame", place=place)
        await expel(club_town, place, "bo")
        for device in (bo, other):
            await device.hear("left", place=place)
            device.kept.clear()
        await club_town.say("ann", place, "secret")
        await bo.tell(t="open", place=place, cursor=["x", 0])
        await bo.tell(t="typing", place=place)
        await bo.hear("left", place=place)
        for device in (bo, other):
            assert "secret" not in json.dumps(await heard_until_own_note(club_town, "bo", device))
            device.kept.clear()
        assert texts(await ann.hear_all("frame", place=place))[:1] == ["for both"]


async def test_removal_and_a_later_word_in_one_snapshot(club_town: Town) -> None:
    """The bell of the channel may be heard before the person's own: the snapshot decides, not the bell."""
    place = await club_town.found("ann", "bo")
    async with club_town.visit("bo", place) as bo:
        club_town.house._listeners.clear()
        await expel(club_town, place, "bo")
        await club_town.say("ann", place, "secret")
        club_town.hub.pump.wake({place})  # the person's own place is not named
        await bo.hear("left", place=place)
        assert "secret" not in json.dumps(bo.kept)
        club_town.house.listen(club_town.hub._committed)
        assert "secret" not in json.dumps(await heard_until_own_note(club_town, "bo", bo))


async def test_places_first_read_while_a_removal_is_pumped_are_read_again(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    await club_town.found("bo", "cy")
    async with club_town.visit("cy"):  # somebody is served already
        read, removed = club_town.house.read_hot, []

        async def slow(load: Any, *args: Any) -> Any:
            """The first reading of Bo's places is overtaken by the removal and its pumping."""
            result = await read(load, *args)
            if load.__name__ == "read_standings" and not removed:
                removed.append(True)
                await expel(club_town, place, "bo")
                own = club_town.people["bo"]
                ask = (own, (club_town.house.epoch, 1), frozenset(("mine",)))
                club_town.hub.pump._deliver(await read(read_batch, club_town.house, [ask], club_town.hub.readers))
            return result

        club_town.house.read_hot = slow  # type: ignore[method-assign, assignment]
        async with club_town.visit("bo", place) as bo:
            assert removed
            assert place not in bo.heads
            assert not club_town.hub.readers[club_town.people["bo"]].may_read(place)


async def test_who_joins_hears_from_then_on(club_town: Town) -> None:
    place = await club_town.found("ann")
    async with club_town.visit("bo") as bo:
        assert place not in bo.heads
        await admit(club_town, place, "bo")
        heads = await bo.hear("heads")
        assert str(place) in heads["heads"]
        await club_town.say("ann", place, "welcome")
        assert texts([await bo.hear("frame", place=place, to=heads["heads"][str(place)][1] + 1)]) == ["welcome"]


async def test_who_joined_late_gets_earlier_things_as_empty_frames(club_town: Town) -> None:
    place = await club_town.found("ann", "cy")
    old = await club_town.say("ann", place, "old")
    await admit(club_town, place, "bo", late=True)
    epoch, head = await club_town.cursor(place)
    async with club_town.visit("bo", place) as bo, club_town.visit("cy") as cy:
        await club_town.act("ann", club.Change(id=new_id(), place=place, seq=old, text="old, changed"))
        empty, full = await bo.hear("frame", place=place), await cy.hear("frame", place=place)
        assert (empty["from"], empty["to"], empty["things"]) == (head, head + 1, [])
        assert texts([full]) == ["old, changed"]
        new = await club_town.say("ann", place, "new")
        assert (await bo.hear("frame", place=place))["things"][0]["seq"] == new
    async with club_town.visit("bo", place, cursors={place: [epoch, 0]}) as bo:
        assert texts(await bo.hear_all("complete", place=place)) == ["new"]
    async with club_town.visit("cy", place, cursors={place: [epoch, 0]}) as cy:
        assert texts(await cy.hear_all("complete", place=place)) == ["old, changed", "new"]


async def test_a_page_read_before_a_removal_is_not_written_after_it(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    await club_town.say("ann", place, "once readable")
    epoch, _ = await club_town.cursor(place)
    async with club_town.visit("bo") as bo:
        read = club_town.house.read_hot

        async def overtaken(load: Any, *args: Any) -> Any:
            result = await read(load, *args)
            if load.__name__ == "read_page":
                await expel(club_town, place, "bo")
                await bo.hear("left", place=place)
            return result

        club_town.house.read_hot = overtaken  # type: ignore[method-assign, assignment]
        await bo.tell(t="open", place=place, cursor=[epoch, 0])
        assert "once readable" not in json.dumps(await heard_until_own_note(club_town, "bo", bo))


async def test_a_page_is_only_for_members_of_its_own_snapshot(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    epoch, _ = await club_town.cursor(place)
    async with club_town.visit("bo") as bo:
        club_town.house._listeners.clear()
        await expel(club_town, place, "bo")
        await club_town.say("ann", place, "secret")
        await bo.tell(t="open", place=place, cursor=[epoch, 0])
        club_town.house.listen(club_town.hub._committed)
        assert "secret" not in json.dumps(await heard_until_own_note(club_town, "bo", bo))
