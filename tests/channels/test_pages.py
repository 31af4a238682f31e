"""Channels by form, without JavaScript: make, join, change, leave; what each actor sees; hostile names."""

import re
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from intranet.channels import mine_in
from intranet.channels import writes as w
from intranet.kernel import House, Person, new_id
from tests import cast
from tests.counting import counted

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"
CANARY = "kanarie-7f3a"


async def send(client: httpx2.AsyncClient, **fields: Any) -> httpx2.Response:
    """A form as a browser without JavaScript sends it."""
    return await client.post("/do", data={"id": new_id(), **fields})


async def browser(client: httpx2.AsyncClient, house: House, who: Person) -> httpx2.AsyncClient:
    client.cookies.clear()
    await cast.sign_in(client, house, who)
    return client


async def test_a_channel_from_its_making_to_its_archive(client: httpx2.AsyncClient, home: House) -> None:
    silke, jana = await cast.person(home, "Silke Brandt"), await cast.person(home, "Jana Reuter")
    await browser(client, home, silke)
    made = await send(client, do="channels.create", name="Touren", kind="private", history="joining",
                      description="Wochenplan", people=str(jana.id), team="0", _find="jan")  # fmt: skip
    place = int(made.headers["location"].removeprefix("/c/"))
    assert made.status_code == 303
    changed = await send(client, do="channels.change", place=place, name="Touren 2", description="Neu")
    assert changed.headers["location"] == f"/c/{place}/settings"
    shown = (await client.get(f"/c/{place}/settings")).text
    assert "Touren 2" in shown
    assert "Neu</textarea>" in shown
    await send(client, do="channels.role", place=place, person=jana.id, role="moderator")
    members = (await client.get(f"/c/{place}/members")).text
    assert members.count("· moderiert") == 2
    left = await send(client, do="channels.leave", place=place)
    assert (left.status_code, left.headers["location"]) == (303, "/chats")
    assert (await client.get(f"/c/{place}")).status_code == 404
    await browser(client, home, jana)
    await send(client, do="channels.archive", place=place)
    archived = (await client.get("/channels")).text
    assert "Archiviert" in archived
    assert "Touren 2" in archived


async def test_joining_by_one_tap(client: httpx2.AsyncClient, home: House) -> None:
    silke, jana = await cast.person(home, "Silke Brandt"), await cast.person(home, "Jana Reuter")
    place = (
        await home.perform(silke, w.Create(id=new_id(), name="Mittag", description="Was es gibt, wer mitkommt"))
    ).place
    await cast.say(home, silke, place, f"{CANARY} Linsen")
    await browser(client, home, jana)
    outside = await client.get(f"/c/{place}")
    assert outside.status_code == 403
    assert CANARY not in outside.text
    for part in ("Mittag", "Was es gibt, wer mitkommt", "1 Person", 'value="channels.join"', "Beitreten"):
        assert part in outside.text
    refused = await send(client, do="chat.post", place=place, text="Suppe")
    assert refused.status_code == 403
    assert "Suppe" in refused.text  # nothing that was typed is lost
    assert 'value="channels.join"' in refused.text
    joined = await send(client, do="channels.join", place=place)
    assert joined.headers["location"] == f"/c/{place}"
    assert f"{CANARY} Linsen" in (await client.get(f"/c/{place}")).text


async def test_a_refused_form_comes_back_with_what_was_typed(client: httpx2.AsyncClient, home: House) -> None:
    silke, jana = await cast.person(home, "Silke Brandt"), await cast.person(home, "Jana Reuter")
    place = await cast.channel(home, silke, "Touren")
    await browser(client, home, silke)
    again = await send(client, do="channels.create", name="Touren", description="Text bleibt", people=str(jana.id))
    assert again.status_code == 409
    assert "Text bleibt" in again.text
    assert "„Touren“ gibt es schon" in again.text
    assert re.search(rf'name="people" value="{jana.id}" checked', again.text)
    empty = await send(client, do="channels.change", place=place, name=" ", description="Auch das bleibt")
    assert empty.status_code == 422
    assert "Auch das bleibt" in empty.text


async def test_looking_for_people_keeps_the_chosen(client: httpx2.AsyncClient, home: House) -> None:
    silke = await cast.person(home, "Silke Brandt")
    jana, jurgen = await cast.person(home, "Jana Reuter"), await cast.person(home, "Jürgen Öhler")
    await browser(client, home, silke)
    shown = (await client.get("/channels/direct", params={"people": jana.id, "_find": "jurgen oh"})).text
    assert re.search(rf'value="{jana.id}" checked', shown)
    assert f'value="{jurgen.id}">' in shown
    assert f'value="{silke.id}"' not in shown
    begun = await send(client, do="channels.direct", people=[str(jana.id), str(jurgen.id)], _find="")
    place = begun.headers["location"].removeprefix("/c/")
    assert "Jana Reuter, Jürgen Öhler" in (await client.get(f"/c/{place}/members")).text
    assert (await send(client, do="channels.direct", people=[str(jurgen.id), str(jana.id)])).headers[
        "location"
    ] == f"/c/{place}"


