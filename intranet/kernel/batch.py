"""One batch of writes in one transaction: receipts first, then verb after verb, one commit, then all answers.

The trap this guards against: a full disk rolls back SQLite's *whole* transaction, not the savepoint; the next
SAVEPOINT then silently opens a new one and its RELEASE commits it. So after every database error other than a
broken constraint, and before the commit, the driver is asked whether the transaction still stands.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from . import sqlite
from .config import Settings
from .errors import Refused, Unavailable, not_found
from .keys import Keys
from .person import Person
from .room import Answer, Follower, Logged, Verb, Write
from .tables import Receipt
from .tx import Mark, Tx

log = structlog.get_logger(__name__)
MOST_WRITES = 256
MOST_SECONDS = 0.05


@dataclass(slots=True)
class Entry:
    """One waiting write with what was prepared for it."""

    person: Person
    write: Write
    verb: Verb
    place: int
    prepared: Any
    key: bytes
    digest: bytes
    settle: Callable[["Outcome"], None]


Outcome = Answer | Exception


class BatchLost(Exception):
    """The transaction is gone: nobody of this batch may be acknowledged."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class DriverFailed(Exception):
    """I/O or flush failed: nothing the driver says later can be trusted, so the process must end."""


class Batch:
    """Runs on the writer's connection, synchronously, for both engines."""

    def __init__(
        self,
        keys: Keys,
        settings: Settings,
        epoch: str,
        followers: Sequence[Follower],
        actors: Callable[[Connection, Sequence[int]], Mapping[int, tuple[str, bool]]] | None,
    ) -> None:
        self.keys = keys
        self.settings = settings
        self.epoch = epoch
        self.followers = followers
        self.actors = actors

    def run(self, conn: Connection, entries: list[Entry]) -> tuple[list[Outcome], set[int], list[tuple[str, Any]]]:
        """Outcomes in order (perhaps of fewer entries than given, when time is up), moved places, announcements.

        Raises BatchLost when nothing was committed, DriverFailed when the process must end.
        """
        try:
            return self._attempt(conn, entries)
        except _FinishBroke as broke:
            if len(entries) == 1:  # on PostgreSQL: another lane or node took this receipt first
                raise BatchLost(broke.cause) from None
            log.warning("batch redone one by one", writes=len(entries))
            return self._one_by_one(conn, entries)

    def _one_by_one(
        self, conn: Connection, entries: list[Entry]
    ) -> tuple[list[Outcome], set[int], list[tuple[str, Any]]]:
        outcomes: list[Outcome] = []
        moved: set[int] = set()
        announced: list[tuple[str, Any]] = []
        for entry in entries:
            try:
                some, places, told = self._attempt(conn, [entry])
            except (_FinishBroke, BatchLost) as error:
                log.error("write refused by its own record", verb=entry.verb.name, error=str(error))
                some, places, told = [Unavailable(503, "database-gone")], set(), []
            outcomes += some
            moved |= places
            announced += told
        return outcomes, moved, announced

    def _attempt(self, conn: Connection, entries: list[Entry]) -> tuple[list[Outcome], set[int], list[tuple[str, Any]]]:
        try:
            conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.dialect.name == "sqlite" else "BEGIN")
            tx = Tx(conn, self.keys, self.settings, epoch=self.epoch)
            run = _Run(self, conn, tx, entries)
            outcomes = run.all()
            moved = self._finish(conn, tx)
            self._check_stands(conn, None)
            conn.exec_driver_sql("COMMIT")
        except (BatchLost, _FinishBroke):
            _roll_back(conn)
            raise
        except DBAPIError as error:
            _roll_back(conn)
            raise self._lost(error) from error
        except BaseException:
            _roll_back(conn)
            raise
        return outcomes, moved, tx.announced

    def _finish(self, conn: Connection, tx: Tx) -> set[int]:
        try:
            return tx.finish()
        except IntegrityError as error:
            raise _FinishBroke(error.orig or error) from error

    def _check_stands(self, conn: Connection, cause: BaseException | None) -> None:
        driver: Any = conn.connection.driver_connection
        stands = driver.in_transaction if conn.dialect.name == "sqlite" else driver.is_in_transaction()
        if not stands:
            raise BatchLost(cause or RuntimeError("the transaction is gone"))

    def _lost(self, error: DBAPIError) -> Exception:
        original = error.orig or error
        if sqlite.is_io(original):
            return DriverFailed(str(original))
        return BatchLost(original)


