"""One batch of writes in one transaction: receipts first, then verb after verb, one commit, then all answers.

The trap this guards against: a full disk rolls back SQLite's *whole* transaction, not the savepoint; the next
SAVEPOINT then silently opens a new one and its RELEASE commits it. So after every database error other than a
broken constraint, and before the commit, the driver is asked whether the transaction still stands.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from . import sqlite
from .config import Settings
from .keys import Keys
from .outcome import BatchLost, Done, DriverFailed, Entry, Outcome, check_stands, is_of_the_write, unavailable
from .ready import say
from .room import Actors, Follower
from .turns import Turns
from .tx import Tx

log = structlog.get_logger(__name__)
MOST_WRITES = 256


class Batch:
    """Runs on the writer's connection, synchronously, for both engines."""

    def __init__(
        self,
        keys: Keys,
        settings: Settings,
        epoch: str,
        followers: Sequence[Follower],
        actors: Actors | None,
    ) -> None:
        self.keys = keys
        self.settings = settings
        self.epoch = epoch
        self.followers = followers
        self.actors = actors

    def run(self, conn: Connection, entries: list[Entry]) -> Done:
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

    def _one_by_one(self, conn: Connection, entries: list[Entry]) -> Done:
        outcomes: list[Outcome] = []
        moved: set[int] = set()
        announced: list[tuple[str, Any]] = []
        for entry in entries:
            try:
                some, places, told = self._alone(conn, entry)
            except (_FinishBroke, BatchLost) as error:
                some, places, told = [unavailable(error.cause)], set(), []
            outcomes += some
            moved |= places
            announced += told
        return outcomes, moved, announced

    def _alone(self, conn: Connection, entry: Entry) -> Done:
        try:
            return self._attempt(conn, [entry])
        except _FinishBroke:  # another node took this receipt first: now it is found
            return self._attempt(conn, [entry])

    def _attempt(self, conn: Connection, entries: list[Entry]) -> Done:
        try:
            say(conn, "BEGIN IMMEDIATE" if conn.dialect.name == "sqlite" else "BEGIN")
            tx = Tx(conn, self.keys, self.settings, epoch=self.epoch)
            outcomes = Turns(self, conn, tx, entries).all()
            moved = self._finish(conn, tx)
            check_stands(conn, None)
            say(conn, "COMMIT")
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
        except DBAPIError as error:
            if is_of_the_write(error):
                raise _FinishBroke(error.orig or error) from error
            raise

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


def _roll_back(conn: Connection) -> None:
    try:
        say(conn, "ROLLBACK")
    except SQLAlchemyError:
        # Already gone with the transaction. SQLite says so; a broken PostgreSQL connection is replaced by its lane.
        log.debug("nothing to roll back")
