"""Seven houses, each broken in one way that somebody could break it by: all must be found out."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import select, text, update

from intranet.kernel import AnyRow, Tx
from intranet.kernel.writer import SqliteWriter
from intranet.polls import actions, closing, keyring, live, sealing
from intranet.polls.access import results_of, shows_result
from intranet.polls.models import Poll, Sealed
from intranet.polls.sealing import Inside, open_box

CLOSE_BOX, SEAL, VALID, WRITE_DOWN = sealing.close_box, actions._seal, closing._valid, closing._write_down


@dataclass(frozen=True, slots=True)
class Variant:
    """A name, and what is replaced while the house runs (given its data folder)."""

    name: str
    broken: Callable[[Path], AbstractContextManager[Any]]


# -- more in the ballot


@contextmanager
def _person_in_ballot(_folder: Path) -> Iterator[None]:
    """Each ballot keeps whose it was."""
    with _kept("person", lambda tx, row: {one: one for one in _voters(tx, row)}):
        yield


@contextmanager
def _time_in_ballot(_folder: Path) -> Iterator[None]:
    """Each ballot keeps when it was cast."""

    def seal(tx: Tx, person: Any, row: AnyRow, write: Any) -> None:
        SEAL(tx, person, row, write)
        stamp = text("UPDATE sealed SET at = :at WHERE poll = :poll AND person = :person")
        tx.change(stamp, {"at": tx.now, "poll": row.id, "person": person.id})

    def times(tx: Tx, row: AnyRow) -> dict[int, int]:
        rows = tx.read(text("SELECT person, at FROM sealed WHERE poll = :poll"), {"poll": row.id})
        return {one.person: one.at for one in rows}

    with patch.object(actions, "_seal", seal), _kept("at", times):
        yield


@contextmanager
def _kept(column: str, values: Callable[[Tx, AnyRow], dict[int, int]]) -> Iterator[None]:
    """One more column, filled at the close from what is known of the voters."""
    known: dict[str, int] = {}

    def valid(tx: Tx, row: AnyRow, found: Sequence[Inside | None]) -> list[Inside]:
        per_person = values(tx, row)
        for person, inside in zip(_voters(tx, row), found, strict=True):
            if inside is not None:
                known[inside.code] = per_person[person]
        return VALID(tx, row, found)

    def write_down(tx: Tx, row: AnyRow, ballots: list[Inside], voters: list[int]) -> None:
        WRITE_DOWN(tx, row, ballots, voters)
        keep = text(f"UPDATE ballot SET {column} = :value WHERE poll = :poll AND code = :code")
        for one in ballots:
            tx.change(keep, {"value": known[one.code], "poll": row.id, "code": one.code})

    with patch.object(closing, "_valid", valid), patch.object(closing, "_write_down", write_down):
        yield


def _voters(tx: Tx, row: AnyRow) -> list[int]:
    return list(tx.read(select(Sealed.person).where(Sealed.poll == row.id)).scalars())


# -- order, length, key, log, counts


@contextmanager
def _in_order(_folder: Path) -> Iterator[None]:
    """Ballots are written down as the boxes are opened, into a table that keeps the order."""

    def valid(_tx: Tx, _row: AnyRow, found: Sequence[Inside | None]) -> list[Inside]:
        return [inside for inside in found if inside is not None]

    with patch.object(closing, "_valid", valid):
        yield


@contextmanager
def _length_by_choice(_folder: Path) -> Iterator[None]:
    """What is inside a box is not padded to one length."""

    def close(public: str, poll: int, inside: Inside, *, texts: int) -> bytes:
        with patch.object(sealing, "SHORT", 256 + 16 * inside.choice.yes[0]):
            return CLOSE_BOX(public, poll, inside, texts=texts)

    with (
        patch.object(sealing, "close_box", close),  # the phone's
        patch.object(actions, "close_box", close),
        patch.object(actions, "size_of", lambda _texts: AnyLength()),
    ):
        yield


class AnyLength:
    """Differs from no length."""

    def __ne__(self, _other: object) -> bool:
        return False


@contextmanager
def _key_in_backup(_folder: Path) -> Iterator[None]:
    """The keys lie in a folder that backups take along."""
    with patch.object(keyring, "FOLDER", "polls"):
        yield


@contextmanager
def _log_kept(_folder: Path) -> Iterator[None]:
    """The write-ahead log is left as it is after the close."""

    async def truncate(_self: SqliteWriter) -> bool:
        return True

    with patch.object(SqliteWriter, "truncate", truncate):
        yield


@contextmanager
def _live_counter(folder: Path) -> Iterator[None]:
    """The sums are shown while the vote is open."""

    def seal(tx: Tx, person: Any, row: AnyRow, write: Any) -> None:
        SEAL(tx, person, row, write)
        key = keyring.Keyring(folder).get(row.id) or b""
        boxes = tx.read(select(Sealed.box).where(Sealed.poll == row.id)).scalars()
        opened = [open_box(key, row.id, bytes(box)) for box in boxes]
        choices = [inside.choice.yes[0] for inside in opened if inside is not None]
        result = {"n": len(choices), "yes": {str(one): choices.count(one) for one in range(1, 4)}}
        tx.change(update(Poll).where(Poll.id == row.id).values(result=json.dumps(result)))
        actions.touch(tx, row, "polls.voted")

    def shows(row: AnyRow, *, voted: bool) -> bool:
        return bool(row.result) or shows_result(row, voted=voted)

    def results(conn: Any, rows: Any, options: Any) -> dict[int, Any]:
        others = results_of(conn, [row for row in rows if not row.result], options)
        return {**others, **{row.id: json.loads(row.result) for row in rows if row.result}}

    with (
        patch.object(actions, "_seal", seal),
        patch.object(live, "shows_result", shows),
        patch.object(live, "results_of", results),
    ):
        yield


SCHEMA = (  # what some of the broken houses need; the others leave it empty
    "DROP TABLE ballot",
    "CREATE TABLE ballot (poll INTEGER, code TEXT, choice INTEGER, person INTEGER, at INTEGER)",
    "ALTER TABLE sealed ADD COLUMN at INTEGER",
)
VARIANTS = [
    Variant("person in the ballot", _person_in_ballot),
    Variant("insertion order kept", _in_order),
    Variant("timestamp", _time_in_ballot),
    Variant("key in the backup", _key_in_backup),
    Variant("box length by choice", _length_by_choice),
    Variant("boxes left in the write-ahead log", _log_kept),
    Variant("live counter", _live_counter),
]

__all__ = ["SCHEMA", "VARIANTS", "Variant"]
