"""After a list: a link for everybody who has neither password nor link, to hand out, shown once."""

import base64
import csv
import html
import io
import re

import httpx2
import pytest

from intranet.kernel import NOBODY, House, Person, Refused, clock, new_id
from intranet.people.writes import Deactivate, Import, LetIn, Reset
from tests import cast
from tests.people.forms import GOOD, Later, above, send

LIST = "name;email;rolle\nMehmet Aydin;mehmet@quellmoor.example;\n=1+2 Böse;boese@quellmoor.example;\n"


@pytest.fixture
async def ravi(home: House, client: httpx2.AsyncClient) -> Person:
    one = await cast.person(home, "Ravi Menon", role="administrator", hash="known")
    await cast.sign_in(client, home, one)
    return one


def tokens(page: str) -> list[str]:
    return re.findall(r"/reset/([0-9a-f]{64})</code>", page)


async def test_links_are_offered_made_shown_once_and_open_once(
    home: House, client: httpx2.AsyncClient, ravi: Person
) -> None:
    await home.perform(ravi, Import(id=new_id(), text=LIST))
    offered = (await client.get("/admin/people?made=2&changed=0&refused=0")).text
    assert "2 Personen haben noch keinen Link" in offered
    assert "Einladungen senden" not in offered, "there is no mail here"
    made = await send(client, "people.let_in")
    shown = await client.get(made.headers["location"])
    assert shown.headers["cache-control"] == "no-store"
    first, second = tokens(shown.text)
    assert tokens((await client.get(made.headers["location"])).text) == [], "once"
    assert "haben noch keinen Link" not in (await client.get("/admin/people?state=invited")).text
    client.cookies.clear()
    page = (await client.get(f"/reset/{second}")).text
    assert "Passwort wählen" in page
    assert "mehmet@quellmoor.example" in page
    done = await send(client, "people.reset", token=second, password=GOOD)
    assert done.headers["location"] == "/welcome"
    assert (await client.get(f"/reset/{second}")).status_code == 404
    assert (await client.get(f"/reset/{first}")).status_code == 200


async def test_the_sheet_holds_no_formula(home: House, client: httpx2.AsyncClient, ravi: Person) -> None:
    await home.perform(ravi, Import(id=new_id(), text=LIST + "@SUM(A1);summe@quellmoor.example;\n"))
    made = await send(client, "people.let_in")
    page = (await client.get(made.headers["location"])).text
    found = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', page)
    assert found is not None
    sheet = base64.b64decode(html.unescape(found[1])).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet), delimiter=";"))
    assert rows[0] == ["Name", "E-Mail", "Link", "Gilt bis"]
    assert sorted(row[0] for row in rows[1:]) == ["'=1+2 Böse", "'@SUM(A1)", "Mehmet Aydin"]
    assert sorted(row[2].rsplit("/", 1)[1] for row in rows[1:]) == sorted(tokens(page))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


async def test_links_end_and_are_made_anew_for_those_without(
    home: House, client: httpx2.AsyncClient, ravi: Person, later: Later
) -> None:
    await home.perform(ravi, Import(id=new_id(), text=LIST))
    made = await send(client, "people.let_in")
    first = tokens((await client.get(made.headers["location"])).text)
    again = await send(client, "people.let_in")
    assert again.status_code == 409
    assert above(again.text) == "Alle haben ein Passwort oder einen Link, der noch gilt."
    later.pass_by(14 * clock.DAY)
    assert (await client.get(made.headers["location"])).status_code == 404
    with pytest.raises(Refused, match="link-dead"):
        await home.perform(NOBODY, Reset(id=new_id(), token=first[0], password=GOOD))
    made = await send(client, "people.let_in")
    assert not set(first) & set(tokens((await client.get(made.headers["location"])).text))


async def test_nobody_gets_a_link_from_who_may_not_manage_them(home: House, ravi: Person) -> None:
    await cast.person(home, "Olga", role="owner")
    await cast.person(home, "Anna", role="administrator")
    gone, boss = await cast.person(home, "Weg"), await cast.person(home, "Chef", role="owner", hash="known")
    await home.perform(boss, Deactivate(id=new_id(), person=gone.id))
    with pytest.raises(Refused, match="nobody-waits"):
        await home.perform(ravi, LetIn(id=new_id()))
    with pytest.raises(Refused, match="mail-off"):
        await home.perform(ravi, LetIn(id=new_id(), mail=True))
    await home.perform(boss, LetIn(id=new_id()))


async def test_a_page_is_its_makers(home: House, client: httpx2.AsyncClient, ravi: Person) -> None:
    await home.perform(ravi, Import(id=new_id(), text=LIST))
    made = await send(client, "people.let_in")
    other = await cast.person(home, "Silke Brandt", role="administrator", hash="known")
    await cast.sign_in(client, home, other)
    assert (await client.get(made.headers["location"])).status_code == 404
    await cast.sign_in(client, home, ravi)
    assert len(tokens((await client.get(made.headers["location"])).text)) == 2