class _FinishBroke(Exception):
    """The common log or receipts broke a constraint: each write must be tried alone."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class _Run:
    """The verbs of one batch, one after another."""

    def __init__(self, batch: Batch, conn: Connection, tx: Tx, entries: list[Entry]) -> None:
        self.batch, self.conn, self.tx, self.entries = batch, conn, tx, entries
        self.taken = self._receipts()
        self.roles = self._roles()
        tx.lock([entry.place for entry in entries])

    def _receipts(self) -> dict[bytes, tuple[bytes, int, int]]:
        keys = [entry.key for entry in self.entries if entry.verb.receipt]
        if not keys:
            return {}
        rows = self.conn.execute(select(Receipt).where(Receipt.key.in_(keys)))
        return {bytes(row.key): (bytes(row.digest), row.place, row.seq) for row in rows}

    def _roles(self) -> Mapping[int, tuple[str, bool]]:
        people = sorted({entry.person.id for entry in self.entries if entry.person.id > 0})
        return self.batch.actors(self.conn, people) if self.batch.actors and people else {}

    def all(self) -> list[Outcome]:
        until = time.monotonic() + MOST_SECONDS
        outcomes: list[Outcome] = []
        while len(outcomes) < len(self.entries) and (not outcomes or time.monotonic() < until):
            start = end = len(outcomes)
            verb = self.entries[start].verb
            while verb.hot and end < len(self.entries) and self.entries[end].verb is verb:
                end += 1
            if end > start + 1:
                outcomes += self._neighbours(self.entries[start:end])
            else:
                outcomes.append(self._single(self.entries[start]))
        return outcomes

    def _neighbours(self, entries: list[Entry]) -> list[Outcome]:
        """A hot run: no savepoint each, one flush; if that breaks a constraint, one by one."""
        mark, taken = self.tx.mark(), dict(self.taken)
        self.conn.exec_driver_sql("SAVEPOINT run")
        try:
            outcomes = [self._guarded(entry, buffering=True) for entry in entries]
            self._follow(mark)
            self.tx.flush()
            self.conn.exec_driver_sql("RELEASE SAVEPOINT run")
        except IntegrityError:
            self._undo(mark, None)
            self.taken = taken
            return [self._single(entry) for entry in entries]
        return outcomes

    def _single(self, entry: Entry) -> Outcome:
        mark = self.tx.mark()
        self.conn.exec_driver_sql("SAVEPOINT run")
        try:
            outcome = self._guarded(entry, buffering=False, mark=mark)
            if isinstance(outcome, Exception):
                self._undo(mark, outcome)
            else:
                self.conn.exec_driver_sql("RELEASE SAVEPOINT run")
        except IntegrityError as error:
            self._undo(mark, error)
            self.taken.pop(entry.key, None)
            log.warning("constraint refused a write", verb=entry.verb.name)
            return Refused(409, "conflict")
        return outcome

    def _undo(self, mark: Mark, cause: BaseException | None) -> None:
        self.batch._check_stands(self.conn, cause)
        self.conn.exec_driver_sql("ROLLBACK TO SAVEPOINT run")
        self.conn.exec_driver_sql("RELEASE SAVEPOINT run")
        self.tx.back_to(mark)

    def _guarded(self, entry: Entry, *, buffering: bool, mark: Mark | None = None) -> Outcome:
        """One verb: an Answer, a Refused, or what went wrong. Database errors other than constraints pass through."""
        here = mark or self.tx.mark()
        try:
            answer = self._answer(entry, here, buffering)
            if not buffering:
                self._follow(here)
                self.tx.flush()
            return answer
        except Refused as refusal:
            self.tx.back_to(here)
            return refusal
        except DBAPIError:
            raise
        except Exception as error:
            log.exception("verb failed", verb=entry.verb.name)
            self.tx.back_to(here)
            return error

    def _answer(self, entry: Entry, mark: Mark, buffering: bool) -> Answer:
        person, write, verb = entry.person, entry.write, entry.verb
        if verb.receipt and entry.key in self.taken:
            digest, place, seq = self.taken[entry.key]
            if digest != entry.digest:
                raise Refused(409, "other-content")
            return Answer(write.id, place, seq, repeat=True)
        person = self._current(person)
        if person.id == 0 and not verb.nobody:
            raise Refused(401, "signed-out")
        if entry.place > 0 and not self.tx.is_locked(entry.place):
            raise not_found()
        self.tx.enter(person, entry.place, entry.prepared, buffering=buffering)
        extra = verb.run(self.tx, person, write) or {}
        place = int(extra.pop("place", entry.place))
        seq = int(extra.pop("seq", 0)) or self.tx.last_seq(mark, place)
        if verb.receipt:
            self.tx.receipt(entry.key, entry.digest, place, seq)
            self.taken[entry.key] = (entry.digest, place, seq)
        return Answer(write.id, place, seq, extra)

    def _current(self, person: Person) -> Person:
        """The role as it is now, whatever the session said when the request came."""
        if person.id <= 0 or not self.batch.actors:
            return person
        role, active = self.roles.get(person.id, ("guest", False))
        if not active:
            raise Refused(401, "signed-out")
        return person if role == person.role else replace(person, role=role)  # type: ignore[arg-type]

    def _follow(self, mark: Mark) -> None:
        events: list[Logged] = self.tx.events_since(mark)
        for follower in self.batch.followers:
            heard = [event for event in events if event.kind in follower.kinds]
            if heard:
                follower.follow(self.tx, heard)


def _roll_back(conn: Connection) -> None:
    try:
        conn.exec_driver_sql("ROLLBACK")
    except DBAPIError:
        # Already gone with the transaction. SQLite says so; a broken PostgreSQL connection is replaced by its lane.
        log.debug("nothing to roll back")
