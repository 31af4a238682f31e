"""The first account, signing in and out, and how often one may try."""

import asyncio

import httpx2
import msgspec
import pytest
from sqlalchemy import insert, select
from starlette.applications import Starlette

from intranet import people
from intranet.app import make_app
from intranet.kernel import SYSTEM, House, Installation, Refused, clock, network, new_id
from intranet.kernel.config import Settings
from intranet.people import throttle
from intranet.people.models import Attempt
from intranet.people.writes import Deactivate, Make
from tests import cast
from tests.databases import on_database
from tests.people.forms import GOOD, Later, above, at_field, send, typed


async def account(house: House, email: str = "jana@quellmoor.example") -> int:
    write = Make(id=new_id(), name="Jana Reuter", email=email, hash=people.hash_of(GOOD))
    return (await house.perform(SYSTEM, write)).place


# -- the first account


async def test_the_printed_link_makes_the_owner_once(home: House, client: httpx2.AsyncClient) -> None:
    path = await people.set_up_path(home)
    assert path is not None
    page = await client.get(path)
    assert page.status_code == 200
    assert "Das erste Konto" in page.text
    token = path.rsplit("/", 1)[1]
    done = await send(client, "people.set_up", token=token, name="Ravi Menon", email="r@q.example", password=GOOD)
    assert (done.status_code, done.headers["location"]) == (303, "/welcome")
    first = await client.get("/welcome")
    assert "Schritt 2 von 3" in first.text
    assert await people.set_up_path(home) is None
    closed = await client.get(path)
    assert closed.status_code == 409
    assert "schon eingerichtet" in closed.text
    other = await send(client, "people.set_up", token=token, name="Eve", email="e@q.example", password=GOOD)
    assert other.status_code == 409


async def test_a_restart_prints_the_same_link_and_a_guess_opens_nothing(
    home: House, client: httpx2.AsyncClient
) -> None:
    assert await people.set_up_path(home) == await people.set_up_path(home)
    assert (await client.get("/set-up/" + "0" * 64)).status_code == 404
    refused = await send(client, "people.set_up", token="0" * 64, name="E", email="e@q.example", password=GOOD)
    assert refused.status_code == 404
    assert "set-cookie" not in refused.headers


async def test_set_up_comes_back_as_typed(home: House, client: httpx2.AsyncClient) -> None:
    path = await people.set_up_path(home)
    assert path is not None
    fields = {"token": path.rsplit("/", 1)[1], "name": "Ravi Menon", "email": "ravi@quellmoor", "password": GOOD}
    page = await send(client, "people.set_up", **fields, side="both")
    assert page.status_code == 422
    assert at_field(page.text, "email") == "Da fehlt noch die Endung, etwa .example"
    assert (typed(page.text, "name"), typed(page.text, "email")) == ("Ravi Menon", "ravi@quellmoor")
    assert GOOD not in page.text
    assert 'value="both" checked' in page.text


# -- sign in


async def test_signing_in_leads_where_one_wanted(home: House, client: httpx2.AsyncClient) -> None:
    await account(home)
    page = await client.get("/sign-in?next=/people")
    assert typed(page.text, "next") == "/people"
    done = await send(client, "people.sign_in", email=" Jana@Quellmoor.example ", password=GOOD, next="/people")
    assert (done.status_code, done.headers["location"]) == (303, "/people")
    assert (await client.get("/me")).status_code == 200
    assert (await client.get("/sign-in?next=/people")).headers["location"] == "/people"


async def test_nobody_is_led_elsewhere(home: House, client: httpx2.AsyncClient) -> None:
    await account(home)
    for to in ("//evil.example", "https://evil.example", "/\\evil.example", "x", "/a\r\nb", ""):
        client.cookies.clear()
        page = await client.get("/sign-in", params={"next": to})
        assert typed(page.text, "next") == "/", to
        done = await send(client, "people.sign_in", email="jana@quellmoor.example", password=GOOD, next=to)
        assert done.headers["location"] == "/", to


