"""What waits for a person, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, literal, select

from intranet.kernel import AnyRow, Person, Register, once

from .models import Notice

MARK = "notice/"
MOST_SHOWN = 30
MOST_COUNTED = 100  # beyond that it is "many"
Drawers = Mapping[str, Callable[[Connection, Person, Sequence[str]], Mapping[str, Mapping[str, str]]]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open notice as Home shows it."""

    key: str
    told: int
    title: str
    text: str
    href: str
    icon: str


def open_keys(conn: Connection, person: int) -> list[str]:
    """Keys of what waits, at most a hundred: what the count at the inbox goes on from. One query."""
    return once(conn, ("notices.open", person), lambda: [row.key for row in _open(conn, person, MOST_COUNTED)])


def waiting(conn: Connection, person: Person, drawers: Drawers) -> tuple[list[Waiting], list[str]]:
    """The newest first, one query per kind; and the keys of those that the person can no longer read."""
    rows = _open(conn, person.id, MOST_SHOWN)
    drawn: dict[tuple[str, str], Mapping[str, str]] = {}
    for kind in sorted({row.kind for row in rows} & drawers.keys()):
        subjects = sorted({row.subject for row in rows if row.kind == kind})
        for subject, words in drawers[kind](conn, person, subjects).items():
            drawn[kind, subject] = words
    shown = [
        Waiting(row.key, row.told, found["title"], found["text"], found["href"], found["icon"])
        for row in rows if (found := drawn.get((row.kind, row.subject)))
    ]  # fmt: skip
    return shown, [row.key for row in rows if (row.kind, row.subject) not in drawn]


def _open(conn: Connection, person: int, most: int) -> Sequence[AnyRow]:
    latest = (Register.place == Notice.person) & (Register.key == literal(MARK) + Notice.key)
    return conn.execute(
        select(Notice.key, Notice.kind, Notice.subject, Notice.told)
        .join(Register, latest)
        .where(Notice.person == person, Notice.done < Notice.told)
        .order_by(Register.seq.desc())
        .limit(most)
    ).all()


def mine(conn: Connection, person: int, keys: Sequence[str]) -> dict[str, Any]:
    """`notice/<key>`: {"done", "told"}; nothing where it was taken back."""
    wanted = [key.removeprefix(MARK) for key in keys]
    rows = conn.execute(
        select(Notice.key, Notice.told, Notice.done).where(Notice.person == person, Notice.key.in_(wanted))
    )
    return {MARK + row.key: {"done": row.done >= row.told, "told": row.told} for row in rows}


def shell(conn: Connection, person: Person) -> dict[str, Any]:
    """What the count at the inbox begins with."""
    return {"nav_notices": open_keys(conn, person.id)}
