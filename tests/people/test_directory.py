"""Who finds whom: members everybody, guests only whom they share a channel with, and nobody's number to them."""

from dataclasses import dataclass

import httpx2
import pytest
from starlette.applications import Starlette

from intranet import people
from intranet.channels.writes import Add, Leave
from intranet.kernel import House, Person, new_id
from intranet.people.writes import Deactivate, MakeToken, Photo, Profile, TeamMake, TeamMembers
from tests import cast
from tests.counting import counted

SECRETS = ("Stranger", "+49 999", "CanaryTitle", "CanarySite", "CanaryTeam")


@dataclass
class Scene:
    """A guest who shares one channel with Jana; Xaver is a stranger full of secrets, in a team of strangers."""

    house: House
    client: httpx2.AsyncClient
    owner: Person
    jana: Person
    xaver: Person
    guest: Person
    place: int


@pytest.fixture
async def scene(home: House, client: httpx2.AsyncClient) -> Scene:
    owner = await cast.person(home, "Ravi Menon", role="owner")
    jana = await cast.person(home, "Jana Reuter", side="field", title="Angebote", site="Halden", phone="+49 555 0117")
    xaver = await cast.person(home, "Xaver Stranger", title="CanaryTitle", site="CanarySite", phone="+49 999 1")
    guest = await cast.person(home, "Gast Holm", role="guest")
    team = (await home.perform(owner, TeamMake(id=new_id(), name="CanaryTeam"))).place
    await home.perform(owner, TeamMembers(id=new_id(), team=team, add=[xaver.id]))
    place = await cast.channel(home, jana, "Projekt", kind="private", members=[guest])
    await cast.channel(home, owner, "Andere", members=[xaver])
    await cast.sign_in(client, home, guest)
    return Scene(home, client, owner, jana, xaver, guest, place)


async def test_a_guest_sees_companions_and_nothing_of_others(scene: Scene) -> None:
    everything = ""
    for path in (
        "/people", "/people?text=Stranger", "/people?text=9991", "/people?site=CanarySite", "/people?side=office",
        f"/p/{scene.xaver.id}", f"/people/{scene.xaver.id}/photo/{'0' * 32}.webp", "/welcome", "/me", "/jump.json",
        "/channels", f"/c/{scene.place}", f"/p/{scene.jana.id}", f"/p/{scene.guest.id}", "/",
    ):  # fmt: skip
        everything += (await scene.client.get(path)).text.replace("text=Stranger", "").replace('value="Stranger"', "")
    everything = everything.replace("site=CanarySite", "")
    for secret in SECRETS:
        assert secret not in everything
    assert "Jana Reuter" in everything
    assert (await scene.client.get(f"/p/{scene.xaver.id}")).status_code == 404


async def test_a_guest_gets_no_number_and_no_address(scene: Scene) -> None:
    jana = await scene.house.read(people.person_entry, scene.jana, scene.jana.id)
    assert jana is not None
    await cast.say(scene.house, scene.jana, scene.place, "Moin")
    for path in ("/people", f"/p/{scene.jana.id}", f"/c/{scene.place}", "/jump.json"):
        page = (await scene.client.get(path)).text
        assert "Jana Reuter" in page, path
        for secret in (jana.email, "555 0117", "5550117"):
            assert secret not in page, path


async def test_a_guests_search_tells_nothing_that_is_not_shown(scene: Scene) -> None:
    for text in ("555", "0117", "halden", "quellmoor.example", "jana1", "jana2"):
        page = (await scene.client.get("/people", params={"text": text})).text
        assert "Jana Reuter" not in page, text
        found = await scene.house.read(people.find, scene.guest, text, scene.house.companions(scene.guest.id))
        assert found == [], text


async def test_a_guest_finds_companions_with_or_without_accents(scene: Scene) -> None:
    texts = ("Jörg", "jorg", "MÜLLER", "muller leitung")
    jorg = await cast.person(scene.house, "Jörg Müller", title="Leitung Süd")
    visible = scene.house.companions(scene.guest.id)
    for text in texts:
        assert await scene.house.read(people.find, scene.guest, text, visible) == [], "not in a channel together yet"
    await scene.house.perform(scene.jana, Add(id=new_id(), place=scene.place, people=[jorg.id]))
    for text in texts:
        found = await scene.house.read(people.find, scene.guest, text, visible)
        assert [line.name for line in found] == ["Jörg Müller"], text
        assert "Jörg Müller" in (await scene.client.get("/people", params={"text": text})).text, text


async def test_who_leaves_the_channel_is_not_seen_any_more(scene: Scene) -> None:
    assert (await scene.client.get(f"/p/{scene.jana.id}")).status_code == 200
    await scene.house.perform(scene.guest, Leave(id=new_id(), place=scene.place))
    assert (await scene.client.get(f"/p/{scene.jana.id}")).status_code == 404
    assert "Jana Reuter" not in (await scene.client.get("/people")).text