async def test_the_wrong_password_and_the_unknown_get_the_same_answer(home: House, client: httpx2.AsyncClient) -> None:
    await account(home)
    gone = await account(home, "gone@quellmoor.example")
    owner = await cast.person(home, "Ravi", role="owner")
    await home.perform(owner, Deactivate(id=new_id(), person=gone))
    pages = []
    for email, password in (
        ("jana@quellmoor.example", "ein falsches Wort"),
        ("nobody@quellmoor.example", GOOD),
        ("gone@quellmoor.example", GOOD),
        ("nobody@quellmoor.example", ""),
    ):
        page = await send(client, "people.sign_in", email=email, password=password)
        kept = typed(page.text, "email") == email
        pages.append((page.status_code, above(page.text), kept, "set-cookie" in page.headers))
    assert set(pages) == {(401, "E-Mail-Adresse und Passwort gehören nicht zusammen.", True, False)}


async def test_who_has_no_password_cannot_sign_in(home: House, client: httpx2.AsyncClient) -> None:
    await home.perform(SYSTEM, Make(id=new_id(), name="Neu", email="neu@quellmoor.example"))
    for password in ("", GOOD):
        assert (
            await send(client, "people.sign_in", email="neu@quellmoor.example", password=password)
        ).status_code == 401


@pytest.mark.parametrize(
    ("url", "name", "secure"), [("", "binnen", False), ("https://q.example", "__Host-binnen", True)]
)
async def test_the_cookie_is_out_of_reach(settings: Settings, url: str, name: str, secure: bool) -> None:
    app = make_app(msgspec.structs.replace(settings, public_url=url))
    async with app.router.lifespan_context(app):
        await account(app.state.house)
        base = url or "http://binnen.test"
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=base, headers={"Origin": base}) as client:
            done = await send(client, "people.sign_in", email="jana@quellmoor.example", password=GOOD)
            cookie = done.headers["set-cookie"]
            assert cookie.startswith(f"{name}=")
            flags = {part.strip().partition("=")[0].lower() for part in cookie.split(";")[1:]}
            assert {"httponly", "path", "max-age"} <= flags
            assert "domain" not in flags
            assert "samesite=lax" in cookie.lower()
            assert ("secure" in flags) is secure
            assert (await client.get("/me", headers={"Accept": "text/html"})).status_code == 200


async def test_signing_out_ends_the_session_itself(home: House, client: httpx2.AsyncClient) -> None:
    jana = await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, jana)
    secret = client.cookies["binnen"]
    done = await send(client, "people.sign_out")
    assert done.headers["location"] == "/sign-in"
    assert done.headers["clear-site-data"] == '"cache"'
    client.cookies.clear()
    client.cookies.set("binnen", secret)
    assert (await client.get("/me")).headers["location"].startswith("/sign-in")


# -- throttle


async def test_an_account_is_tried_ten_times_then_waits(home: House, client: httpx2.AsyncClient) -> None:
    await account(home)
    await account(home, "else@quellmoor.example")
    for _ in range(throttle.PER_ACCOUNT):
        assert (await send(client, "people.sign_in", email="jana@quellmoor.example", password="x")).status_code == 401
    page = await send(client, "people.sign_in", email="JANA@quellmoor.example", password=GOOD)
    assert page.status_code == 429
    assert "In 15 Minuten" in above(page.text)
    program = await client.post(
        "/do", json={"do": "people.sign_in", "id": new_id(), "email": "jana@quellmoor.example", "password": GOOD}
    )
    assert program.status_code == 429
    assert program.headers["retry-after"] == "900"
    other = await send(client, "people.sign_in", email="else@quellmoor.example", password=GOOD)
    assert other.status_code == 303


async def test_a_right_password_forgives(home: House, client: httpx2.AsyncClient) -> None:
    await account(home)
    for _ in range(2):
        for _ in range(throttle.PER_ACCOUNT - 1):
            await send(client, "people.sign_in", email="jana@quellmoor.example", password="x")
        assert (await send(client, "people.sign_in", email="jana@quellmoor.example", password=GOOD)).status_code == 303


async def tried(house: House, account: str, address: str) -> None:
    write = throttle.Try(id=new_id(), purpose="sign-in", account=account, address=address)
    await house.perform(SYSTEM, write)


