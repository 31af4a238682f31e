"""Writing the index, in the transaction of the change. On SQLite the words also go into FTS5, which takes them out
again by their former text, so that nothing of what was deleted stays in the file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    table,
    update,
)  # fmt: skip

from intranet.kernel import AnyRow, AnySelect, Ready, Tx

from .models import SearchDoc
from .words import words_of

TEXT = table("search_text", column("rowid", BigInteger), column("words"), column("search_text"))
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Doc:
    """What shall be found. `marks` are beside the words: what kind it is, and the places whose readers may find it."""

    subject: str
    place: int
    seq: int
    text: str
    kind: str
    readers: Collection[int] = field(default_factory=tuple)  # further places: of an author, of an owner

    def words(self) -> str:
        """As it is stored."""
        marks = [kind_mark(self.kind), *map(place_mark, {self.place, *self.readers})]
        return " ".join(words_of(self.text).union(marks))


def kind_mark(kind: str) -> str:
    """No word of a text begins so."""
    return f"§{kind}"


def place_mark(place: int) -> str:
    """With it the engines skip what the reader may not read, instead of looking at each."""
    return f"§{place}"


def add(tx: Tx, docs: Sequence[Doc]) -> None:
    """New things, newer than all there are."""
    if not docs:
        return
    last = _LAST.all(tx.conn, {})[0].last if _is_sqlite(tx.conn) else 0
    tx.change(_NEW_ROWS, [_row(doc) for doc in docs])
    if _is_sqlite(tx.conn):
        tx.change(_INDEX_SINCE, [{"last": last if last is not None else -(2**62)}])


def add_below(tx: Tx, docs: Sequence[Doc]) -> None:
    """Things from before the index, the newest first: each goes below all there are. What is there stays."""
    there = set(
        tx.read(select(SearchDoc.subject).where(SearchDoc.subject.in_([doc.subject for doc in docs]))).scalars()
    )
    below = min(tx.read(select(func.min(SearchDoc.id))).scalar() or 0, 0)
    missing = [doc for doc in docs if doc.subject not in there]
    if missing:
        tx.change(_NEW, [{"id": below - number, **_row(doc)} for number, doc in enumerate(missing, 1)])
    _index(tx, [doc.subject for doc in missing])


def renew(tx: Tx, subjects: Sequence[str], docs: Sequence[Doc]) -> list[str]:
    """What has become of these things: those without a doc are gone, and leave an empty row, should they come back.
    Each stays where it was. The subjects that other people may find now than before."""
    former = {row.subject: row for row in tx.read(select(SearchDoc).where(SearchDoc.subject.in_(subjects)))}
    now = {doc.subject: doc for doc in docs}
    rows = [_row(now[one]) if one in now else _emptied(former[one]) for one in subjects if one in former]
    changed = [row for row in rows if not _is_same(row, former[row["subject"]])]
    if changed:
        its = [row["subject"] for row in changed]
        _unindex(tx, its)
        tx.change(_RENEW, [{f"new_{name}": value for name, value in row.items()} for row in changed])
        _index(tx, its)
    add(tx, [doc for doc in docs if doc.subject not in former])
    return [row["subject"] for row in changed if _marks(row["words"]) != _marks(former[row["subject"]].words)]


def _emptied(row: AnyRow) -> dict[str, Any]:
    return {"subject": row.subject, "place": row.place, "seq": row.seq, "words": ""}


def _is_same(row: Mapping[str, Any], former: AnyRow) -> bool:
    return row["place"] == former.place and _words(row["words"]) == _words(former.words)


def _marks(words: str) -> set[str]:
    return {word for word in _words(words) if word.startswith("§")}


def _words(words: str) -> set[str]:
    """As a set, from SQLite's text or from PostgreSQL's writing of a tsvector."""
    return set(words.replace("'", "").split())


def drop_all(tx: Tx) -> None:
    """An empty index."""
    if _is_sqlite(tx.conn):
        tx.change(insert(TEXT), {"search_text": "delete-all"})
    tx.change(delete(SearchDoc))


def _row(doc: Doc) -> dict[str, Any]:
    return {"subject": doc.subject, "place": doc.place, "seq": doc.seq, "words": doc.words()}


def _unindex(tx: Tx, subjects: Iterable[str]) -> None:
    if _is_sqlite(tx.conn):
        former = select(literal("delete"), SearchDoc.id, SearchDoc.words).where(SearchDoc.subject.in_(list(subjects)))
        tx.change(insert(TEXT).from_select(["search_text", "rowid", "words"], former))


def _index(tx: Tx, subjects: Iterable[str]) -> None:
    if _is_sqlite(tx.conn):
        tx.change(_into(select(SearchDoc.id, SearchDoc.words).where(SearchDoc.subject.in_(list(subjects)))))


def _into(rows: AnySelect) -> Any:
    return insert(TEXT).from_select(["rowid", "words"], rows)


def _is_sqlite(conn: Connection) -> bool:
    return conn.dialect.name == "sqlite"


_LAST = Ready(select(func.max(SearchDoc.id).label("last")))
_NEW = insert(SearchDoc)
_NEW_ROWS = Ready(_NEW.inline(), ("subject", "place", "seq", "words"))
_INDEX_SINCE = Ready(_into(select(SearchDoc.id, SearchDoc.words).where(SearchDoc.id > bindparam("last"))))
_RENEW = (
    update(SearchDoc).where(SearchDoc.subject == bindparam("new_subject"))
    .values(place=bindparam("new_place"), seq=bindparam("new_seq"), words=bindparam("new_words"))
)  # fmt: skip
