"""What waits for the writer, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from . import sqlite
from .errors import Unavailable
from .person import Person
from .room import Answer, Verb, Write

log = structlog.get_logger(__name__)


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
Done = tuple[list[Outcome], set[int], list[tuple[str, Any]]]  # outcomes, moved places, announcements


class BatchLost(Exception):
    """The transaction is gone: nobody of this batch may be acknowledged."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class DriverFailed(Exception):
    """I/O or flush failed: nothing the driver says later can be trusted, so the process must end."""


def check_stands(conn: Connection, cause: BaseException | None) -> None:
    """Raises BatchLost if the driver says that its transaction is gone."""
    driver: Any = conn.connection.driver_connection
    stands = driver.in_transaction if conn.dialect.name == "sqlite" else driver.is_in_transaction()
    if not stands:
        raise BatchLost(cause or RuntimeError("the transaction is gone"))


def is_of_the_write(error: DBAPIError) -> bool:
    """Whether the error is about one write's values, not about the database: a constraint, or data it can't hold."""
    data = str(getattr(error.orig, "sqlstate", "") or "").startswith("22")
    unfit = isinstance(error.orig.__cause__, ValueError) if error.orig else False  # asyncpg could not encode it
    return isinstance(error, IntegrityError) or data or unfit


def unavailable(cause: BaseException) -> Unavailable:
    """507 for a full disk, 503 for a database that is gone. Nothing was written."""
    log.error("batch not written", cause=type(cause).__name__, state=getattr(cause, "sqlstate", None))
    full = sqlite.is_full(cause) or getattr(cause, "sqlstate", "") == "53100"
    return Unavailable(507, "disk-full") if full else Unavailable(503, "database-gone")
