"""The own profile: what is taken, what is refused, hostile names; and the portrait."""

import io
import re
from typing import Any

import httpx2
import pytest
from PIL import Image

from intranet import people
from intranet.kernel import House, Person, Refused, new_id
from intranet.people.photos import path_of
from intranet.people.writes import MakeToken, Photo, Profile
from tests import cast
from tests.people.forms import above, at_field, send, typed

HOSTILE = "<img src=x onerror=alert(1)> \"' & {{7*7}} ${x}"


async def entry_of(house: House, who: Person) -> people.Entry:
    entry = await house.read(people.person_entry, who, who.id)
    assert entry is not None
    return entry


@pytest.fixture
async def jana(home: House, client: httpx2.AsyncClient) -> Person:
    one = await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, one)
    return one


async def test_everything_of_ones_own_is_changed(home: House, client: httpx2.AsyncClient, jana: Person) -> None:
    fields = {"name": "  Jana\tReuter-Kühn ", "title": "Angebote", "site": "Halden", "phone": "+49 (0)30 555 01-17"}
    done = await send(client, "people.profile", **fields, side="both", lang="nl", zone="Europe/Amsterdam")
    assert done.headers["location"] == "/me?done=profile"
    entry = await entry_of(home, jana)
    assert (entry.name, entry.title, entry.site) == ("Jana Reuter-Kühn", "Angebote", "Halden")
    assert (entry.side, entry.lang, entry.zone) == ("both", "nl", "Europe/Amsterdam")
    page = (await client.get("/me?done=profile")).text
    assert "Opgeslagen." in page


async def other_page(home: House, client: httpx2.AsyncClient, of: Person) -> str:
    """A colleague's view of somebody."""
    silke = await cast.person(home, "Silke Brandt")
    await cast.sign_in(client, home, silke)
    return (await client.get(f"/p/{of.id}")).text


async def test_a_colleague_calls_with_one_tap_and_writes_with_one(
    home: House, client: httpx2.AsyncClient, jana: Person
) -> None:
    await home.perform(jana, Profile(id=new_id(), phone="+49 (0)30 555 01 17"))
    page = await other_page(home, client, jana)
    assert 'href="tel:+49305550117"' in page
    assert ">+49 (0)30 555 01 17<" in page
    done = await send(client, "channels.direct", people=str(jana.id))
    assert re.fullmatch(r"/c/\d+", done.headers["location"])
    assert (await client.get(done.headers["location"])).status_code == 200


REFUSED = [
    ("name", "", "Der Name fehlt noch."), ("name", "\u202e\u200b", "Der Name fehlt noch."),
    ("name", "x" * 81, "Der Name ist zu lang: höchstens 80 Zeichen."),
    ("phone", "ruf mich an", "Das ist keine Telefonnummer. Ziffern, Leerzeichen und + genügen."),
    ("phone", "+49 30; javascript:x", "Das ist keine Telefonnummer. Ziffern, Leerzeichen und + genügen."),
]  # fmt: skip


async def test_what_is_refused_comes_back_with_a_sentence(
    home: House, client: httpx2.AsyncClient, jana: Person
) -> None:
    for field, value, sentence in REFUSED:
        page = await send(client, "people.profile", **{"name": "Jana Neu", "title": "Angebote", field: value})
        assert page.status_code == 422, value
        assert at_field(page.text, field) == sentence, value
        assert typed(page.text, "title") == "Angebote", value
        assert (await entry_of(home, jana)).title == "", value


LIMITS: list[tuple[dict[str, Any], str]] = [
    ({"title": "x" * 121}, "line-long"), ({"site": "x" * 121}, "line-long"), ({"side": "up"}, "side-unknown"),
    ({"lang": "fr"}, "lang-unknown"), ({"zone": "Mars/Base"}, "zone-unknown"),
    ({"zone": "../etc/passwd"}, "zone-unknown"),
]  # fmt: skip


async def test_limits(home: House, jana: Person) -> None:
    for fields, code in LIMITS:
        with pytest.raises(Refused, match=code):
            await home.perform(jana, Profile(id=new_id(), **fields))


async def test_a_hostile_name_is_text_everywhere(home: House, client: httpx2.AsyncClient) -> None:
    eve = await cast.person(home, "Eve", role="owner")
    await home.perform(eve, Profile(id=new_id(), name=HOSTILE, title=HOSTILE, site=HOSTILE))
    place = await cast.channel(home, eve, "Allgemein")
    await cast.say(home, eve, place, "hallo")
    await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, eve)
    for path in (
        "/people",
        f"/p/{eve.id}",
        "/me",
        "/welcome",
        "/admin/people",
        f"/admin/people/{eve.id}",
        f"/c/{place}",
    ):
        page = (await client.get(path)).text
        assert "<img src=x" not in page, path
        assert "&lt;img src=x onerror=alert(1)&gt;" in page, path
        assert "49 ${x}" not in page, path


