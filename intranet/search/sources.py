"""What can be found, kind by kind: how its events reach the index, and how it is shown to who may read it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from intranet.kernel import Logged, Person, Tx

from . import messages, posts
from .hits import Hit
from .index import Doc, add, renew


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
    # (conn, subjects) -> subjects of things that are found by whom these are found
    along: Callable[[Connection, Sequence[str]], Sequence[str]] | None = None


SOURCES = (
    Source(messages.KIND, messages.NEW, messages.CHANGED, messages.docs, messages.every, messages.hits),
    Source(
        posts.POST, frozenset(), posts.CHANGED_POSTS, posts.post_docs, posts.every_post, posts.post_hits,
        posts.with_comments,
    ),
    Source(
        posts.COMMENT, posts.NEW_COMMENTS, posts.CHANGED_COMMENTS, posts.comment_docs, posts.every_comment,
        posts.comment_hits,
    ),
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
        if new:
            add(tx, source.docs(tx.conn, place, list(subjects)))
        else:
            _renew(tx, source, place, list(subjects))


def _renew(tx: Tx, source: Source, place: int, subjects: Sequence[str]) -> None:
    found_by_others = renew(tx, subjects, source.docs(tx.conn, place, subjects))
    along = source.along(tx.conn, found_by_others) if source.along and found_by_others else ()
    other = source_of(along[0]) if along else None
    if other is not None:
        renew(tx, along, other.docs(tx.conn, place, along))
