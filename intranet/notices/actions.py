"""Telling people, and being done with it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from intranet import people
from intranet.kernel import Person, Tx, Write, upsert

from .access import MARK
from .models import Notice

_AT_ONCE = 500
_GONE = delete(Notice).where(Notice.person == bindparam("p"), Notice.key == bindparam("k"))


class Done(Write, tag="notices.done"):
    """What one was told is done with, as far as one has been told: a later telling stays open."""

    key: str
    told: int = 0  # as it was shown; 0: whatever there is


class Undone(Write, tag="notices.undone"):
    """It waits again."""

    key: str


class Sweep(Write, tag="notices.sweep"):
    """What a person can no longer read does not wait for them."""

    person: int
    keys: list[str]


def tell(tx: Tx, who: Iterable[int], kind: str, subject: str, place: int = 0, *, key: str = "", actor: int = 0) -> None:
    """A row of their own place for each of these people, but for the actor and who is not active.

    The same key overwrites and is open again. A handful of statements, however many people.
    """
    key = key or f"{subject}/{kind}"
    wanted = set(who) - {actor, 0}
    active = sorted(one for one, line in people.names(tx.conn, wanted).items() if line.active)
    before = _rows(tx, key, active)
    rows = []
    for person in active:
        told, done = before.get(person, (0, 0))
        rows.append({"person": person, "key": key, "kind": kind, "subject": subject, "place": place,
                     "told": told + 1, "done": done})  # fmt: skip
    if rows:
        tx.change(upsert(tx.conn, Notice), rows)
    for person in active:
        tx.mine(person, MARK + key)


def _rows(tx: Tx, key: str, some: Sequence[int]) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for start in range(0, len(some), _AT_ONCE):
        which = (Notice.key == key) & Notice.person.in_(some[start : start + _AT_ONCE])
        for row in tx.read(select(Notice.person, Notice.told, Notice.done).where(which)):
            found[row.person] = (row.told, row.done)
    return found


def clear(tx: Tx, key: str, who: Iterable[int] | None = None) -> None:
    """Take it back from these people, or from all who were told."""
    told = list(tx.read(select(Notice.person).where(Notice.key == key).order_by(Notice.person)).scalars())
    wanted = told if who is None else [one for one in told if one in set(who)]
    if wanted:
        tx.change(_GONE, [{"p": person, "k": key} for person in wanted])
    for person in wanted:
        tx.mine(person, MARK + key)


def done(tx: Tx, person: Person, write: Done) -> dict[str, Any]:
    """Its own value only: nobody else hears of it."""
    which = (Notice.person == person.id) & (Notice.key == write.key)
    told = tx.read(select(Notice.told).where(which)).scalar()
    if told is not None:
        tx.change(update(Notice).where(which).values(done=min(write.told, told) if write.told > 0 else told))
        tx.mine(person.id, MARK + write.key)
    return {"mine": [MARK + write.key]}


def undone(tx: Tx, person: Person, write: Undone) -> dict[str, Any]:
    """As `done`, the other way."""
    if tx.change(update(Notice).where(Notice.person == person.id, Notice.key == write.key).values(done=0)):
        tx.mine(person.id, MARK + write.key)
    return {"mine": [MARK + write.key]}


def sweep(tx: Tx, _person: Person, write: Sweep) -> None:
    """Only its own: whoever may read it again is told anew."""
    tx.change(delete(Notice).where(Notice.person == write.person, Notice.key.in_(write.keys)))
    for key in write.keys:
        tx.mine(write.person, MARK + key)
