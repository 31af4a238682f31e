"""What a verb may touch. Everything it says is kept here until the writer flushes it in one transaction."""

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Result, bindparam, insert, select, update
from sqlalchemy.sql.base import Executable

from . import clock
from .config import Settings
from .inserts import insert_missing, inserting, upsert
from .keys import Keys
from .person import Person
from .ready import Ready
from .room import Logged, Subject, Write
from .tables import Base, Event, Job, Place, Receipt, Register

T = TypeVar("T")
_HEADS = Ready(update(Place).where(Place.id == bindparam("p")).values(head=bindparam("h")))
_SOME: Any = bindparam("some", expanding=True)
_LOCKED = Ready(select(Place.id, Place.head).where(Place.id.in_(_SOME)).order_by(Place.id).with_for_update())


@dataclass(frozen=True, slots=True)
class Mark:
    """A point to go back to when a verb is refused."""

    heads: dict[int, int]
    events: int
    later: int
    mine: dict[tuple[int, str], int]
    adds: dict[type[Base], int]
    changes: int
    jobs: int
    receipts: int
    announced: int
    moves: int
    sent: int


class Tx:
    """One transaction as verbs see it. It never commits; `conn` is for reading only."""

    def __init__(self, conn: Connection, keys: Keys, settings: Settings, *, epoch: str) -> None:
        self.conn = conn
        self.settings = settings  # for limits; what a verb decides must not depend on more
        self.now = clock.now()
        self.prepared: Any = None  # what the write's `prepare` returned
        self.place = 0  # the write's own place, locked; the actor's own where the write names none
        self.announced: list[tuple[str, Any]] = []  # told to listeners after the commit, such as ("revoked", id)
        self.keys = keys
        self._epoch = epoch
        self._person = Person(0)
        self._heads: dict[int, int] = {}  # places that are locked, with the last seq given
        self._stored: dict[int, int] = {}
        self._events: list[Logged] = []
        self._times: dict[int, int] = {}
        self._later: list[tuple[int, str, str, int, int]] = []
        self._mine: dict[tuple[int, str], int] = {}
        self._adds: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._changes: list[tuple[Any, dict[str, Any]]] = []
        self._jobs: list[dict[str, Any]] = []
        self._receipts: list[dict[str, Any]] = []
        self._moves = 0
        self._sent = 0  # how often a verb had its neighbours' rows sent
        self._buffering = False
        self._memo: dict[Hashable, Any] = {}

    # -- reading

    def read(self, statement: Executable, params: Any = None) -> Result[Any]:
        """Run a SELECT. Sees earlier verbs of the batch, but not what neighbours of a hot run still hold back."""
        return self.conn.execute(statement, params)

    def once(self, key: Hashable, load: Callable[[], T]) -> T:
        """`load()` once per run of neighbouring hot verbs: what they all check need not be read for each."""
        if not self._buffering:
            return load()
        if key not in self._memo:
            self._memo[key] = load()
        found: T = self._memo[key]
        return found

    def resolve(self, person: Person, ref: Subject) -> tuple[int, int] | None:
        """The (place, seq) that a client id of this person's earlier write became, or None."""
        key = self.keys.receipt(person.id, str(ref))
        for row in reversed(self._receipts):
            if row["key"] == key:
                return row["place"], row["seq"]
        found = self.conn.execute(select(Receipt.place, Receipt.seq).where(Receipt.key == key)).first()
        return (found.place, found.seq) if found else None

    # -- changing

    def add(self, model: type[Base], row: Mapping[str, Any]) -> None:
        """A new row; in a hot run it waits for its neighbours'."""
        self._adds[model].append(dict(row))
        if not self._buffering:
            self._flush_adds()

    def make(self, model: type[Base], row: Mapping[str, Any]) -> int:
        """A new row whose id the database gives, at once; that id. Not for hot verbs."""
        assert not self._buffering, "a hot verb adds"
        key = model.__table__.c.id
        return int(self.conn.execute(insert(model).values(**row).returning(key)).scalar_one())

    def upsert(self, model: type[Base], row: Mapping[str, Any], *, highest: str | None = None) -> None:
        """A new row, or the same key's row overwritten; with `highest`, only if that column would grow."""
        self.conn.execute(upsert(self.conn, model, highest=highest), dict(row))

    def change(self, statement: Any, params: Any = None) -> int:
        """UPDATE or DELETE now; the number of rows. Not for hot verbs: a refused neighbour could not undo it."""
        assert not self._buffering, "a hot verb changes by change_later"
        if isinstance(statement, Ready):
            return statement.each(self.conn, params)
        return self.conn.execute(statement, params).rowcount

    def change_later(self, statement: Any, params: dict[str, Any]) -> None:
        """UPDATE or DELETE with the flush. `statement` is a constant with bind parameters, grouped by identity."""
        self._changes.append((statement, params))
        if not self._buffering:
            self._flush_changes()

    def new_place(self, kind: str) -> int:
        """A new place with an empty log; it may be recorded into at once."""
        place = self.make(Place, {"kind": kind, "epoch": self._epoch, "head": 0, "floor": 0})
        self._heads[place] = self._stored[place] = 0
        return place

    # -- the log

    def head(self, place: int) -> int:
        """The last seq given in a locked place."""
        return self._heads[place]

    def record(self, place: int, kind: str, subject: str, actor: int = 0, at: int = 0) -> int:
        """Log that a thing changed and return its seq. Only for the write's own place or one made here."""
        seq = self._heads[place] = self._heads[place] + 1
        self._events.append(Logged(place, seq, kind, subject, actor))
        if at:
            self._times[len(self._events) - 1] = at
        return seq

    def next_seq(self, place: int) -> int:
        """The seq that the next `record` in this place will return (a message's key is its event's seq)."""
        return self._heads[place] + 1

    def record_later(self, place: int, kind: str, subject: str, actor: int = 0, at: int = 0) -> None:
        """Log in any other place. Its seq is given before the commit, places sorted, so that lanes can't deadlock.
        Place 0 has no log: followers hear it and nothing is kept, as of a person, whose place is no history."""
        self._later.append((place, kind, subject, actor, at))

    def mine(self, person: int, key: str) -> None:
        """Something of this person's own changed: overwrite the key's row in their own place."""
        self._mine.pop((person, key), None)
        self._moves += 1
        self._mine[person, key] = self._moves

    def job(self, kind: str, payload: Mapping[str, Any], *, at: int | None = None, key: str | None = None) -> None:
        """What must happen outside, in this same transaction. `key` makes it unique while it waits."""
        text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
        self._jobs.append(
            {"kind": kind, "payload": text, "run_at": at or self.now, "key": key, "attempts": 0, "dead": ""}
        )
        self.announce("job", kind)

    def announce(self, name: str, value: Any) -> None:
        """Tell the process's listeners after the commit (a hint: losing it must cost delay only)."""
        self.announced.append((name, value))

    def token(self, write: Write, purpose: str = "token") -> str:
        """A secret, the same at every retry of this write, so that only its hash need be stored."""
        return self.keys.token(self._person.id, write.id, purpose)

    # -- for the writer

    def lock(self, places: Sequence[int]) -> None:
        """Load and lock these places' heads, sorted.

        A rare verb may lock another place to know its seq at once (a team's channels); if two lanes then wait for
        each other, PostgreSQL says so and the batch is run again.
        """
        wanted = sorted({place for place in places if place > 0} - self._heads.keys())
        for start in range(0, len(wanted), 500):
            for row in _LOCKED.all(self.conn, {"some": wanted[start : start + 500]}):
                self._heads[row.id] = self._stored[row.id] = row.head

    def is_locked(self, place: int) -> bool:
        """Whether the place is there and may be recorded into."""
        return place in self._heads

    def enter(self, person: Person, place: int, prepared: Any, *, buffering: bool) -> None:
        """The next verb is this person's, in this place."""
        self._person, self.place, self.prepared, self._buffering = person, place, prepared, buffering
        if not buffering:
            self._memo.clear()

    def mark(self) -> Mark:
        """Where to go back to if the next verb is refused."""
        return Mark(
            dict(self._heads), len(self._events), len(self._later), dict(self._mine),
            {model: len(rows) for model, rows in self._adds.items()}, len(self._changes), len(self._jobs),
            len(self._receipts), len(self.announced), self._moves, self._sent,
        )  # fmt: skip

    def back_to(self, mark: Mark) -> None:
        """Forget everything said since `mark`. Rows already sent to the database are the savepoint's to undo."""
        self._heads = mark.heads
        del self._events[mark.events :]
        self._times = {index: at for index, at in self._times.items() if index < mark.events}
        del self._later[mark.later :]
        self._mine = mark.mine
        held = mark.sent == self._sent  # else what was held back then is sent, and all that is held back came since
        for model, rows in self._adds.items():
            del rows[mark.adds.get(model, 0) if held else 0 :]
        del self._changes[mark.changes if held else 0 :]
        del self._jobs[mark.jobs :]
        del self._receipts[mark.receipts :]
        del self.announced[mark.announced :]
        self._moves = mark.moves

    def events_since(self, mark: Mark) -> list[Logged]:
        """What was recorded since, those of other places with seq 0."""
        later = [Logged(place, 0, kind, subject, actor) for place, kind, subject, actor, _ in self._later[mark.later :]]
        return self._events[mark.events :] + later

    def receipt(self, key: bytes, digest: bytes, place: int, seq: int) -> None:
        """Remember for ever that this write was taken."""
        self._receipts.append({"key": key, "digest": digest, "place": place, "seq": seq})

    def last_seq(self, mark: Mark, place: int) -> int:
        """The last seq recorded in this place since `mark`, or 0."""
        return next((logged.seq for logged in reversed(self._events[mark.events :]) if logged.place == place), 0)

    def send_held(self) -> None:
        """Send what neighbours of a hot run hold back, for a verb that must read it. Only before its own first change:
        what it adds is held back as ever, and forgotten if it is refused."""
        self._flush_adds()
        self._flush_changes()
        self._sent += 1

    def flush(self) -> None:
        """Send what a hot run held back, and hold back no more. Raises IntegrityError if one of them breaks a rule."""
        self._buffering = False
        self._flush_adds()
        self._flush_changes()

    def finish(self) -> set[int]:
        """Give the remaining seqs, write log, registers, receipts, jobs and heads; the places that moved."""
        self.flush()
        self.lock([place for place, *_ in self._later] + [person for person, _ in self._mine])
        self._later.sort(key=lambda entry: entry[0])
        for place, kind, subject, actor, at in self._later:
            if place in self._heads:  # a place that is gone needs no log
                self.record(place, kind, subject, actor, at)
        self._write_mine()
        self._insert(Event, [
            {"place": e.place, "seq": e.seq, "kind": e.kind, "subject": e.subject, "actor": e.actor,
             "at": self._times.get(index, 0)} for index, e in enumerate(self._events)
        ])  # fmt: skip
        self._insert(Receipt, self._receipts)
        self._insert(Job, self._jobs, ignore_conflicts=True)
        moved = {place: head for place, head in self._heads.items() if head != self._stored[place]}
        if moved:
            _HEADS.each(self.conn, [{"p": place, "h": head} for place, head in sorted(moved.items())])
        return set(moved)

    def _write_mine(self) -> None:
        rows = []
        for (person, key), _ in sorted(self._mine.items(), key=lambda item: item[1]):
            if person in self._heads:
                self._heads[person] += 1
                rows.append({"place": person, "key": key, "seq": self._heads[person]})
        if rows:
            self.conn.execute(upsert(self.conn, Register), rows)

    def _flush_adds(self) -> None:
        for model, rows in self._adds.items():
            if rows:
                taken, rows[:] = list(rows), []
                self._insert(model, taken)

    def _flush_changes(self) -> None:
        grouped: dict[int, tuple[Any, list[dict[str, Any]]]] = {}
        for statement, params in self._changes:
            grouped.setdefault(id(statement), (statement, []))[1].append(params)
        self._changes.clear()
        for statement, rows in grouped.values():
            self.conn.execute(statement, rows)

    def _insert(self, model: type[Base], rows: list[dict[str, Any]], *, ignore_conflicts: bool = False) -> None:
        if not rows:
            return
        if ignore_conflicts:
            self.conn.execute(insert_missing(self.conn, model), rows)
        else:
            inserting(model, tuple(rows[0])).each(self.conn, rows)
