"""A tiny room for the hub's tests: people are in clubs and say things there. Its tables are its own."""

from collections.abc import Sequence
from html import escape
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Select, Table, Text, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intranet.kernel import Card, Person, Refused, Room, Thing, Tx, Verb, Write, not_found

tables = MetaData()
people = Table("club_person", tables, Column("id", Integer, primary_key=True), Column("token", Text))
members = Table(
    "club_member", tables,
    Column("club", Integer, primary_key=True), Column("person", Integer, primary_key=True), Column("joined", Integer),
)  # fmt: skip
words = Table(
    "club_word", tables,
    Column("club", Integer, primary_key=True), Column("seq", Integer, primary_key=True), Column("rev", Integer),
    Column("by", Integer), Column("text", Text),
)  # fmt: skip
notes = Table(
    "club_note", tables,
    Column("person", Integer, primary_key=True), Column("key", Text, primary_key=True), Column("value", Integer),
)  # fmt: skip
drawn: list[tuple[int, int, str]] = []  # (place, subjects, language) of every rendering
broken: set[int] = set()  # places whose card fails


class Enrol(Write, tag="club.enrol"):
    """A new person; the token signs in."""

    token: str


class Found(Write, tag="club.found"):
    """A new club with these people."""

    people: list[int]


class Say(Write, tag="club.say"):
    """Say something."""

    text: str


class Change(Write, tag="club.change"):
    """Say it differently; empty: it is deleted."""

    seq: int
    text: str = ""


class Admit(Write, tag="club.admit"):
    """Let somebody in; `late`: they read from here on."""

    person: int
    late: bool = False


class Expel(Write, tag="club.expel"):
    """Put somebody out."""

    person: int


class Note(Write, tag="club.note"):
    """Something of one's own."""

    key: str
    value: int


class End(Write, tag="club.end"):
    """End a session."""

    session: str


def enrol(tx: Tx, _person: Person, write: Enrol) -> dict[str, Any]:
    person = tx.new_place("person")
    tx.change(insert(people).values(id=person, token=write.token))
    return {"place": person, "seq": 0}


def found(tx: Tx, _person: Person, write: Found) -> dict[str, Any]:
    club = tx.new_place("club")
    seq = tx.record(club, "club.founded", f"c-{club}")
    for one in write.people:
        _admit(tx, club, one, 0)
    return {"place": club, "seq": seq}


def say(tx: Tx, person: Person, write: Say) -> dict[str, Any]:
    club = _club(tx, person, write)
    seq = tx.next_seq(club)
    tx.change(insert(words).values(club=club, seq=seq, rev=seq, by=person.id, text=write.text))
    return {"seq": tx.record(club, "club.said", f"w-{club}-{seq}", person.id)}


def change(tx: Tx, person: Person, write: Change) -> dict[str, Any]:
    club = _club(tx, person, write)
    seq = tx.record(club, "club.changed", f"w-{club}-{write.seq}", person.id)
    tx.change(update(words).where(words.c.club == club, words.c.seq == write.seq).values(text=write.text, rev=seq))
    return {"seq": seq}


def admit(tx: Tx, person: Person, write: Admit) -> None:
    club = _club(tx, person, write)
    _admit(tx, club, write.person, tx.next_seq(club) if write.late else 0)


def _admit(tx: Tx, club: int, person: int, joined: int) -> None:
    tx.change(insert(members).values(club=club, person=person, joined=joined))
    tx.record(club, "club.joined", f"p-{person}")
    tx.mine(person, f"member/{club}")


def expel(tx: Tx, person: Person, write: Expel) -> None:
    club = _club(tx, person, write)
    tx.change(delete(members).where(members.c.club == club, members.c.person == write.person))
    tx.record(club, "club.left", f"p-{write.person}", person.id)
    tx.mine(write.person, f"member/{club}")


def note(tx: Tx, person: Person, write: Note) -> None:
    flavour = postgresql if tx.conn.dialect.name == "postgresql" else sqlite
    row = {"person": person.id, "key": write.key, "value": write.value}
    statement = flavour.insert(notes).values(row)
    tx.change(statement.on_conflict_do_update(index_elements=["person", "key"], set_={"value": write.value}))
    tx.mine(person.id, write.key)


def end(tx: Tx, _person: Person, write: End) -> None:
    tx.announce("revoked", write.session)


def _club(tx: Tx, person: Person, write: Write) -> int:
    if not isinstance(write.place, int):
        raise Refused(422, "place-missing")
    if tx.read(select(members).where(members.c.club == write.place, members.c.person == person.id)).first() is None:
        raise not_found()
    return write.place


def places(person: int) -> Select[Any]:
    return select(members.c.club.label("place"), members.c.joined.label("joined")).where(members.c.person == person)


def readers(club: int) -> Select[Any]:
    return select(members.c.person, members.c.joined.label("joined")).where(members.c.club == club)


def mine(conn: Connection, person: int, keys: Sequence[str]) -> dict[str, Any]:
    rows = conn.execute(select(notes.c.key, notes.c.value).where(notes.c.person == person, notes.c.key.in_(keys)))
    return {row.key: row.value for row in rows}


def authenticate(conn: Connection, _kind: str, secret: str) -> Person | None:
    token = secret.partition("/")[0]  # what follows names the session: several may have one person
    row = conn.execute(select(people).where(people.c.token == token)).first()
    return Person(row.id, row.token, "member", "de", "office", secret) if row else None


def draw(conn: Connection, place: int, subjects: Sequence[str], lang: str) -> dict[str, Thing]:
    drawn.append((place, len(subjects), lang))
    if place in broken:
        raise ValueError("a card's fault")
    seqs = [int(subject.rpartition("-")[2]) for subject in subjects]
    rows = conn.execute(select(words).where(words.c.club == place, words.c.seq.in_(seqs)))
    things = {}
    for row in rows:
        name = f"w-{row.club}-{row.seq}"
        tail = "" if row.text else {"de": "gelöscht", "nl": "verwijderd"}.get(lang, "deleted")
        html = f'<p id="{name}">{escape(row.text)}{tail}</p>'
        things[name] = Thing(name, row.seq, row.rev, html, {"by": row.by, "text": row.text})
    return things


def how_many(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(words)).scalar_one()


room = Room(
    "club",
    verbs=[
        Verb(Enrol, enrol), Verb(Found, found), Verb(Say, say), Verb(Change, change), Verb(Admit, admit),
        Verb(Expel, expel), Verb(Note, note, receipt=False), Verb(End, end, receipt=False),
    ],
    cards=[Card(frozenset(("club.said", "club.changed")), draw)],
    places=places, readers=readers, mine=mine, mine_keys=["note/", "member/"], authenticate=authenticate,
)  # fmt: skip
