"""SQLite's readers: each reading runs as a whole on a thread, without a switch per statement."""

import asyncio
import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from . import sqlite
from .reading import reading
from .ready import say

P = ParamSpec("P")
T = TypeVar("T")
Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[Connection], Any]]


class Threaded:
    """So many threads with a connection each, and one queue. What a reading brings goes back in one step: an executor
    takes longer to hand it over than SQLite to find it."""

    def __init__(self, url: str, threads: int, name: str, options: Mapping[str, Any]) -> None:
        self.sync_engine = create_engine(
            url,
            execution_options=options,
            module=sqlite.driver,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"check_same_thread": False, "isolation_level": None},
        )
        event.listen(self.sync_engine, "connect", sqlite.on_connect_reader)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._waiting = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]
        self._threads: list[threading.Thread] = []

    async def read(self, load: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`load(conn, *args)` in one snapshot."""
        while self._waiting:
            self._threads.append(self._waiting.pop())
            self._threads[-1].start()
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, answered, partial(_with, load, args, kwargs)))
        return await answered

    async def dispose(self) -> None:
        """Finish what is being read."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self.sync_engine.dispose()

    def _work(self) -> None:
        connection: Connection | None = None
        while job := self._jobs.get():
            loop, answered, load = job
            found, error = None, None
            try:
                connection = connection or self.sync_engine.connect()
                found = snapshot(connection, load)
            except BaseException as raised:  # noqa: BLE001 (whoever asked is told)
                error = raised
                if connection and isinstance(raised, DBAPIError):  # another may fare better
                    connection.close()
                    connection = None
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_answer, answered, found, error)
            del job, answered, load, found, error
        if connection:
            connection.close()


def snapshot(connection: Connection, load: Callable[[Connection], T]) -> T:
    """`load(connection)` with everything as it was at one moment."""
    say(connection, "BEGIN")
    try:
        return reading(connection, load)
    finally:
        say(connection, "ROLLBACK")


def _with(load: Callable[..., T], args: Any, kwargs: Any, connection: Connection) -> T:
    return load(connection, *args, **kwargs)


def _answer(answered: "asyncio.Future[Any]", found: Any, error: BaseException | None) -> None:
    if answered.done():
        return  # whoever asked has left
    if error is not None:
        answered.set_exception(error)
    else:
        answered.set_result(found)
