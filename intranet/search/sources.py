"""What can be found, kind by kind: how its events reach the index, and how it is shown to who may read it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from intranet.kernel import Logged, Person, Tx

from . import messages
from .hits import Hit
from .index import Doc, add, drop, renew


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of thing. `subject` is the first word of its subjects, which the index marks it with."""

    subject: str
    new: frozenset[str]  # events that make one
    changed: frozenset[str]  # events after which one reads differently, or is gone
    docs: Callable[[Connection, int, Sequence[str]], Sequence[Doc]]  # (conn, place, subjects), those that are there
    every: Callable[[Connection], Iterable[tuple[int, int, str]]]  # (at, place, subject), the newest first
    # (conn, reader, docs) -> subject: hit; only what the reader may read now
    hits: Callable[[Connection, Person, Sequence[Any]], Mapping[str, Hit]]


SOURCES = (
    Source("m", messages.NEW, messages.CHANGED, messages.docs, messages.every, messages.hits),
)  # fmt: skip
KINDS = frozenset[str]().union(*(source.new | source.changed for source in SOURCES))


def source_of(subject: str) -> Source | None:
    """Who answers for a subject."""
    return next((source for source in SOURCES if source.subject == subject.partition("-")[0]), None)


def follow(tx: Tx, events: Sequence[Logged]) -> None:
    """Bring the index to what these events have made of their things."""
    asked: dict[tuple[Source, int, bool], dict[str, None]] = {}
    for event in events:
        source = source_of(event.subject)
        if source is not None:
            new = event.kind in source.new
            asked.setdefault((source, event.place, new), {})[event.subject] = None
    for (source, place, new), subjects in asked.items():
        docs = source.docs(tx.conn, place, list(subjects))
        if new:
            add(tx, docs)
            continue
        renew(tx, docs)
        if gone := subjects.keys() - {doc.subject for doc in docs}:
            drop(tx, sorted(gone))
