"""A tiny room for the kernel's tests: lines are written in books. It misbehaves when a line's text says so."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, literal, select, update
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import Base, Card, Follower, JobKind, Logged, Person, Refused, Room, Thing, Tx, Verb, Write


class Apart(Base):
    """Not a part of the product's own schema."""

    __abstract__ = True
    metadata = MetaData()


class Line(Apart):
    """One line of a book; the same word twice breaks a constraint."""

    __tablename__ = "ledger_line"
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    word: Mapped[str | None] = mapped_column(unique=True)


tally = Table("ledger_tally", Apart.metadata, Column("place", Integer, primary_key=True), Column("lines", Integer))
reader = Table("ledger_reader", Apart.metadata, Column("place", Integer), Column("person", Integer))


class Open(Write, tag="ledger.open"):
    """A new book that these people may read."""

    people: list[int] = []


class Jot(Write, tag="ledger.jot"):
    """A line, by a hot verb."""

    text: str
    word: str | None = None


class Enter(Write, tag="ledger.enter"):
    """A line, and events in other books."""

    text: str
    word: str | None = None
    also: list[int] = []
    locks: list[int] = []


class Mark(Write, tag="ledger.mark"):
    """Something of one's own; without a receipt."""

    key: str


class Close(Write, tag="ledger.close"):
    """Somebody may read the book no longer."""

    person: int


class Plan(Write, tag="ledger.plan"):
    """Something to be done outside."""

    at: int = 0
    key: str | None = None


def open_(tx: Tx, _person: Person, write: Open) -> dict[str, Any]:
    place = tx.new_place("book")
    for one in write.people:
        tx.change(insert(reader).values(place=place, person=one))
    return {"place": place, "seq": tx.record(place, "ledger.opened", f"book-{place}")}


def jot(tx: Tx, person: Person, write: Jot) -> dict[str, Any]:
    seq = tx.record(tx.place, "ledger.jotted", f"line-{tx.next_seq(tx.place)}", person.id)
    tx.add(Line, {"place": tx.place, "seq": seq, "text": write.text, "word": write.word})
    if write.text == "refused":
        raise Refused(403, "not-allowed")
    if write.text == "bug":
        raise ValueError("a verb's fault")
    return {"seq": seq, "told": write.text}


def enter(tx: Tx, person: Person, write: Enter) -> dict[str, Any]:
    if write.locks:
        if waits:
            waits.pop()(tx)
        tx.lock(write.locks)
    for place in write.also:
        tx.record_later(place, "ledger.named", f"in-{tx.place}", person.id)
    tx.job("ledger.job", {"line": write.text})
    tx.announce("entered", write.text)
    tx.mine(person.id, f"entered/{tx.place}")
    return jot(tx, person, Jot(id=write.id, text=write.text, word=write.word))


def mark(tx: Tx, person: Person, write: Mark) -> dict[str, Any]:
    tx.mine(person.id, write.key)
    return {"mine": [write.key]}


def close(tx: Tx, _person: Person, write: Close) -> None:
    tx.change(reader.delete().where(reader.c.place == tx.place, reader.c.person == write.person))
    tx.record(tx.place, "ledger.closed", f"person-{write.person}")


def plan(tx: Tx, _person: Person, write: Plan) -> None:
    tx.job("ledger.job", {"plan": write.key}, at=write.at or None, key=write.key)


def count(tx: Tx, events: Sequence[Logged]) -> None:
    """The follower: how many lines a book has, in the same transaction."""
    followed.append(len(events))
    for event in events:
        more = update(tally).where(tally.c.place == event.place).values(lines=tally.c.lines + 1)
        if not tx.conn.execute(more).rowcount:
            tx.conn.execute(insert(tally).values(place=event.place, lines=1))
    texts = tx.read(select(Line.text).where(Line.place == events[-1].place)).scalars()
    if "follower refuses" in set(texts):
        raise Refused(403, "not-allowed")


followed: list[int] = []
waits: list[Any] = []  # what a verb that locks does before it does
done: list[tuple[int, dict[str, Any]]] = []  # (job, payload) of every run
faults: list[Exception] = []  # what the next runs of jobs raise


async def work(_house: Any, payload: dict[str, Any], job: int) -> None:
    """The job."""
    done.append((job, payload))
    if faults:
        raise faults.pop()


def draw(conn: Connection, place: int, subjects: Sequence[str], _lang: str) -> dict[str, Thing]:
    rows = conn.execute(select(Line).where(Line.place == place))
    return {
        f"line-{row.seq}": Thing(f"line-{row.seq}", row.seq, row.seq, f"<p>{row.text}</p>", {"text": row.text})
        for row in rows if f"line-{row.seq}" in subjects
    }  # fmt: skip


def places(person: int) -> Any:
    return select(reader.c.place.label("place"), literal(0).label("joined")).where(reader.c.person == person)


make_tables = Apart.metadata.create_all


def lines(conn: Connection, place: int) -> list[str]:
    """A book's texts in order."""
    return list(conn.execute(select(Line.text).where(Line.place == place).order_by(Line.seq)).scalars())


def counted(conn: Connection, place: int) -> int:
    """What the follower has counted."""
    found = conn.execute(select(func.sum(tally.c.lines)).where(tally.c.place == place)).scalar()
    return int(found or 0)


room = Room(
    "ledger",
    verbs=[
        Verb(Open, open_), Verb(Jot, jot, hot=True), Verb(Enter, enter), Verb(Mark, mark, receipt=False),
        Verb(Close, close), Verb(Plan, plan),
    ],
    followers=[Follower(frozenset({"ledger.jotted"}), count)],
    cards=[Card(frozenset({"ledger.jotted"}), draw)],
    jobs=[JobKind("ledger.job", work)],
    places=places,
)  # fmt: skip
