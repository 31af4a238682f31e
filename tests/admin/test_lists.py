"""A list read in: what the dry run shows is what happens, and nothing happens before."""

import re

import httpx2
import pytest

from intranet import people
from intranet.kernel import House, Person, new_id
from intranet.people.writes import Deactivate, Import
from tests import cast
from tests.people.forms import above, send

LIST = """Name;E-Mail;Funktion;Standort;Telefon;Seite;Rolle;Teams
Mehmet Aydin;mehmet@quellmoor.example;Servicetechniker;Auenried;+49 555 01 17;draußen;;Service Süd | Dosiertechnik
Silke Brandt;silke@quellmoor.example;Auftrag;Halden;;drinnen;Redaktion;
Kaputt;keine-adresse;;;;;;
Doppelt;silke@quellmoor.example;;;;;;
"""


@pytest.fixture
async def ravi(home: House, client: httpx2.AsyncClient) -> Person:
    one = await cast.person(home, "Ravi Menon", role="administrator")
    await cast.sign_in(client, home, one)
    return one


async def everybody(home: House) -> list[people.Entry]:
    return await home.read(people.everybody, Person(0, role="owner"))


async def dry(client: httpx2.AsyncClient, data: bytes) -> httpx2.Response:
    return await client.post("/admin/people/import", files={"file": ("leute.csv", data, "text/csv")})


def figures(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<b>(\d+)</b>", page.split("four")[1].split("</ul>")[0])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
async def test_the_dry_run_shows_and_the_real_run_does(
    home: House, client: httpx2.AsyncClient, ravi: Person, encoding: str
) -> None:
    shown = await dry(client, LIST.replace("\n", "\r\n").encode(encoding))
    assert figures(shown.text) == [2, 0, 0, 2]
    assert "Das ist keine E-Mail-Adresse." in shown.text
    assert "Diese Adresse steht zweimal in der Liste." in shown.text
    assert "Neue Teams: Dosiertechnik, Service Süd" in shown.text
    assert [entry.name for entry in await everybody(home)] == ["Ravi Menon"]  # nothing has happened
    text = shown.text.split("readonly>")[1].split("</textarea>")[0].lstrip("\n")
    done = await send(client, "people.import", text=text.replace("&#39;", "'"))
    assert done.headers["location"] == "/admin/people?made=2&changed=0&same=0&refused=2"
    page = (await client.get(done.headers["location"])).text
    assert "Die Liste ist eingelesen: 2 neu, 0 geändert, 2 ausgelassen." in page
    mehmet, _, silke = await everybody(home)
    assert (mehmet.title, mehmet.site, mehmet.side, mehmet.invited) == ("Servicetechniker", "Auenried", "field", True)
    assert [team.name for team in mehmet.teams] == ["Dosiertechnik", "Service Süd"]
    assert (silke.role, silke.side) == ("editor", "office")


async def test_the_same_list_again_changes_nothing(home: House, client: httpx2.AsyncClient, ravi: Person) -> None:
    await send(client, "people.import", text=LIST)
    before = await everybody(home)
    shown = await dry(client, LIST.encode())
    assert figures(shown.text) == [0, 0, 2, 2]
    assert "Es gibt nichts zu übernehmen." in shown.text
    await send(client, "people.import", text=LIST)
    assert await everybody(home) == before


async def test_what_the_list_leaves_out_stays(home: House, client: httpx2.AsyncClient, ravi: Person) -> None:
    await send(client, "people.import", text=LIST)
    shorter = "E-Mail,Vorname,Nachname,Standort\nMEHMET@quellmoor.example,Mehmet,Aydin,Brake\n"
    assert figures((await dry(client, shorter.encode())).text) == [0, 1, 0, 0]
    await send(client, "people.import", text=shorter)
    mehmet = next(entry for entry in await everybody(home) if entry.name == "Mehmet Aydin")
    assert (mehmet.site, mehmet.title, len(mehmet.teams)) == ("Brake", "Servicetechniker", 2)


async def test_a_list_gives_nobody_more_than_its_reader_may(home: House, ravi: Person) -> None:
    owner = await cast.person(home, "Olga Own", role="owner")
    gone = await cast.person(home, "Otto Weg")
    await home.perform(owner, Deactivate(id=new_id(), person=gone.id))
    emails = {entry.name: entry.email for entry in await everybody(home)}
    out = (await home.read(people.everybody, Person(0, role="owner"), state="deactivated"))[0].email
    lines = [
        "Name;E-Mail;Rolle", f"Olga Neu;{emails['Olga Own']};", "Boss;boss@b.example;owner",
        "Chef;chef@b.example;admin",
        f"Ravi Menon;{emails['Ravi Menon']};owner", f"Otto Neu;{out};",
    ]  # fmt: skip
    answer = await home.perform(ravi, Import(id=new_id(), text="\n".join(lines)))
    assert answer.extra["refused"] == 5
    assert {entry.name: entry.role for entry in await everybody(home)} == {
        "Olga Own": "owner",
        "Ravi Menon": "administrator",
    }


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "muss die Spalten nennen"), (b"Hallo\nWelt", "muss die Spalten nennen"),
        (b"Name;E-Mail\n", "hat keine Zeilen"), (b"\x89PNG\0\0", "war nicht lesbar"),
        (b"Name;E-Mail\n" + b"A;a@b.example\n" * 5001, "Höchstens 5000 Zeilen"),
        (b"x" * 950_000, "Zu groß"),
    ],
)  # fmt: skip
async def test_what_is_no_list(client: httpx2.AsyncClient, ravi: Person, data: bytes, sentence: str) -> None:
    page = await dry(client, data)
    assert page.status_code in (413, 422)
    assert sentence in above(page.text)


async def test_a_hostile_list_is_text(home: House, client: httpx2.AsyncClient, ravi: Person) -> None:
    hostile = "Name;E-Mail;Teams\n</textarea><script>alert(1)</script>;eve@b.example;<b>x</b>\n"
    page = (await dry(client, hostile.encode())).text
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert page.count("</textarea>") == 1
