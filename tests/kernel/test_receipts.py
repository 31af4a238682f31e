"""P1 to P4: durable before acknowledged, at most once for ever, one order, own order kept."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, select
from starlette.applications import Starlette
from starlette.routing import Route

from intranet.kernel import House, Person, Refused, new_id
from intranet.kernel.config import Settings
from intranet.kernel.do import do
from intranet.kernel.tables import Event, Receipt
from intranet.kernel.web import HANDLERS
from tests.databases import on_database
from tests.kernel import ledger
from tests.kernel.conftest import Books
from tests.kernel.ledger import Close, Jot, Mark


async def refused(house: House, person: Person, write: Any) -> int:
    with pytest.raises(Refused) as told:
        await house.perform(person, write)
    return told.value.status


async def test_the_same_again_is_the_same_answer_and_stands_once(books: Books) -> None:
    write = Jot(id=new_id(), place=books.first, text="once")
    first = await books.house.perform(books.ann, write)
    again = await books.house.perform(books.ann, Jot(id=write.id, place=books.first, text="once"))
    assert (again.place, again.seq, again.repeat) == (first.place, first.seq, True)
    assert await books.lines(books.first) == ["once"]


async def test_the_same_twice_in_one_batch_stands_once(books: Books) -> None:
    write = Jot(id=new_id(), place=books.first, text="once")
    one, two = await books.together((books.ann, write), (books.ann, write))
    assert (one.seq, one.repeat, two.seq, two.repeat) == (2, False, 2, True)  # type: ignore[union-attr]
    assert await books.lines(books.first) == ["once"]


async def test_other_content_under_the_same_id_is_409(books: Books) -> None:
    write = Jot(id=new_id(), place=books.first, text="once")
    await books.house.perform(books.ann, write)
    for other in (
        Jot(id=write.id, place=books.first, text="twice"), Jot(id=write.id, place=books.second, text="once"),
        ledger.Enter(id=write.id, place=books.first, text="once"),
    ):  # fmt: skip
        assert await refused(books.house, books.ann, other) == 409
    assert await books.lines(books.first) == ["once"]
    assert await books.lines(books.second) == []


async def test_an_id_is_its_authors_own(books: Books) -> None:
    write = Jot(id=new_id(), place=books.first, text="mine")
    await books.house.perform(books.ann, write)
    await books.house.perform(books.bo, Jot(id=write.id, place=books.first, text="mine too"))
    assert await books.lines(books.first) == ["mine", "mine too"]


async def test_a_refusal_is_judged_anew(books: Books) -> None:
    taken = Jot(id=new_id(), place=books.first, text="a", word="same")
    late = Jot(id=new_id(), place=books.second, text="b", word="same")
    await books.house.perform(books.ann, taken)
    assert await refused(books.house, books.bo, late) == 409
    await books.house.stop()
    await on_database(books.house.settings, lambda conn: conn.execute(delete(ledger.Line)))
    house = House(books.house.settings, books.house.rooms)
    await house.start()
    assert (await house.perform(books.bo, late)).repeat is False
    await house.stop()


async def test_a_receipt_says_neither_who_nor_when(books: Books) -> None:
    await books.house.perform(books.ann, Jot(id=new_id(), place=books.first, text="a"))
    assert [column.name for column in Receipt.__table__.columns] == ["key", "digest", "place", "seq"]
    rows = await books.house.read(lambda conn: conn.execute(select(Receipt)).all())
    assert all(len(bytes(row.key)) == len(bytes(row.digest)) == 16 for row in rows)


async def test_what_only_sets_a_state_has_none(books: Books) -> None:
    rows = await books.house.read(lambda conn: len(conn.execute(select(Receipt)).all()))
    write = Mark(id=new_id(), key="read/1")
    for _ in range(2):
        assert (await books.house.perform(books.ann, write)).repeat is False
    assert await books.house.read(lambda conn: len(conn.execute(select(Receipt)).all())) == rows


async def test_receipts_outlive_the_process(books: Books, settings: Settings) -> None:
    write = Jot(id=new_id(), place=books.first, text="kept")
    first = await books.house.perform(books.ann, write)
    await books.house.stop()
    later = House(settings, [ledger.room])
    await later.start()
    again = await later.perform(books.ann, write)
    await later.stop()
    assert (again.seq, again.repeat) == (first.seq, True)


async def test_many_at_once_stand_in_one_gapless_order_and_each_author_in_their_own(books: Books) -> None:
    async def author(person: Person) -> list[int]:
        answers = [
            books.house.perform(person, Jot(id=new_id(), place=place, text=f"{person.id} {number}"))
            for number in range(50) for place in (books.first, books.second)
        ]  # fmt: skip
        return [answer.seq for answer in await asyncio.gather(*answers)]

    ann, bo = await asyncio.gather(author(books.ann), author(books.bo))
    for at, place in enumerate((books.first, books.second)):
        log = select(Event.seq).where(Event.place == place).order_by(Event.seq)
        seqs = await books.house.read(lambda conn, query: list(conn.execute(query).scalars()), log)
        assert seqs == list(range(1, 102))
        assert sorted(ann[at::2] + bo[at::2]) == list(range(2, 102))
        assert ann[at::2] == sorted(ann[at::2])
        assert bo[at::2] == sorted(bo[at::2])
        lines = await books.lines(place)
        own = [line for line in lines if line.startswith(f"{books.ann.id} ")]
        assert own == [f"{books.ann.id} {number}" for number in range(50)]


async def test_an_answer_comes_after_the_commit(books: Books) -> None:
    async def write(text: str) -> None:
        with contextlib.suppress(Refused):
            await books.house.perform(books.ann, Jot(id=new_id(), place=books.first, text=text))
        seen[text] = await books.lines(books.first)

    seen: dict[str, list[str]] = {}
    await asyncio.gather(write("a"), write("refused"), write("b"))
    assert seen["a"][:1] == ["a"]
    assert seen["refused"][:1] == ["a"], "a refusal, too, leaves after what it may rest on"
    assert seen["b"] == ["a", "b"]


# -- over POST /do


@pytest.fixture
async def door(books: Books) -> AsyncIterator[httpx2.AsyncClient]:
    """Ann's client."""
    app = Starlette(routes=[Route("/do", do, methods=["POST"])], exception_handlers=HANDLERS)
    app.state.house = books.house
    books.house.authenticate = lambda _conn, _kind, secret: {"ann": books.ann, "bo": books.bo}.get(secret)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": "Bearer ann", "Content-Type": "application/json"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://binnen.test", headers=headers) as client:
        yield client


