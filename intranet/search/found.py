"""Asking the index: newest first, only what the reader may read, a bounded number of questions to the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, cast, literal_column, or_, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

from intranet.kernel import AnyRow, AnySelect, Person, once

from .asked import AnyOf, Asked, for_fts5, for_tsquery
from .hits import Hit
from .index import TEXT, kind_mark, place_mark
from .models import SearchDoc
from .sources import SOURCES, Source, source_of

AT_ONCE = 50
MOST_ENDINGS = 120  # words with one beginning; of more FTS5 has to gather all their texts before the first
MOST_ROUNDS = 6  # what fits may be unreadable, or lack a phrase: then the page ends early and goes on by "older"


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, the newest first, and below which id it goes on (None: that was all)."""

    hits: list[Hit]
    older: int | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Candidates of one question to the index, and below which id it has not looked yet (None: that was all)."""

    rows: Sequence[AnyRow]
    below: int | None


def newest(conn: Connection, person: Person, places: AnySelect, asked: Asked) -> Batch:
    """The newest of every kind together: where little fits, that is all that `found` needs for each kind."""
    return _batch(conn, _reads(conn, person, places), asked, SOURCES, None)


def found(
    conn: Connection, person: Person, places: AnySelect, asked: Asked, sources: Sequence[Source], *,
    limit: int, below: int | None = None, batch: Batch | None = None,
) -> Found:  # fmt: skip
    """What fits below an id of the index, or from the newest on, which `batch` has asked for already."""
    reads = _reads(conn, person, places)
    hits: list[Hit] = []
    for _ in range(MOST_ROUNDS):
        batch = batch or _batch(conn, reads, asked, sources, below)
        rows = [row for row in batch.rows if source_of(row.subject) in sources]
        shown = _shown(conn, person, rows, asked)
        for row in rows:
            if row.subject in shown:
                if len(hits) == limit:
                    return Found(hits, below)
                hits.append(shown[row.subject])
            below = row.id
        below, batch = batch.below, None
        if below is None:
            break
    return Found(hits, below)


def _reads(conn: Connection, person: Person, places: AnySelect) -> Sequence[AnyRow]:
    return once(conn, ("search.places", person.id), lambda: conn.execute(places).all())


def _shown(conn: Connection, person: Person, rows: Sequence[AnyRow], asked: Asked) -> dict[str, Hit]:
    by_source: dict[str, tuple[Source, list[AnyRow]]] = {}
    for row in rows:
        source = source_of(row.subject)
        if source is not None:
            by_source.setdefault(source.subject, (source, []))[1].append(row)
    shown: dict[str, Hit] = {}
    for source, its in by_source.values():
        shown.update(source.hits(conn, person, its))
    return {subject: hit for subject, hit in shown.items() if hit.fits(asked)}


def _batch(
    conn: Connection, reads: Sequence[AnyRow], asked: Asked, sources: Sequence[Source], below: int | None
) -> Batch:
    within = [[place_mark(row.place) for row in reads]]
    if len(sources) < len(SOURCES):
        within.append([kind_mark(source.subject) for source in sources])
    rows = select(SearchDoc.id, SearchDoc.subject, SearchDoc.place, SearchDoc.seq)
    if conn.dialect.name == "sqlite":
        words: Any = literal_column("search_text")
        question = for_fts5([_gone_on(conn, term) for term in asked.terms], within)
        rows = rows.join(TEXT, TEXT.c.rowid == SearchDoc.id).where(words.op("MATCH")(question))
        latest: Any = TEXT.c.rowid
    else:
        question = for_tsquery(asked.terms, within)
        rows = rows.where(SearchDoc.words.op("@@")(cast(question, TSQUERY)))
        latest = SearchDoc.id
    later = [and_(SearchDoc.place == row.place, SearchDoc.seq < row.joined) for row in reads if row.joined]
    if later:
        rows = rows.where(~or_(*later))
    if below is not None:
        rows = rows.where(latest < below)
    its = conn.execute(rows.order_by(latest.desc()).limit(AT_ONCE)).all()
    return Batch(its, its[-1].id if len(its) == AT_ONCE else None)


def _gone_on(conn: Connection, term: AnyOf) -> AnyOf:
    """With the words that begin so in place of their beginning: their texts are then read from the newest on."""
    if not term.beginning:
        return term
    between = {"first": term.beginning, "end": term.beginning + "\U0010ffff", "most": MOST_ENDINGS + 1}
    words = once(conn, ("search.words", term.beginning), lambda: conn.execute(_WORDS, between).scalars().all())
    return term if len(words) > MOST_ENDINGS else replace(term, words=term.words.union(words), beginning="")


# From each word straight to the next: the list itself has a row for every text that a word is in.
_WORDS = text("""
    WITH RECURSIVE words(word) AS (
        SELECT (SELECT term FROM search_words WHERE term >= :first LIMIT 1)
        UNION ALL
        SELECT (SELECT term FROM search_words WHERE term >= word || char(1) LIMIT 1) FROM words WHERE word < :end
    )
    SELECT word FROM words WHERE word < :end LIMIT :most
""")