async def test_a_portrait_is_shown_to_those_who_see_the_person(scene: Scene) -> None:
    for who in (scene.jana, scene.xaver):
        await scene.house.perform(who, Photo(id=new_id(), photo="ab" * 16))
        folder = scene.house.folder / "people" / str(who.id)
        folder.mkdir(parents=True)
        (folder / f"{'ab' * 16}.webp").write_bytes(b"portrait")
    name = f"photo/{'ab' * 16}.webp"
    assert (await scene.client.get(f"/people/{scene.jana.id}/{name}")).content == b"portrait"
    assert (await scene.client.get(f"/people/{scene.xaver.id}/{name}")).status_code == 404
    scene.client.cookies.clear()
    nobody = await scene.client.get(f"/people/{scene.jana.id}/{name}")
    assert nobody.headers["location"].startswith("/sign-in")


async def test_nobody_sees_nothing(scene: Scene) -> None:
    scene.client.cookies.clear()
    for path in ("/people", f"/p/{scene.jana.id}", "/me", "/me/sessions", "/welcome", "/admin/people"):
        answer = await scene.client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in?next="), path


# -- members


EVERYBODY = ["Gast Holm", "Jana Reuter", "Ravi Menon", "Xaver Stranger"]
FOUND = {
    "": EVERYBODY, "text=reuter jana": ["Jana Reuter"], "text=RÉUTER": ["Jana Reuter"],
    "text=canaryteam": ["Xaver Stranger"], "text=halden": ["Jana Reuter"], "side=field": ["Jana Reuter"],
    "site=Halden": ["Jana Reuter"], "text=%25": [], "text=_": [], "side=nonsense&team=x&start=-1": EVERYBODY,
    "team=99999999999999999999": EVERYBODY,
}  # fmt: skip


async def test_members_find_everybody_by_anything(scene: Scene) -> None:
    await cast.sign_in(scene.client, scene.house, scene.jana)
    for query, found in FOUND.items():
        page = (await scene.client.get(f"/people?{query}")).text.split('<ul class="rows">')
        listed = page[1].split("</ul>")[0] if len(page) > 1 else ""
        assert [name for name in EVERYBODY if name in listed] == found, query


async def test_the_deactivated_are_not_listed_but_have_a_page(scene: Scene) -> None:
    await scene.house.perform(scene.owner, Deactivate(id=new_id(), person=scene.xaver.id))
    await cast.sign_in(scene.client, scene.house, scene.jana)
    assert "Xaver Stranger" not in (await scene.client.get("/people")).text
    page = (await scene.client.get(f"/p/{scene.xaver.id}")).text
    assert "nicht mehr aktiv" in page
    assert 'value="channels.direct"' not in page


async def test_what_is_in_common_is_what_both_are_in(scene: Scene) -> None:
    await cast.channel(scene.house, scene.jana, "Nur wir", kind="private", members=[scene.xaver])
    await cast.channel(scene.house, scene.owner, "Ohne Jana", kind="private", members=[scene.xaver])
    await cast.sign_in(scene.client, scene.house, scene.jana)
    page = (await scene.client.get(f"/p/{scene.xaver.id}")).text
    assert "Nur wir" in page
    assert "Ohne Jana" not in page
    assert "Andere" not in page.split('aria-label="Gemeinsam"')[1]


async def test_nobodys_password_or_session_is_on_a_page(scene: Scene) -> None:
    token = str((await scene.house.perform(scene.owner, MakeToken(id=new_id(), name="x"))).extra["token"])
    await cast.sign_in(scene.client, scene.house, scene.owner)
    administration = ("/admin/people", f"/admin/people/{scene.jana.id}")
    for path in ("/people", f"/p/{scene.jana.id}", "/me", "/me/sessions", *administration):
        page = (await scene.client.get(path)).text
        for secret in ("argon2", token, scene.client.cookies["binnen"]):
            assert secret not in page, path


# -- queries


MOST = {
    "/people": 16,
    "/p/{jana}": 17,
    "/me": 15,
    "/me/sessions": 14,
    "/welcome": 18,
    "/admin/people": 17,
    "/admin/people/{jana}": 15,
    "/admin/teams": 14,
    "/admin/people?state=invited": 17,
}


async def test_queries_do_not_grow_with_people(scene: Scene, app: Starlette) -> None:
    await app.state.runner.stop()
    await cast.sign_in(scene.client, scene.house, scene.owner)
    few = await asked(scene)
    for number in range(15):
        one = await cast.person(scene.house, f"Person {number}", site=f"Ort {number}")
        team = (await scene.house.perform(scene.owner, TeamMake(id=new_id(), name=f"Team {number}"))).place
        await scene.house.perform(scene.owner, TeamMembers(id=new_id(), team=team, add=[one.id, scene.jana.id]))
        await scene.house.perform(one, Profile(id=new_id(), title="x"))
    assert await asked(scene) == few
    assert [path for path, number in few.items() if number > MOST[path]] == [], few


async def asked(scene: Scene) -> dict[str, int]:
    """How many queries each page asks."""
    numbers = {}
    for path in MOST:
        address = path.format(jana=scene.jana.id)
        await scene.client.get(address)
        with counted(scene.house) as queries:
            assert (await scene.client.get(address)).status_code == 200, path
        numbers[path] = len(queries)
    return numbers