async def test_a_repeat_is_answered_before_it_is_judged_but_shows_only_what_may_be_read(
    books: Books, door: httpx2.AsyncClient
) -> None:
    write = {"do": "ledger.jot", "id": new_id(), "place": books.first, "text": "for readers"}
    first = (await door.post("/do", json=write)).json()
    assert [thing["html"] for thing in first["things"]] == ["<p>for readers</p>"]
    again = (await door.post("/do", json=write)).json()
    assert (again["ok"]["seq"], again["things"]) == (first["ok"]["seq"], first["things"])
    await books.house.perform(books.bo, Close(id=new_id(), place=books.first, person=books.ann.id))
    shut = await door.post("/do", json=write)
    assert (shut.status_code, shut.json()["ok"]["seq"], shut.json()["things"]) == (200, first["ok"]["seq"], [])
    assert "for readers" not in shut.text


BAD = [
    (b"", "malformed"), (b"{", "malformed"),
    (b"[]", "malformed"), (b'"x"', "malformed"), (b"\xff\xfe", "malformed"),
    (b"[" * 100_000, "malformed"), (b'{"do": "ledger.jot"}', "malformed"), (b'{"do": 7}', "unknown-kind"),
    (b'{"do": "nothing.known", "id": "12345678"}', "unknown-kind"),
    (b'{"do": "kernel.lease", "id": "12345678", "job": 1, "seen": 1}', "unknown-kind"),
    (b'{"do": "ledger.jot", "id": "12345678", "place": 3, "text": 7}', "malformed"),
    (b'{"do": "ledger.jot", "id": "12345678", "place": 3, "text": "a", "more": 1}', "malformed"),
    (b'{"do": "ledger.jot", "id": "short", "place": 3, "text": "a"}', "malformed"),
    (b'{"do": "ledger.jot", "id": "../../etc", "place": 3, "text": "a"}', "malformed"),
    (b'{"do": "ledger.jot", "id": "12345678", "place": 3, "text": "a\\u0000b"}', "malformed"),
    (b'{"do": "ledger.jot", "id": "12345678", "place": 3, "text": "\\ud800"}', "malformed"),
    (b'{"do": "ledger.jot", "id": "12345678", "place": 99999999999999999999, "text": "a"}', "malformed"),
    (b'{"do": "ledger.jot", "id": "12345678", "place": "no-such-write", "text": "a"}', "place-missing"),
    (b'{"do": "ledger.enter", "id": "12345678", "text": "", "also": [9999999999999999999]}', "malformed"),
]  # fmt: skip


async def test_bad_input_is_422_and_changes_nothing(books: Books, door: httpx2.AsyncClient) -> None:
    for body, reason in BAD:
        answer = await door.post("/do", content=body)
        assert (answer.status_code, answer.json()["code"]) == (422, reason), body[:80]
        assert answer.headers["content-type"] == "application/problem+json"
        assert await books.lines(books.first) == [], body[:80]
