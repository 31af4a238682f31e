"""Customers and products: who changes them, who finds them, and the page that gathers what there is about one."""

from typing import Any

import httpx2
import pytest
from markupsafe import Markup
from sqlalchemy import Connection

from intranet import customers
from intranet.customers.writes import Archive, Change, Make, ProductArchive, ProductChange, ProductMake
from intranet.kernel import Follower, House, Logged, Person, Refused, Room, Tx, Verb, Write, new_id
from intranet.people.writes import Deactivate
from tests import cast
from tests.people.forms import at_field, send, typed


async def make(home: House, who: Person, number: str, name: str, **more: Any) -> int:
    return int((await home.perform(who, Make(id=new_id(), number=number, name=name, **more))).extra["customer"])


async def product(home: House, who: Person, name: str, number: str = "") -> int:
    return int((await home.perform(who, ProductMake(id=new_id(), name=name, number=number))).extra["product"])


async def refused(home: House, who: Person, write: Write) -> tuple[int, str]:
    with pytest.raises(Refused) as refusal:
        await home.perform(who, write)
    return refusal.value.status, refusal.value.code


async def test_made_found_changed_and_archived(home: House) -> None:
    edda = await cast.person(home, "Edda Editor", role="editor")
    jana = await cast.person(home, "Jana Reuter", side="field")
    guest = await cast.person(home, "Gast", role="guest")
    heard: list[str] = []

    def follow(_tx: Tx, events: Any) -> None:
        heard.extend(f"{one.place} {one.kind} {one.subject}" for one in events if isinstance(one, Logged))

    assert home.writer is not None
    home.writer.batch.followers.append(Follower(frozenset({"customers.changed"}), follow))  # type: ignore[attr-defined]
    dairy = await make(home, edda, " 10482 ", "Molkerei  Sonnfeld", segment="Lebensmittel", field_said="jana reuter")
    paper = await make(home, edda, "10517", "Papierwerk Mühlental", office_person=edda.id)
    assert heard == [f"0 customers.changed customer-{dairy}", f"0 customers.changed customer-{paper}"]

    async def find(text: str, who: Person = jana) -> list[int]:
        return [one.id for one in await home.read(customers.find, who, text)]

    assert await find("sonn") == await find("Molk SONNF") == await find("10482") == [dairy]
    assert await find("105") == await find("muhlen") == [paper]
    assert await find("10") == [dairy, paper]
    assert (await find("olkerei"), await find("")) == ([], [dairy])  # words from their beginning; else one's own
    assert await find("sonn", guest) == []
    one = (await home.read(customers.names, [dairy]))[dairy]
    assert (one.number, one.name, one.segment, one.field_person, one.office_person) == (
        "10482", "Molkerei Sonnfeld", "Lebensmittel", jana.id, 0
    )  # fmt: skip

    change = Change(id=new_id(), customer=dairy, name="Käserei Sonnfeld", office_person=edda.id, field_said="")
    await home.perform(edda, change)
    one = (await home.read(customers.names, [dairy]))[dairy]
    assert (one.name, one.segment, one.field_person, one.office_person) == (
        "Käserei Sonnfeld",
        "Lebensmittel",
        0,
        edda.id,
    )
    assert (await find("molkerei"), await find("kaserei")) == ([], [dairy])
    await home.perform(edda, Archive(id=new_id(), customer=dairy))
    assert (await find("sonnfeld"), dairy in await home.read(customers.names, [dairy])) == ([], True)
    await home.perform(edda, Archive(id=new_id(), customer=dairy, back=True))
    assert await find("sonnfeld") == [dairy]
    assert len(heard) == 5
    await home.perform(edda, Change(id=new_id(), customer=dairy, name="Käserei Sonnfeld"))
    assert len(heard) == 5  # nothing was changed


