"""A disk without room, at every page of the file: 507 for the whole batch, reading goes on, nothing is half kept."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event, select

from intranet.kernel import Answer, House, Person, new_id, turns
from intranet.kernel.config import Settings
from intranet.kernel.errors import Unavailable
from intranet.kernel.outcome import BatchLost
from intranet.kernel.tables import Event, Receipt
from tests.databases import on_database
from tests.kernel import ledger
from tests.kernel.conftest import Books
from tests.kernel.ledger import Enter, Jot

LONG = "x" * 1200
ROOM = 1_000_000  # pages: more than any test needs


pytestmark = pytest.mark.engine("sqlite")  # PostgreSQL's full disk is its error 53100


def mixed(books: Books) -> list[tuple[Person, Any]]:
    """A hot run, single verbs, a broken constraint and refusals: every road through a batch."""
    writes: list[tuple[Person, Any]] = [
        (books.ann, Jot(id=new_id(), place=books.first, text=f"{number} {LONG}")) for number in range(8)
    ]
    writes += [
        (books.bo, Enter(id=new_id(), place=books.first, text="refused")),
        (books.bo, Enter(id=new_id(), place=books.second, text=f"a {LONG}", also=[books.first], word="same")),
        (books.bo, Enter(id=new_id(), place=books.second, text=f"b {LONG}", word="same")),
        (books.ann, Enter(id=new_id(), place=books.second, text="bug")),
    ]
    return [*writes, *((books.ann, Jot(id=new_id(), place=books.second, text=f"{n} {LONG}")) for n in range(8))]


async def test_at_every_page_the_whole_batch_is_lost_or_kept(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MOST_SECONDS", 60)  # all in one batch, however slow the machine
    writes, lost, causes = mixed(books), 0, set()
    entries = [books.entry(*one) for one in writes]
    engine = books.house.db.writing_engine()
    with engine.connect() as conn:
        used = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        for limit in range(1, used + 200):
            conn.exec_driver_sql(f"PRAGMA max_page_count={limit}")
            try:
                outcomes, moved, _ = books.batch().run(conn, entries)
                break
            except BatchLost as error:
                causes.add(str(error.cause))
                lost += 1
                assert not conn.connection.driver_connection.in_transaction  # type: ignore[union-attr]
                assert await books.lines(books.first) == await books.lines(books.second) == [], limit
        conn.exec_driver_sql(f"PRAGMA max_page_count={ROOM}")
        more, _, _ = books.batch().run(conn, entries)
    engine.dispose()
    assert causes == {"database or disk is full"}
    assert limit > used, "it needed pages"
    assert lost >= limit - 1, "below that it was full each time"
    assert moved == {books.first, books.second, books.bo.id}
    kept = [type(outcome) is Answer for outcome in outcomes]
    assert kept == [True] * 8 + [False, True, False, False] + [True] * 8
    assert [outcome.repeat for outcome in more if isinstance(outcome, Answer)] == [True] * 17
    assert len(await books.lines(books.first)) == 8
    assert len(await books.lines(books.second)) == 9
    for place, last in ((books.first, 10), (books.second, 10)):
        log = select(Event.seq).where(Event.place == place).order_by(Event.seq)
        seqs = await books.house.read(lambda conn, query: list(conn.execute(query).scalars()), log)
        assert seqs == list(range(1, last + 1))


async def test_the_house_says_507_reads_on_and_writes_again_once_there_is_room(settings: Settings) -> None:
    await on_database(settings, ledger.make_tables)
    house, writing = House(settings, [ledger.room]), []
    make = house.db.writing_engine

    def watched() -> Any:
        engine = make()
        event.listen(engine, "connect", lambda connection, _record: writing.append(connection))
        return engine

    house.db.writing_engine = watched  # type: ignore[method-assign]
    await house.start()
    place = (await house.perform(Person(-1), ledger.Open(id=new_id()))).place
    (connection,) = writing
    kept, acknowledged = [], []
    used = connection.execute("PRAGMA page_count").fetchone()[0]
    for limit in range(used, used + 12):
        connection.execute(f"PRAGMA max_page_count={limit}")
        writes = [Jot(id=new_id(), place=place, text=f"{limit} {number} {LONG}") for number in range(6)]
        writes.append(Jot(id=new_id(), place=place, text="refused"))
        kept += writes
        told = await asyncio.gather(*(house.perform(Person(-1), one) for one in writes), return_exceptions=True)
        acknowledged += [one for one, outcome in zip(writes, told, strict=True) if isinstance(outcome, Answer)]
        full = [outcome for outcome in told if isinstance(outcome, Unavailable)]
        assert {(outcome.status, outcome.code) for outcome in full} <= {(507, "disk-full")}
        assert await house.read(ledger.lines, place) == [one.text for one in acknowledged]
    assert 0 < len(acknowledged) < len(kept)
    connection.execute(f"PRAGMA max_page_count={ROOM}")
    told = await asyncio.gather(*(house.perform(Person(-1), one) for one in kept), return_exceptions=True)
    assert [type(one).__name__ for one in told] == [
        "Refused" if write.text == "refused" else "Answer" for write in kept
    ]  # fmt: skip
    assert sorted(await house.read(ledger.lines, place)) == sorted(one.text for one in kept if one.text != "refused")
    assert await house.read(lambda conn: len(conn.execute(select(Receipt)).all())) == len(kept) - 12 + 1
    await house.stop()