async def test_favourites_come_first(client: httpx2.AsyncClient, home: House) -> None:
    silke = await cast.person(home, "Silke Brandt")
    await cast.channel(home, silke, "Angebote")
    place = await cast.channel(home, silke, "Zubehör")
    await browser(client, home, silke)
    nav = (await client.get("/part/nav")).text
    assert nav.index("Angebote") < nav.index("Zubehör")
    await send(client, do="channels.favourite", place=place, on="true")
    nav = (await client.get("/part/nav")).text
    assert nav.index("Zubehör") < nav.index("Angebote")
    assert "Zubehör" in (await client.get("/chats?show=favourites")).text.split('data-live="')[1]


async def test_hostile_names_are_text(client: httpx2.AsyncClient, home: House) -> None:
    silke = await cast.person(home, "Silke Brandt")
    place = (await home.perform(silke, w.Create(id=new_id(), name=HOSTILE, description=HOSTILE))).place
    await cast.say(home, silke, place, "hallo")
    await browser(client, home, silke)
    for path in ("/", "/chats", "/channels", f"/c/{place}", f"/c/{place}/settings", f"/c/{place}/members", "/part/nav"):
        text = (await client.get(path)).text
        assert "<script>alert" not in text, path
    assert (await client.get("/jump.json")).headers["content-type"] == "application/json"


@pytest.mark.parametrize("role", ["outsider", "guest", "administrator"])
async def test_no_page_of_an_outsider_holds_what_is_private(client: httpx2.AsyncClient, home: House, role: str) -> None:
    silke, jana = await cast.person(home, "Silke Brandt"), await cast.person(home, "Jana Reuter")
    other = await cast.person(home, "Dritter", role="member" if role == "outsider" else role)
    private = await cast.channel(home, silke, f"{CANARY}-name", kind="private", members=[jana])
    public = await cast.channel(home, silke, "Offen", members=[jana])
    direct = await cast.direct(home, silke, jana)
    for place in (private, public, direct):
        await cast.say(home, silke, place, f"{CANARY}-text", topic_name=f"{CANARY}-topic")
    await browser(client, home, other)
    paths = ["/", "/chats", "/channels", "/channels/new", "/channels/direct", "/part/nav", "/part/home", "/part/chats",
             "/jump.json"]  # fmt: skip
    paths += [f"/c/{place}{rest}" for place in (private, public, direct) for rest in ("", "/settings", "/members")]
    for path in paths:
        answer = await client.get(path)
        text = answer.text
        if role == "administrator" and path in ("/channels", f"/c/{private}/settings", f"/c/{private}/members"):
            assert f"{CANARY}-name" in text  # administrators manage names, and read nothing
            text = text.replace(f"{CANARY}-name", "")
        assert CANARY not in text, path
        managed = role == "administrator" and path.startswith(f"/c/{private}/")
        if path.startswith((f"/c/{private}", f"/c/{direct}")) and not managed:
            assert answer.status_code == 404, path
    if role == "guest":
        assert (await client.get(f"/c/{public}")).status_code == 404
    members = (await client.get(f"/c/{public}/members")).text
    assert "Jana Reuter" not in members  # from outside only the size


async def test_as_many_queries_for_sixty_channels_as_for_three(
    app: Starlette, client: httpx2.AsyncClient, home: House
) -> None:
    await app.state.runner.stop()  # it asks for jobs once a second
    silke, jana = await cast.person(home, "Silke Brandt"), await cast.person(home, "Jana Reuter")

    async def fill(numbers: range) -> None:
        for number in numbers:
            place = await cast.channel(home, silke, f"Kanal {number}", members=[jana])
            await cast.say(home, silke, place, "neu", topic_name="Thema")

    await fill(range(3))
    await cast.direct(home, silke, jana)
    await browser(client, home, jana)
    paths = ("/", "/chats", "/channels", "/part/nav", "/jump.json")
    few = {path: await queries(client, home, path) for path in paths}
    await fill(range(3, 60))
    assert {path: await queries(client, home, path) for path in paths} == few
    assert [path for path in paths if not 3 < few[path] < 15] == [], few
    assert len(await home.read(mine_in, jana)) == 61


async def queries(client: httpx2.AsyncClient, home: House, path: str) -> int:
    """How many statements one page asks of the database. The least of three: the pump looks too, now and then."""
    await client.get(path)
    return min([await _counted(client, home, path) for _ in range(3)])


async def _counted(client: httpx2.AsyncClient, home: House, path: str) -> int:
    with counted(home) as said:
        assert (await client.get(path)).status_code == 200
    return len(said)