async def test_what_does_not_do_is_refused_in_words(home: House) -> None:
    edda = await cast.person(home, "Edda Editor", role="editor")
    jana, twin = [await cast.person(home, "Jana Reuter") for _ in range(2)]
    guest, gone = await cast.person(home, "Gast", role="guest"), await cast.person(home, "Wilma Weg")
    await home.perform(await cast.person(home, "Olga", role="owner"), Deactivate(id=new_id(), person=gone.id))
    dairy = await make(home, edda, "10482", "Molkerei Sonnfeld", field_person=jana.id)
    for who, status in ((jana, (403, "not-allowed")), (guest, (404, "not-found"))):
        for write in (
            Make(id=new_id(), number="1", name="x"), Change(id=new_id(), customer=dairy),
            Archive(id=new_id(), customer=dairy), ProductMake(id=new_id(), name="x"),
        ):  # fmt: skip
            assert await refused(home, who, write) == status
    cases: dict[str, dict[str, Any]] = {
        "number-taken": {"number": "10482"}, "number-missing": {"number": " \u200b"},
        "number-long": {"number": "1" * 41},
        "name-missing": {"name": ""}, "name-long": {"name": "n" * 121}, "segment-long": {"segment": "s" * 81},
        "field-many": {"field_said": "Jana Reuter"}, "field-unknown": {"field_said": "Niemand"},
        "office-unknown": {"office_person": gone.id},
    }  # fmt: skip
    for code, fields in cases.items():
        found = await refused(home, edda, Make(id=new_id(), **{"number": "7", "name": "Neu", **fields}))
        assert found[1] == code
        assert home.sentence(Refused(422, code, most=7), "de") not in (code, "")
    assert await refused(home, edda, Make(id=new_id(), number="7", name="N", field_person=guest.id)) == (
        422,
        "field-unknown",
    )
    await home.perform(edda, Change(id=new_id(), customer=dairy, field_said=twin.name))  # who it is is still clear
    assert (await home.read(customers.names, [dairy]))[dairy].field_person == jana.id
    assert await refused(home, edda, Archive(id=new_id(), customer=99)) == (404, "not-found")

    pump = await product(home, edda, "Libelle 3", "LI-3")
    assert await refused(home, edda, ProductMake(id=new_id(), name="Anders", number="LI-3")) == (409, "number-taken")
    await product(home, edda, "Gleitring")
    assert await refused(home, edda, ProductMake(id=new_id(), name="gleitring")) == (409, "product-taken")
    await home.perform(edda, ProductChange(id=new_id(), product=pump, number="", name="Libelle 4"))
    assert [one.name for one in await home.read(customers.find_products, jana, "lib")] == ["Libelle 4"]
    await home.perform(edda, ProductArchive(id=new_id(), product=pump))
    assert [one.name for one in await home.read(customers.find_products, jana, "")] == ["Gleitring"]


class Takes(Write, tag="test.takes"):
    """What a composer sends: the id that a script chose, or what was typed."""

    customer: int = 0
    customer_said: str = ""
    product_said: str = ""


async def test_composers_name_a_customer_by_id_or_by_what_is_typed(home: House) -> None:
    edda = await cast.person(home, "Edda Editor", role="editor")
    dairy, twin = await make(home, edda, "10482", "Molkerei Sonnfeld"), await make(home, edda, "20", "Zwilling")
    await make(home, edda, "30", "Zwilling")
    pump = await product(home, edda, "Libelle 3")

    def take(tx: Tx, _person: Person, write: Takes) -> dict[str, Any]:
        return {
            "customer": customers.must_exist(tx, write.customer, write.customer_said),
            "product": customers.must_exist_product(tx, 0, write.product_said),
        }

    home.verbs["test.takes"] = Verb(Takes, take, internal=True)

    async def taken(**fields: Any) -> Any:
        answer = await home.perform(edda, Takes(id=new_id(), **fields))
        return answer.extra["customer"], answer.extra["product"]

    assert await taken() == (0, 0)
    assert await taken(customer=twin, customer_said="egal") == (twin, 0)
    for said in ("10482", "10482 · Molkerei Sonnfeld", " molkerei  SONNFELD"):
        assert await taken(customer_said=said, product_said="libelle 3") == (dairy, pump)
    for fields in (
        {"customer": 99},
        {"customer_said": "Zwilling"},
        {"customer_said": "Molkerei"},
        {"customer_said": "1"},
    ):
        assert await refused(home, edda, Takes(id=new_id(), **fields)) == (422, "customer-unknown")
    assert await refused(home, edda, Takes(id=new_id(), product_said="Hummel")) == (422, "product-unknown")


