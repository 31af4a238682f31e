"""The one road to disk: lanes take what waits, run it as batches, and answer after the commit."""

import asyncio
import os
import queue
import threading
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from . import sqlite
from .batch import MOST_WRITES, Batch
from .db import Database
from .errors import Unavailable
from .outcome import BatchLost, DriverFailed, Entry, Outcome, unavailable

log = structlog.get_logger(__name__)
Moved = Callable[[set[int], list[tuple[str, Any]]], None]


def end_process(reason: str) -> None:
    """Stop without another word: after a failed flush no answer of this process can be trusted."""
    log.critical("the record cannot be written safely; the process ends", reason=reason)
    os._exit(74)


class Writer(Protocol):
    """What `House` needs of either engine's writer."""

    def put(self, entry: Entry) -> None:
        """Queue a write; `entry.settle` is called on the event loop with its outcome."""

    async def start(self) -> None:
        """Begin to take writes."""

    async def stop(self) -> None:
        """Finish what waits, then let go of the database."""

    async def truncate(self) -> bool:
        """Leave nothing of earlier writes in a log of the database's own; whether that is so."""


@dataclass(slots=True)
class Truncate:
    """Asks the writer, between two batches, to empty the write-ahead log."""

    done: Callable[[bool], object]


class SqliteWriter:
    """One lane on its own thread, the only connection that writes or checkpoints."""

    def __init__(self, db: Database, batch: Batch, moved: Moved, fatal: Callable[[str], None] = end_process) -> None:
        self.db, self.batch, self.moved, self.fatal = db, batch, moved, fatal
        self._queue: queue.SimpleQueue[Entry | Truncate | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def put(self, entry: Entry) -> None:
        self._queue.put(entry)

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, 10)

    async def truncate(self) -> bool:
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[bool] = loop.create_future()
        self._queue.put(Truncate(lambda done: loop.call_soon_threadsafe(answered.set_result, done)))
        return await answered

    def _work(self) -> None:
        engine = self.db.writing_engine()
        with engine.connect() as conn:
            waiting: deque[Entry] = deque()
            open_ = True
            while open_ or waiting:
                open_ = self._take(conn, waiting) and open_
                if waiting:
                    entries = [waiting.popleft() for _ in range(min(len(waiting), MOST_WRITES))]
                    done = self._run(conn, entries)
                    waiting.extendleft(reversed(entries[done:]))
        engine.dispose()

    def _take(self, conn: Any, waiting: deque[Entry]) -> bool:
        """Move what waits; block only when there is nothing to do. False when the end was asked for."""
        while True:
            try:
                entry = self._queue.get(block=not waiting)
            except queue.Empty:
                return True
            if entry is None:
                return False
            if isinstance(entry, Truncate):
                entry.done(sqlite.empty_log(conn))
                continue
            waiting.append(entry)
            if len(waiting) >= MOST_WRITES:
                return True

    def _run(self, conn: Any, entries: list[Entry]) -> int:
        try:
            outcomes, moved, announced = self.batch.run(conn, entries)
        except DriverFailed as error:
            self.fatal(str(error))
            outcomes, moved, announced = [Unavailable(503, "database-gone")] * len(entries), set(), []
        except BatchLost as lost:
            outcomes, moved, announced = [unavailable(lost.cause)] * len(entries), set(), []
        except Exception as error:
            log.exception("batch failed")
            outcomes, moved, announced = [error] * len(entries), set(), []
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(settle, entries, outcomes, self.moved, moved, announced)
        return len(outcomes)


class PostgresWriter:
    """A few lanes by hash of the place. Each locks its batch's places, sorted; deadlocks run the batch again."""

    TRIES = 6

    def __init__(self, db: Database, batch: Batch, moved: Moved, lanes: int = 4) -> None:
        self.db, self.batch, self.moved = db, batch, moved
        self._engine = db.lane_engine(lanes)
        self._queues: list[asyncio.Queue[Entry | None]] = [asyncio.Queue() for _ in range(lanes)]
        self._tasks: list[asyncio.Task[None]] = []
        self._turns = [asyncio.Lock() for _ in range(lanes)]  # a batch holds its lane's; one that runs again holds all

    def put(self, entry: Entry) -> None:
        self._queues[entry.place % len(self._queues)].put_nowait(entry)

    async def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._work(lane, turn)) for lane, turn in zip(self._queues, self._turns, strict=True)
        ]

    async def stop(self) -> None:
        for lane in self._queues:
            lane.put_nowait(None)
        await asyncio.gather(*self._tasks)
        await self._engine.dispose()

    async def truncate(self) -> bool:
        """PostgreSQL keeps its log to itself, and needs it for standbys: nothing here can shorten it."""
        return True

    async def _work(self, lane: asyncio.Queue[Entry | None], turn: asyncio.Lock) -> None:
        waiting: deque[Entry] = deque()
        open_ = True
        while open_ or waiting:
            if open_ and not waiting:
                entry = await lane.get()
                if entry is None:
                    open_ = False
                else:
                    waiting.append(entry)
            while open_ and len(waiting) < MOST_WRITES and not lane.empty():
                entry = lane.get_nowait()
                if entry is None:
                    open_ = False
                else:
                    waiting.append(entry)
            if waiting:
                entries = [waiting.popleft() for _ in range(min(len(waiting), MOST_WRITES))]
                done = await self._run(entries, turn)
                waiting.extendleft(reversed(entries[done:]))

    async def _run(self, entries: list[Entry], turn: asyncio.Lock) -> int:
        """Run a batch. One that another lane was in the way of runs again alone, or both would only meet again."""
        outcomes: list[Outcome] = []
        moved: set[int] = set()
        announced: list[tuple[str, Any]] = []
        for attempt in range(self.TRIES):
            try:
                async with AsyncExitStack() as held:
                    for one in self._turns if attempt else [turn]:
                        await held.enter_async_context(one)
                    conn = await held.enter_async_context(self._engine.connect())
                    outcomes, moved, announced = await conn.run_sync(self.batch.run, entries)
                break
            except BatchLost as lost:
                if again(lost.cause) and attempt + 1 < self.TRIES:
                    await asyncio.sleep(0.002 * 2**attempt)
                    continue
                outcomes = [unavailable(lost.cause)] * len(entries)
            except (DBAPIError, OSError) as error:
                outcomes = [unavailable(error)] * len(entries)
            except Exception as error:
                log.exception("batch failed")
                outcomes = [error] * len(entries)
            break
        # Not in this task: what a listener raises must not end the lane.
        asyncio.get_running_loop().call_soon(settle, entries, outcomes, self.moved, moved, announced)
        return len(outcomes)


def settle(
    entries: list[Entry], outcomes: list[Outcome], tell: Moved, moved: set[int], announced: list[tuple[str, Any]]
) -> None:
    """On the event loop, after the commit: every answer leaves, then the bells ring."""
    for entry, outcome in zip(entries, outcomes, strict=False):
        entry.settle(outcome)
    if moved or announced:
        tell(moved, announced)


def again(cause: BaseException) -> bool:
    """Deadlock, serialisation failure, or another lane took the same receipt: the batch is simply run again."""
    return getattr(cause, "sqlstate", getattr(cause, "pgcode", "")) in ("40P01", "40001", "23505")