async def test_letters_that_pretend_are_taken_out(home: House, jana: Person) -> None:
    await home.perform(jana, Profile(id=new_id(), name="Ravi\u200b Me\u202enon\u0000"))
    assert (await entry_of(home, jana)).name == "Ravi Menon"


async def test_role_address_and_teams_are_not_ones_own(home: House, client: httpx2.AsyncClient, jana: Person) -> None:
    for more in ({"role": "owner"}, {"email": "x@y.example"}, {"teams": [1]}, {"person": 1}):
        write = {"do": "people.profile", "id": new_id(), "title": "x", **more}
        assert (await client.post("/do", json=write)).status_code == 422
    entry = await entry_of(home, jana)
    assert (entry.role, entry.title) == ("member", "")


# -- portrait


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, size[0] % 256, 40)).save(out, kind, **more)
    return out.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "CANARY in Auenried"
    exif[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0)}
    return picture(exif=exif)


async def put(client: httpx2.AsyncClient, data: bytes, name: str = "ich.jpg") -> httpx2.Response:
    return await client.post("/people/photo", files={"photo": (name, data, "image/jpeg")})


async def address(client: httpx2.AsyncClient) -> str:
    found = re.search(r'src="(/people/\d+/photo/[0-9a-f]{32}\.webp)"', (await client.get("/me")).text)
    assert found is not None
    return found[1]


async def test_a_portrait_is_small_square_and_says_nothing_of_where(
    home: House, client: httpx2.AsyncClient, jana: Person
) -> None:
    assert (await put(client, with_place())).headers["location"] == "/me?done=photo"
    shown = await client.get(await address(client))
    assert shown.headers["content-type"] == "image/webp"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"].startswith("private")
    made = Image.open(io.BytesIO(shown.content))
    assert made.size == (512, 512)
    assert not made.getexif()
    assert b"CANARY" not in shown.content


async def test_the_earlier_portrait_is_gone_and_leads_to_the_new(
    home: House, client: httpx2.AsyncClient, jana: Person
) -> None:
    await put(client, picture())
    first = await address(client)
    await put(client, picture("PNG", (300, 300)))
    second = await address(client)
    assert first != second
    assert (await client.get(first)).headers["location"] == second
    folder = path_of(home.folder, jana.id, "x").parent
    assert [path.stem for path in folder.iterdir()] == [second.rsplit("/", 1)[1].removesuffix(".webp")]
    await client.post("/people/photo", files={"gone": (None, "1")})
    assert "/photo/" not in (await client.get("/me")).text
    assert (await client.get(second)).status_code == 404
    assert list(folder.iterdir()) == []


async def test_what_is_no_picture_is_refused(client: httpx2.AsyncClient, jana: Person) -> None:
    for data in (b"", b"GIF89a", b"<svg onload=alert(1)>", picture()[:400], b"%PDF-1.7" + b"x" * 99):
        page = await put(client, data)
        assert page.status_code == 422, data[:20]
        assert above(page.text) in ("Das ist kein lesbares Bild.", "Es wurde kein Bild gewählt."), data[:20]


async def test_a_bomb_and_a_flood_are_refused(client: httpx2.AsyncClient, jana: Person) -> None:
    bomb = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    for data in (bomb.getvalue(), b"x" * (16 * 1024 * 1024 + 1)):
        page = await put(client, data)
        assert page.status_code == 413
        assert "zu groß" in above(page.text)


async def test_no_other_path_is_a_portrait(home: House, client: httpx2.AsyncClient, jana: Person) -> None:
    for photo in ("../../../keys/server", "A" * 32, "x", "0" * 33):
        with pytest.raises(Refused, match="photo-odd"):
            await home.perform(jana, Photo(id=new_id(), photo=photo))
        assert (await client.get(f"/people/{jana.id}/photo/{photo}.webp")).status_code == 404, photo


async def test_a_program_does_not_change_the_portrait(home: House, client: httpx2.AsyncClient, jana: Person) -> None:
    token = str((await home.perform(jana, MakeToken(id=new_id(), name="Wetter"))).extra["token"])
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    refused = await client.post("/people/photo", files={"photo": ("a", picture(), "image/png")}, headers=headers)
    assert refused.status_code == 403