async def test_an_address_is_limited_over_all_accounts(home: House, later: Later) -> None:
    later.pass_by(throttle.WINDOW - clock.now() % throttle.WINDOW)  # a window begins
    await asyncio.gather(*(tried(home, f"a{number}", "192.0.2.1") for number in range(throttle.PER_ADDRESS)))
    with pytest.raises(Refused) as refused:
        await tried(home, "another", "192.0.2.1")
    assert refused.value.status == 429
    await tried(home, "another", "192.0.2.2")
    later.pass_by(throttle.WINDOW)
    with pytest.raises(Refused):
        await tried(home, "another", "192.0.2.1")
    later.pass_by(throttle.WINDOW // 2)
    await asyncio.gather(*(tried(home, f"a{number}", "192.0.2.1") for number in range(throttle.PER_ADDRESS // 2)))
    with pytest.raises(Refused):
        await tried(home, "another", "192.0.2.1")
    later.pass_by(3 * throttle.WINDOW)
    await tried(home, "another", "192.0.2.1")
    kept = await home.read(lambda conn: conn.execute(select(Attempt.tries)).scalars().all())
    assert kept == [1, 1], "nothing is kept of who tried long ago"


async def test_a_whole_company_may_sign_in_from_one_address(home: House, client: httpx2.AsyncClient) -> None:
    await account(home)
    await asyncio.gather(*(tried(home, f"a{number}", "127.0.0.1") for number in range(throttle.PER_ADDRESS - 2)))
    for _ in range(5):
        assert (await send(client, "people.sign_in", email="jana@quellmoor.example", password=GOOD)).status_code == 303
    for status in (401, 401, 429):
        answer = await send(client, "people.sign_in", email=f"else{status}@quellmoor.example", password="x")
        assert answer.status_code == status


def test_a_household_counts_as_one() -> None:
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::9")
    assert network("2001:db8:1:3::9") != network("2001:db8:1:2::9")
    assert network("192.0.2.7") == "192.0.2.7"
    assert network("testclient") == "testclient"


# -- language, demo


async def test_the_language_is_chosen_before_the_door_and_kept(client: httpx2.AsyncClient, app: Starlette) -> None:
    assert "Willkommen drinnen." in (await client.get("/sign-in")).text
    dutch = await client.get("/sign-in?lang=nl")
    assert 'lang="nl"' in dutch.text
    assert "Welkom binnen." in dutch.text
    assert "Welkom binnen." in (await client.get("/sign-in")).text
    assert "Welkom binnen." in (await client.get("/sign-in?lang=xx")).text


async def test_one_click_entries_are_for_the_sample_company_only(
    home: House, client: httpx2.AsyncClient, settings: Settings
) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    assert (await client.post(f"/demo/as/{ravi.id}")).status_code == 404
    assert "umsehen als" not in (await client.get("/sign-in")).text


async def test_one_click_lets_in_who_is_listed(settings: Settings) -> None:
    app = make_app(msgspec.structs.replace(settings, demo=True))
    async with app.router.lifespan_context(app):
        house = app.state.house
        ravi, jana = await cast.person(house, "Ravi Menon", role="owner"), await cast.person(house, "Jana Reuter")
        await on_database(settings, lambda conn: conn.execute(
            insert(Installation).values(key="demo.personas", value=f"[{ravi.id}]")
        ))  # fmt: skip
        headers = {"Origin": "http://b.test", "Accept": "text/html"}
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://b.test", headers=headers) as client:
            assert f'action="/demo/as/{ravi.id}"' in (await client.get("/sign-in")).text
            assert (await client.post(f"/demo/as/{jana.id}")).status_code == 404
            foreign = await client.post(f"/demo/as/{ravi.id}", headers={"Origin": "http://evil.test"})
            assert foreign.status_code == 403
            assert (await client.post(f"/demo/as/{ravi.id}")).headers["location"] == "/"
            assert "Ravi Menon" in (await client.get("/me")).text


async def test_a_session_that_is_not_used_for_long_is_over(
    home: House, client: httpx2.AsyncClient, later: Later
) -> None:
    jana = await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, jana)
    later.pass_by(89 * clock.DAY)
    assert (await client.get("/me")).status_code == 200  # which counts as use
    later.pass_by(89 * clock.DAY)
    assert (await client.get("/me")).status_code == 200
    later.pass_by(91 * clock.DAY)
    assert (await client.get("/me")).status_code == 303
