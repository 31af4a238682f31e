"""Lists of customers and products read in: what the dry run shows is what happens, and nothing happens before."""

import html
import re
from collections.abc import Iterable
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, event

from intranet import customers
from intranet.customers.finding import Narrowed, listed, listed_products
from intranet.customers.writes import Import
from intranet.kernel import House, Person, Refused, new_id
from tests import cast
from tests.people.forms import above, send

LIST = """Kunden-Nr.;Firma;Branche;Außendienst;Innendienst
10482;Molkerei Sonnfeld;Lebensmittel;Jana Reuter;BRANDT@quellmoor.example
10517;Papierwerk Mühlental;;;
;Ohne Nummer;;;
10482;Doppelt;;;
10600;Wer kümmert sich;;Niemand;
"""
DUTCH = "klantnummer,naam,segment\n10517,Papierfabriek,Papier\n10482,Molkerei Sonnfeld,Lebensmittel\n"


async def dry(client: httpx2.AsyncClient, kind: str, data: bytes) -> httpx2.Response:
    return await client.post(f"/{kind}/import", files={"file": ("liste.csv", data, "text/csv")})


def figures(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<b>(\d+)</b>", page.split("four")[1].split("</ul>")[0])]


def sent_on(page: str) -> str:
    return html.unescape(page.split("readonly>")[1].split("</textarea>")[0].removeprefix("\n"))


async def everything(home: House, who: Person) -> list[Any]:
    return [
        (one.number, one.name, one.segment, one.field_person, one.office_person)
        for one in await home.read(listed, who, Narrowed(), 20)
    ]


async def test_what_is_shown_happens_and_the_same_again_changes_nothing(
    home: House, client: httpx2.AsyncClient
) -> None:
    edda = await cast.person(home, "Edda Editor", role="editor")
    jana = await cast.person(home, "Jana Reuter", side="field")
    silke = await cast.person(home, "Brandt")
    text = LIST.replace("BRANDT@quellmoor.example", "brandt")
    await cast.sign_in(client, home, edda)
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        shown = await dry(client, "customers", text.replace("\n", "\r\n").encode(encoding))
        assert (shown.status_code, figures(shown.text)) == (200, [2, 0, 0, 3])
        for sentence in ("Die Nummer fehlt noch.", "Diese Nummer steht zweimal in der Liste.", "hat hier niemand."):
            assert sentence in shown.text
    assert await everything(home, edda) == []
    done = await send(client, "customers.import", text=sent_on(shown.text))
    assert done.headers["location"] == "/customers?made=2&changed=0&same=0&refused=3"
    assert "2 neu, 0 geändert, 3 ausgelassen" in (await client.get(done.headers["location"])).text
    expected = [
        ("10482", "Molkerei Sonnfeld", "Lebensmittel", jana.id, silke.id),
        ("10517", "Papierwerk Mühlental", "", 0, 0),
    ]
    assert await everything(home, edda) == expected
    await send(client, "customers.import", text=text)
    assert await everything(home, edda) == expected
    shown = await dry(client, "customers", DUTCH.encode())
    assert (figures(shown.text), "Name, Segment" in shown.text) == ([0, 1, 1, 0], True)
    await send(client, "customers.import", text=DUTCH)
    assert (await everything(home, edda))[1] == ("10517", "Papierfabriek", "Papier", 0, 0)
    assert [one.name for one in await home.read(customers.find, edda, "papierf")] == ["Papierfabriek"]
    assert await home.read(customers.find, edda, "mühlental") == []


async def test_products_and_what_is_no_list(home: House, client: httpx2.AsyncClient) -> None:
    edda = await cast.person(home, "Edda Editor", role="editor")
    await cast.sign_in(client, home, edda)
    text = (
        "Artikel-Nr.\tBezeichnung\nLI-3\tLibelle 3\n\tGleitring\nGR\tGleitring\n\tlibelle 3\nX\tLibelle\n\tLibelle X\n"
    )
    shown = await dry(client, "products", text.encode())
    assert (figures(shown.text), "Ein Produkt mit diesem Namen" in shown.text) == ([5, 0, 0, 1], True)
    await send(client, "products.import", text=text)
    found = [(one.number, one.name) for one in await home.read(listed_products, "", 0, 20)]
    assert found == [
        ("", "Gleitring"), ("GR", "Gleitring"), ("", "libelle 3"), ("LI-3", "Libelle 3"), ("X", "Libelle")
    ]  # fmt: skip
    again = await dry(client, "products", b"name\nGleitring\n")
    assert "Mehrere Produkte hei" in again.text
    cases = {
        ("customers", b"Name;Ort\nA;B\n"): "mindestens Nummer und Name",
        ("products", b"Nummer\n1\n"): "mindestens Name",
        ("customers", b"Nummer;Name\n"): "keine Zeilen",
        ("customers", b"Nummer;Name\n" + b"".join(b"%d;N\n" % one for one in range(5001))): "5000 Zeilen",
        ("customers", b"PK\0\0"): "CSV",
        ("customers", b"x" * 900_001): "900 kB",
    }
    for (kind, data), sentence in cases.items():
        answer = await dry(client, kind, data)
        assert (answer.status_code >= 400, sentence in above(answer.text)) == (True, True), sentence
    refusal = await send(client, "customers.import", text="nichts")
    assert "mindestens Nummer und Name" in above(refusal.text)
    jana = await cast.person(home, "Jana Reuter")
    with pytest.raises(Refused) as refused:
        await home.perform(jana, Import(id=new_id(), text=LIST))
    assert refused.value.status == 403


async def test_a_long_list_is_a_few_statements(home: House) -> None:
    edda = await cast.person(home, "Edda Editor", role="editor")
    lines = [f"{number};Werk {number};Segment {number % 7}" for number in range(3000)]
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    async def read_in(lines: Iterable[str]) -> dict[str, Any]:
        statements.clear()
        event.listen(Engine, "before_cursor_execute", note)
        try:
            answer = await home.perform(edda, Import(id=new_id(), text="nummer;name;segment\n" + "\n".join(lines)))
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        assert len(statements) < 40
        return answer.extra

    assert (await read_in(lines))["made"] == 3000
    assert (await read_in(reversed(lines)))["same"] == 3000
    assert (await read_in(line + " neu" for line in lines))["changed"] == 3000
