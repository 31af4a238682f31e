"""Open sockets: a new audience is heard at once, who leaves hears nothing more, who is outside never anything."""

import asyncio
from collections.abc import Mapping, Sequence

import httpx2
import pytest
from sqlalchemy import Connection
from starlette.applications import Starlette

from intranet import audiences
from intranet.audiences import Line
from intranet.hub.catchup import standing
from intranet.kernel import Card, House, Thing, new_id
from intranet.people.writes import Import, Profile
from tests import cast
from tests.audiences.making import audience, projection, team
from tests.counting import counted, counted_everywhere
from tests.served import Served


def _said(_conn: Connection, place: int, subjects: Sequence[str], _lang: str) -> Mapping[str, Thing]:
    return {one: Thing(one, 0, 1, f"<p>said in {place}</p>", {"place": place}) for one in subjects}


@pytest.fixture
def house(served: Served) -> House:
    """With a card, so that what is said in an audience is something to hear."""
    served.house.cards["test.said"] = Card(frozenset({"test.said"}), _said)
    return served.house


async def test_who_is_in_hears_from_the_beginning_until_they_leave(served: Served, house: House) -> None:
    jana = await cast.person(house, "Jana Reuter", side="field", site="Auenried")
    silke = await cast.person(house, "Silke Brandt", site="Auenried")
    tom = await cast.person(house, "Tom Aussen", side="field")
    guest = await cast.person(house, "Gast Gerber", role="guest", side="field", site="Auenried")
    fence = await cast.channel(house, silke, "Zaun", members=[jana, tom, guest])
    everyone = await house.read(audiences.everyone)
    lines = Line(side="field", site="Auenried"), Line(side="office", site="auenried")
    async with (
        cast.listen(served, jana) as field, cast.listen(served, silke, dialect="json") as office,
        cast.listen(served, tom) as other, cast.listen(served, guest) as stranger,
    ):  # fmt: skip
        place = await audience(house, silke, *lines)  # made, and said something in, in one write
        first = await field.until("frame", place=place)
        assert (first["from"], first["things"][0]["html"]) == (0, f"<p>said in {place}</p>")
        assert (await office.until("frame", place=place))["things"][0]["data"] == {"place": place}

        await house.perform(jana, Profile(id=new_id(), site="Rotterdam"))
        left = [heard for heard in await field.all_until(house, fence) if heard["place"] == place]
        assert [heard["t"] for heard in left] == ["left"], "one last word"
        await audience(house, silke, *lines)
        await field.socket.send(f'{{"t": "open", "place": {place}, "cursor": ["x", 0]}}')
        await field.until("left", place=place)
        later = [heard for heard in await field.all_until(house, fence) if heard["place"] == place]
        assert later == [], "and nothing after"
        assert len([h for h in await office.all_until(house, fence) if h["place"] == place and h.get("things")]) == 1

        await house.perform(tom, Profile(id=new_id(), site="AUENRIED"))
        await audience(house, tom, *lines)
        heard = await other.until("frame", place=place)
        assert heard["from"] > 0, "who comes in hears on from there"
        for ear in (stranger,):
            await ear.all_until(house, fence)
            named = {message.get("place") for message in ear.heard} | set(ear.heard[0].get("heads", {}))
            assert not named & {place, everyone, str(place), str(everyone)}, "guests hear of none"


async def test_reading_a_place_follows_the_profile(app: Starlette, client: httpx2.AsyncClient, home: House) -> None:
    jana = await cast.person(home, "Jana Reuter", site="Auenried")
    silke = await cast.person(home, "Silke Brandt", site="Auenried")
    place = await audience(home, silke, Line(site="Auenried"))
    await cast.sign_in(client, home, jana)
    address = f"/catchup?place={place}&epoch={home.epoch}&after=0"
    assert (await client.get(address)).status_code == 200
    await home.perform(jana, Profile(id=new_id(), site=""))
    assert (await client.get(address)).status_code == 404


