"""Servers that break one promise each on purpose; the fault test must see it."""

import time
from typing import Any

from intranet.kernel.batch import Batch
from intranet.kernel.room import Answer
from intranet.kernel.turns import Turns
from intranet.kernel.tx import Tx
from intranet.kernel.writer import SqliteWriter


def acknowledges_early() -> None:
    """Every post is answered before it is committed."""
    run = Batch.run

    def early(self: Batch, conn: Any, entries: Any) -> Any:
        for entry in entries:
            if entry.verb.name == "chat.post" and _loop:
                answer = Answer(entry.write.id, entry.place, _next(conn, entry.place))
                _loop[0].call_soon_threadsafe(entry.settle, answer)
        time.sleep(0.05)
        return run(self, conn, entries)

    start = SqliteWriter.start
    _loop: list[Any] = []

    async def remember(self: SqliteWriter) -> None:
        await start(self)
        _loop.append(self._loop)

    Batch.run, SqliteWriter.start = early, remember  # type: ignore[method-assign]


_given: dict[int, int] = {}


def _next(conn: Any, place: int) -> int:
    head = conn.exec_driver_sql("SELECT head FROM place WHERE id = ?", (place,)).scalar()
    conn.rollback()
    _given[place] = max(_given.get(place, 0), head) + 1
    return _given[place]


def forgets_receipts() -> None:
    """Whoever sends again stands twice."""
    Turns._receipts = lambda self: {}  # type: ignore[method-assign]
    Tx.receipt = lambda self, key, digest, place, seq: None  # type: ignore[method-assign]


def leaves_gaps() -> None:
    """A number is skipped now and then."""
    record = Tx.record

    def skipping(self: Tx, place: int, kind: str, subject: str, actor: int = 0, at: int = 0) -> int:
        seq = record(self, place, kind, subject, actor, at)
        if seq % 10 == 0:
            self._heads[place] += 1
        return seq

    Tx.record = skipping  # type: ignore[method-assign]
