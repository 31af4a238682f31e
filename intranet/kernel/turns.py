"""The verbs of one batch, one after another, each in a savepoint; neighbours of a hot verb share one."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from .errors import Refused, not_found
from .outcome import Entry, Outcome, check_stands, is_of_the_write
from .person import Person
from .ready import Ready, say
from .room import Answer, Logged, Standing
from .tables import Receipt
from .tx import Mark, Tx

if TYPE_CHECKING:
    from .batch import Batch

log = structlog.get_logger(__name__)
MOST_SECONDS = 0.05
_TAKEN = Ready(select(Receipt).where(Receipt.key.in_(bindparam("keys", expanding=True))))


class Turns:
    """One batch's verbs on one transaction: roles, receipts and locks are looked up once for all."""

    def __init__(self, batch: "Batch", conn: Connection, tx: Tx, entries: list[Entry]) -> None:
        self.batch, self.conn, self.tx, self.entries = batch, conn, tx, entries
        self.taken = self._receipts()
        self.roles, self.sessions = self._standing()
        tx.lock([entry.place for entry in entries])

    def _receipts(self) -> dict[bytes, tuple[bytes, int, int]]:
        keys = [entry.key for entry in self.entries if entry.verb.receipt]
        if not keys:
            return {}
        rows = _TAKEN.all(self.conn, {"keys": keys})
        return {bytes(row.key): (bytes(row.digest), row.place, row.seq) for row in rows}

    def _standing(self) -> Standing:
        people = sorted({entry.person.id for entry in self.entries if entry.person.id > 0})
        sessions = sorted({entry.person.session for entry in self.entries if entry.person.session})
        return self.batch.actors(self.conn, people, sessions) if self.batch.actors and people else ({}, set())

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
        say(self.conn, "SAVEPOINT run")
        try:
            outcomes = [self._guarded(entry, buffering=True) for entry in entries]
            self.tx.flush()  # followers see the rows
            self._follow(mark)
            self.tx.flush()
            say(self.conn, "RELEASE SAVEPOINT run")
        except Exception as error:
            if isinstance(error, DBAPIError) and not is_of_the_write(error):
                raise
            self._undo(mark, error)
            self.taken = taken
            return [self._single(entry) for entry in entries]
        return outcomes

    def _single(self, entry: Entry, *, again: bool = True) -> Outcome:
        """One verb in a savepoint. If it breaks a constraint it looks once more: another lane or node was faster, and
        now the verb's own rule can see what it did and say so in its own words."""
        mark, taken = self.tx.mark(), dict(self.taken)
        say(self.conn, "SAVEPOINT run")
        try:
            outcome = self._guarded(entry, buffering=False, mark=mark)
            if isinstance(outcome, Exception):
                self._undo(mark, outcome)
                self.taken = taken
            else:
                say(self.conn, "RELEASE SAVEPOINT run")
        except DBAPIError as error:
            if not is_of_the_write(error):
                raise
            self._undo(mark, error)
            self.taken = taken
            if not isinstance(error, IntegrityError):
                log.warning("the database refused a write", verb=entry.verb.name, kind=type(error).__name__)
                return Refused(422, "malformed", reason="-")
            if again:
                return self._single(entry, again=False)
            log.warning("a constraint says what no rule of the verb does", verb=entry.verb.name)
            return Refused(409, "conflict")
        return outcome

    def _undo(self, mark: Mark, cause: BaseException | None) -> None:
        check_stands(self.conn, cause)
        say(self.conn, "ROLLBACK TO SAVEPOINT run")
        say(self.conn, "RELEASE SAVEPOINT run")
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

    def over(self) -> list[str]:
        """Sessions that this batch has ended so far."""
        return [value for name, value in self.tx.announced if name == "revoked"]

    def _current(self, person: Person) -> Person:
        """The role as it is now, whatever the session said when the request came. Raises Refused 401, also for what
        an ended session, wherever it was ended, has left waiting here."""
        if person.session in self.over():
            raise Refused(401, "signed-out")
        if person.id <= 0 or not self.batch.actors:
            return person
        if person.session and person.session not in self.sessions:
            raise Refused(401, "signed-out")
        role, active = self.roles.get(person.id, ("guest", False))
        if not active:
            raise Refused(401, "signed-out")
        return person if role == person.role else replace(person, role=role)  # type: ignore[arg-type]

    def _follow(self, mark: Mark) -> None:
        for follower in self.batch.followers:  # also what a lower room's follower has recorded
            events: list[Logged] = self.tx.events_since(mark)
            heard = [event for event in events if event.kind in follower.kinds]
            if heard:
                follower.follow(self.tx, heard)
