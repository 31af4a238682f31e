"""A device either holds every event it may see, or knows that it does not."""

import asyncio
from typing import Any

import httpx2
from sqlalchemy import update

from intranet.hub import catchup
from intranet.hub.ring import KEPT
from intranet.kernel import Place, new_id
from tests.databases import on_database
from tests.hub import club
from tests.hub.cast import Town, texts, until


async def test_from_a_cursor_to_the_head_and_on(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    epoch, before = await club_town.cursor(place)
    for number in range(20):
        await club_town.say("ann", place, str(number))
    async with club_town.visit("bo", place, cursors={place: [epoch, before + 5]}) as bo:
        heard = await bo.hear_all("complete", place=place)
        assert texts(heard) == [str(number) for number in range(5, 20)]
        await club_town.say("ann", place, "live")
        frame = await bo.hear("frame", place=place)
        assert (frame["from"], texts([frame])) == (heard[-2]["to"], ["live"])


async def test_who_has_everything_costs_no_reading(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    head = await club_town.cursor(place)
    async with club_town.visit("ann"):
        club.drawn.clear()
        async with club_town.visit("bo", place, cursors={place: head}) as bo:
            assert [m["t"] for m in await bo.hear_all("complete", place=place)] == ["complete"]
        assert club.drawn == []


async def test_equal_catch_ups_are_read_once_and_then_from_memory(club_town: Town) -> None:
    place = await club_town.found("ann", "bo", "cy")
    epoch, before = await club_town.cursor(place)
    for number in range(5):
        await club_town.say("ann", place, str(number))
    club.drawn.clear()
    async with club_town.visit("cy"):
        for name in ("ann", "bo"):
            async with club_town.visit(name, place, cursors={place: [epoch, before + 1]}) as guest:
                assert texts(await guest.hear_all("complete", place=place)) == ["1", "2", "3", "4"]
        async with club_town.visit("ann", place, cursors={place: [epoch, before + 3]}) as guest:
            assert texts(await guest.hear_all("complete", place=place)) == ["3", "4"]
    assert len(club.drawn) == 1


async def test_memory_does_not_show_what_was_deleted_since(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    async with club_town.visit("ann") as ann:
        epoch, before = await club_town.cursor(place)
        seq = await club_town.say("ann", place, "regretted")
        await ann.hear("frame", place=place)
        await club_town.act("ann", club.Change(id=new_id(), place=place, seq=seq))
        await ann.hear("frame", place=place)
        club.drawn.clear()
        async with club_town.visit("bo", place, cursors={place: [epoch, before]}) as bo:
            assert texts(await bo.hear_all("complete", place=place)) == [""]
        assert club.drawn == []


async def test_long_absence_comes_in_pages(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    epoch, cursor = await club_town.cursor(place)
    count = catchup.MOST_EVENTS + 40
    for number in range(count):
        await club_town.say("ann", place, str(number))
    assert count > KEPT
    seen: list[str] = []
    async with club_town.visit("bo", place, cursors={place: [epoch, cursor]}) as bo:
        for end in ("more", "complete"):
            heard = await bo.hear_all(end, place=place)
            for frame in [message for message in heard if message["t"] == "frame"]:
                assert frame["from"] == cursor
                cursor = frame["to"]
            seen += texts(heard)
            if end == "more":
                await bo.tell(t="open", place=place, cursor=[epoch, cursor])
    assert seen == [str(number) for number in range(count)]


async def test_a_page_asked_for_before_one_left_is_not_the_answer_to_what_one_asks_after_coming_back(
    club_town: Town,
) -> None:
    place = await club_town.found("ann", "bo")
    said = [await club_town.say("ann", place, str(number)) for number in range(4)]
    epoch, _ = await club_town.cursor(place)
    bo, read = club_town.people["bo"], club_town.house.read_hot
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def held(load: Any, *args: Any) -> Any:
        found = await read(load, *args)
        if load.__name__ == "read_page" and not reading.is_set():
            reading.set()
            await go_on.wait()
        return found

    async with club_town.visit("bo") as guest:
        club_town.house.read_hot = held  # type: ignore[method-assign, assignment]
        await guest.tell(t="open", place=place, cursor=[epoch, said[1]])
        await reading.wait()
        await club_town.act("ann", club.Expel(id=new_id(), place=place, person=bo))
        await guest.hear("left", place=place)
        await club_town.act("ann", club.Admit(id=new_id(), place=place, person=bo))
        await guest.hear("heads")
        await guest.tell(t="open", place=place, cursor=[epoch, 0])
        await until(lambda: any(connection.catching == place for connection in club_town.hub.connections))
        go_on.set()
        assert texts(await guest.hear_all("complete", place=place)) == ["0", "1", "2", "3"]


async def test_own_changes_are_caught_up_too(club_town: Town) -> None:
    own = club_town.people["ann"]
    head = await club_town.cursor(own)
    for number in range(3):
        await club_town.act("ann", club.Note(id=new_id(), key=f"note/{number % 2}", value=number))
    async with club_town.visit("ann", cursors={own: head}) as ann:
        told = (await ann.hear_all("complete", place=own))[0]
        assert (told["mine"], told["from"], told["to"]) == ({"note/0": 2, "note/1": 1}, head[1], head[1] + 3)


async def test_a_cursor_of_another_log_starts_over(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    epoch, head = await club_town.cursor(place)
    for cursor in (["other", head], [epoch, head + 7]):
        async with club_town.visit("bo", place, cursors={place: cursor}) as bo:
            await bo.hear("reset", place=place)
            await club_town.say("ann", place, "then live")
            assert texts([await bo.hear("frame", place=place)]) == ["then live"]
        head += 1


async def test_a_restored_backup_under_open_sockets_is_told(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    async with club_town.visit("bo", place) as bo:
        restored = update(Place).where(Place.id == place).values(epoch="restored")
        await on_database(club_town.house.settings, lambda conn: conn.execute(restored))
        heads = await bo.hear("heads")
        assert heads["heads"][str(place)] == ["restored", bo.heads[place][1]]
        await club_town.say("ann", place, "in the new log")
        assert (await bo.hear("frame", place=place))["epoch"] == "restored"


async def test_the_same_by_http(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    own = club_town.people["bo"]
    epoch, before = await club_town.cursor(place)
    await club_town.say("ann", place, "one")
    await club_town.act("bo", club.Note(id=new_id(), key="note/1", value=4))
    base = f"http://127.0.0.1:{club_town.port}/catchup"
    async with httpx2.AsyncClient(trust_env=False, headers={"Authorization": "Bearer bo"}) as client:
        query: dict[str, str | int] = {"place": place, "epoch": epoch, "after": before, "dialect": "json"}
        body = (await client.get(base, params=query)).json()
        assert (texts(body["frames"]), body["complete"]) == (["one"], True)
        body = (await client.get(base, params={**query, "dialect": "html", "lang": "nl"})).json()
        assert body["frames"][0]["things"][0]["html"].endswith(">one</p>")
        body = (await client.get(base, params={**query, "place": own, "after": 0})).json()
        assert body["frames"][0]["mine"]["note/1"] == 4
        assert (await client.get(base, params={**query, "epoch": "other"})).json() == {"reset": True}
        assert (await client.get(base, params={"place": place})).status_code == 422
        outside = await client.get(base, params=query, headers={"Authorization": "Bearer cy"})
        assert outside.status_code == 404
        nobody = await client.get(base, params=query, headers={"Authorization": "x", "Accept": "application/json"})
        assert nobody.status_code == 401


async def test_what_could_not_be_written_live_follows_without_an_end(club_town: Town) -> None:
    """Whoever is between two pages of a catch-up lacks what came before: only what it asked for itself has an end."""
    place = await club_town.found("ann")
    await club_town.say("ann", place, "one")
    async with club_town.visit("ann") as ann:
        epoch, head = ann.heads[place]
        (connection,) = club_town.hub.connections
        club_town.hub.catcher.make_up(connection, place, (epoch, head - 1))
        assert texts([await ann.hear("frame", place=place, to=head)]) == ["one"]
        await ann.tell(t="open", place=place, cursor=[epoch, head])
        await ann.hear("complete", place=place)
        await club_town.say("ann", place, "two")
        assert texts([await ann.hear("frame", place=place)]) == ["two"]
        assert [one for one in ann.kept if one["t"] == "complete"] == []
        connection.asked[place] = (epoch, 0)
        club_town.hub.catcher.make_up(connection, place, (epoch, head))
        assert connection.asked[place] == (epoch, 0), "its own cursor holds"
