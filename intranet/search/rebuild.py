"""Filling the index from the record: what there was before it, or everything anew."""

from heapq import merge
from typing import Any

from sqlalchemy import Connection

from intranet.kernel import SYSTEM, House, JobKind, Person, Tx, Verb, Write, new_id

from .index import add_below, drop_all
from .sources import SOURCES, source_of

AT_ONCE = 100  # things in one write: others' writes wait so long


class Empty(Write, tag="search.empty"):
    """Begin with an empty index."""


class Fill(Write, tag="search.fill"):
    """Take these things into the index, the newest first, below all that is there."""

    things: list[tuple[int, str]]  # (place, subject)


def empty(tx: Tx, _person: Person, _write: Empty) -> None:
    """Until it is filled again, things are found that are new."""
    drop_all(tx)


def fill(tx: Tx, _person: Person, write: Fill) -> None:
    """Under the lock of their places nothing changes between reading a thing and indexing it."""
    tx.lock([place for place, _ in write.things])
    wanted: dict[tuple[int, str], list[str]] = {}
    for place, subject in write.things:
        wanted.setdefault((place, subject.partition("-")[0]), []).append(subject)
    docs = {}
    for (place, _), subjects in wanted.items():
        source = source_of(subjects[0])
        docs.update({doc.subject: doc for doc in (source.docs(tx.conn, place, subjects) if source else ())})
    add_below(tx, [docs[subject] for _, subject in write.things if subject in docs])


async def rebuild(house: House, *, anew: bool) -> int:
    """Go through everything there is; how many things that was. Safe to break off and to run again."""
    if anew:
        await house.perform(SYSTEM, Empty(id=new_id()))
    things = await house.read(_everything)
    for start in range(0, len(things), AT_ONCE):
        await house.perform(SYSTEM, Fill(id=new_id(), things=things[start : start + AT_ONCE]))
    return len(things)


def _everything(conn: Connection) -> list[tuple[int, str]]:
    newest_first = merge(*(source.every(conn) for source in SOURCES), key=lambda one: one[0], reverse=True)
    return [(place, subject) for _at, place, subject in newest_first]


async def _job(house: House, _payload: dict[str, Any], _job: int) -> None:
    await rebuild(house, anew=False)


VERBS = [
    Verb(Empty, empty, receipt=False, internal=True),
    Verb(Fill, fill, receipt=False, internal=True),
]
JOBS = [JobKind("search.fill", _job)]