async def test_the_head_count_says_how_many_and_where(client: httpx2.AsyncClient, home: House) -> None:
    jana = await cast.person(home, "Jana Reuter", side="field", site="Auenried")
    bo = await cast.person(home, "Bo Beides", side="both", site="Auenried")
    admin = await cast.person(home, "Anke Chef", role="administrator")
    guest = await cast.person(home, "Gast Gerber", role="guest")
    service = await team(home, admin, "Service", jana, admin)
    await cast.sign_in(client, home, bo)
    found = (await client.get("/audience/reach", params={"line": [f";{service};", ";;auenried"]})).json()
    assert found == {
        "total": 3, "field": 1, "office": 1, "audience": 0, "words": "Standort auenried oder Team Service",
        "title": "3 Personen", "text": "1 draußen, 1 drinnen, 1 auf beiden Seiten · niemand doppelt gezählt",
    }  # fmt: skip
    place = await audience(home, bo, Line(site="Auenried"))
    found = (await client.get("/audience/reach?line=;;Auenried")).json()
    assert (found["audience"], found["total"], found["text"]) == (place, 2, "1 draußen, 1 auf beiden Seiten")
    assert (await client.get("/audience/reach?line=;99;")).json()["title"] == "0 Personen"
    assert (await client.get("/audience/reach")).json()["words"] == "Alle"
    assert (await client.get("/audience/reach?line=x")).status_code == 422
    await cast.sign_in(client, home, guest)
    assert (await client.get("/audience/reach", headers={"Accept": "application/json"})).status_code == 403


async def test_what_is_offered_begins_with_what_there_is(home: House) -> None:
    admin = await cast.person(home, "Anke Chef", role="administrator", site="Auenried")
    service = await team(home, admin, "Service", admin)
    for times, line in ((1, Line(side="office")), (3, Line(site="Auenried"))):
        for _time in range(times):
            await audience(home, admin, line)
    found = await home.read(audiences.offer, admin, [Line(side="field")])
    assert [(chip.value, chip.words, chip.on) for chip in found["chips"]] == [
        ("field;;", "draußen", True), (";;Auenried", "Standort Auenried", False), ("office;;", "drinnen", False),
        (f";{service};", "Service", False),
    ]  # fmt: skip
    assert (found["everyone"], found["reach"]["title"]) == (False, "0 Personen")
    place = await audience(home, admin, Line(site="auenried"))
    again = await home.read(audiences.offer, admin, [], place)
    assert [chip.words for chip in again["chips"] if chip.on] == ["Standort Auenried"]
    assert (found["teams"], found["sites"]) == ([(service, "Service")], [(";;Auenried", "Auenried")])


@pytest.mark.engine("sqlite")
async def test_statements_do_not_grow_with_people_or_audiences(
    app: Starlette, client: httpx2.AsyncClient, home: House
) -> None:
    await app.state.runner.stop()
    admin = await cast.person(home, "Anke Chef", role="administrator", site="Ort 0")
    await cast.sign_in(client, home, admin)
    await client.get("/")
    counts = []
    for many in (2, 200):
        await home.perform(admin, Import(id=new_id(), text=listed(many, "field")))
        sites = [Line(site=f"Ort {number}") for number in range(many)]
        await asyncio.gather(*(audience(home, admin, site, Line(site="Ort 0")) for site in sites))
        with counted(home) as page:
            assert (await client.get("/")).status_code == 200
        with counted(home) as offered:
            await home.read(audiences.offer, admin)
        with counted(home) as stands:
            assert len(await home.read(standing, home, admin.id)) == many + 1
        assert len(stands) == 1
        with counted_everywhere() as reading_in:
            await home.perform(admin, Import(id=new_id(), text=listed(many, "office")))
        followed = [statement for statement in reading_in if "audience" in statement]
        counts.append((len(page), len(offered), len(followed)))
        stored, ruled = await home.read(projection)
        assert stored == ruled
    assert counts[0] == counts[1]


def listed(many: int, side: str) -> str:
    """So many people, each at a site of their own; on another side they are in other audiences."""
    rows = [f"Person {one};p{one}@quellmoor.example;Ort {one};{side}" for one in range(many)]
    return "\n".join(["name;email;standort;seite", *rows])