async def test_the_list_and_the_page_of_a_customer(home: House, client: httpx2.AsyncClient) -> None:
    edda = await cast.person(home, "Edda Editor", role="editor")
    jana = await cast.person(home, "Jana Reuter", side="field", phone="+49 (0)555 01-17", title="Vertrieb Süd")
    dairy = await make(home, edda, "10482", "Molkerei Sonnfeld", segment="Lebensmittel", field_person=jana.id)
    for number in range(102):
        await make(home, edda, f"9{number:03}", f"Werk {number:03}")
    asked: list[tuple[int, int]] = []

    def gathers(_conn: Connection, viewer: Person, customer: int) -> list[dict[str, Any]]:
        asked.append((viewer.id, customer))
        said = Markup("<i>Eine Kundenstimme</i>")
        section = {"title": "Zuletzt gesagt", "items": said, "more": "/alles", "empty": ""}
        return [section, {"title": "Aussagen", "items": "", "more": "", "empty": "Noch keine."}]

    home.rooms.append(Room("test", gathers=gathers))
    await cast.sign_in(client, home, edda)
    page = (await client.get(f"/customers/{dairy}")).text
    for part in ("Kunde 10482", "Molkerei Sonnfeld", "Jana Reuter", "Vertrieb Süd", 'href="tel:+4955501-17"',
                 "Noch niemand", "<i>Eine Kundenstimme</i>", 'href="/alles"', "Noch keine.", "Ändern"):  # fmt: skip
        assert part in page, part
    assert asked == [(edda.id, dairy)]
    about = f"/feed/new?kind=feedback&customer={dairy}"
    assert about.replace("&", "&amp;") in page
    assert (await client.get(about)).status_code == 200
    assert (await client.get("/feed/new?kind=feedback&customer=99")).status_code == 200

    first = (await client.get("/customers")).text
    assert (first.count('href="/customers/'), "Weitere Kunden" in first) == (100 + 3, True)  # + new, lists twice
    last = (await client.get("/customers?start=100")).text
    assert ("Werk 101" in last, "endet die Liste" in last, "Werk 001" in last) == (True, True, False)
    assert "Molkerei" in (await client.get("/customers?text=sonn&segment=Lebensmittel")).text
    assert "Kein Kunde passt" in (await client.get("/customers?text=sonnx")).text
    rows = (await client.get("/customers.json?q=10482")).json()
    assert rows == [{"id": dairy, "name": "Molkerei Sonnfeld", "sub": "10482 · Lebensmittel",
                     "said": "10482 · Molkerei Sonnfeld", "href": f"/customers/{dairy}"}]  # fmt: skip
    assert [row["name"] for row in (await client.get("/customers/carers.json?q=jan")).json()] == ["Jana Reuter"]


async def test_the_forms_and_who_sees_them(home: House, client: httpx2.AsyncClient) -> None:
    edda = await cast.person(home, "Edda Editor", role="editor")
    jana = await cast.person(home, "Jana Reuter", side="field", phone="+49 555 01")
    dairy = await make(home, edda, "10482", "Molkerei Sonnfeld", field_person=jana.id)
    await make(home, edda, "9000", "Werk")
    await cast.sign_in(client, home, edda)
    bad = await send(
        client, "customers.change", customer=str(dairy), number="9000", name="Molkerei Neu", field_said="Niemand"
    )
    assert (bad.status_code, at_field(bad.text, "field_person")) == (
        422, "Diesen Namen oder diese E-Mail-Adresse hat hier niemand."
    )  # fmt: skip
    assert (typed(bad.text, "name"), typed(bad.text, "field_said")) == ("Molkerei Neu", "Niemand")
    bad = await send(client, "customers.make", number="9000", name="Neu")
    assert (bad.status_code, at_field(bad.text, "number")) == (409, "Diese Nummer ist schon vergeben.")
    good = await send(client, "customers.change", customer=str(dairy), name="Molkerei Neu", field_said="Jana Reuter")
    assert (good.status_code, good.headers["location"]) == (303, f"/customers/{dairy}")

    assert (await send(client, "products.make", name="Libelle 3", number="LI-3")).headers["location"] == "/products"
    again = await send(client, "products.make", name="Libelle 3", number="LI-3")
    assert at_field(again.text, "number") == "Diese Nummer ist schon vergeben."
    [row] = (await client.get("/products.json?q=li")).json()
    assert (row["said"], "LI-3" in (await client.get(f"/products/{row['id']}")).text) == ("LI-3 · Libelle 3", True)
    bad = await send(client, "products.change", product=str(row["id"]), name=" ")
    assert (bad.status_code, at_field(bad.text, "name")) == (422, "Der Name fehlt noch.")

    await cast.sign_in(client, home, jana)
    page = (await client.get(f"/customers/{dairy}")).text
    assert ("Molkerei Neu" in page, "Ändern" in page, "tel:" in page) == (True, False, False)  # nobody calls oneself
    assert "Molkerei Neu" in (await client.get("/customers?which=mine")).text
    assert (await send(client, "customers.archive", customer=str(dairy))).status_code == 403
    await cast.sign_in(client, home, await cast.person(home, "Gast", role="guest"))
    for path in ("/customers", f"/customers/{dairy}", "/customers.json", "/products.json", "/customers/carers.json"):
        answer = await client.get(path)
        assert (answer.status_code, "Molkerei" in answer.text) == (404, False), path
    assert 'href="/customers"' not in (await client.get("/")).text
