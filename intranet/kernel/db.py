"""The database: one road for reading here, one for writing in `writer`. Rooms get a plain synchronous Connection."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool, StaticPool

from . import sqlite
from .errors import Unavailable
from .readers import Threaded
from .reading import reading

P = ParamSpec("P")
T = TypeVar("T")
Load = Callable[Concatenate[Connection, P], T]
READERS = 4  # threads with a connection each, for pages
GONE = (DBAPIError, Unavailable)  # what reading raises when the database does not answer


class Database:
    """Reading: `await db.read(load, *args)` is one snapshot; `read_hot` the same, never behind a slow page."""

    def __init__(self, url: str, folder: Path, options: Mapping[str, Any] | None = None) -> None:
        self.is_sqlite = not url
        self._options = dict(options or {})  # what every reading connection carries
        self.url = _postgres(url) if url else f"sqlite+pysqlite:///{folder / 'binnen.db'}"
        self.readers: Threaded | AsyncEngine = self._readers(READERS, "reads")
        self.hot: Threaded | AsyncEngine = self._readers(1, "hot-reads") if self.is_sqlite else self.readers

    def _readers(self, threads: int, name: str) -> Threaded | AsyncEngine:
        if self.is_sqlite:
            return Threaded(self.url, threads, name, self._options)
        return create_async_engine(
            self.url,
            execution_options=self._options,
            pool_size=8,
            max_overflow=4,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ",
            hide_parameters=True,
        )

    def writing_engine(self) -> Engine:
        """The engine of SQLite's single lane; it is used by the writer's thread only."""
        engine = create_engine(
            self.url,
            module=sqlite.driver,
            poolclass=StaticPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"check_same_thread": False, "isolation_level": None},
        )
        event.listen(engine, "connect", sqlite.on_connect_writer)
        return engine

    def lane_engine(self, lanes: int) -> AsyncEngine:
        """The engine of PostgreSQL's lanes. The writer says BEGIN and COMMIT itself."""
        return create_async_engine(
            self.url, pool_size=lanes, max_overflow=1, isolation_level="AUTOCOMMIT", hide_parameters=True
        )

    async def read(self, load: Load[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`load(conn, *args)` in one consistent snapshot that can't write; on SQLite it runs on a thread."""
        return await self._read(self.readers, load, *args, **kwargs)

    async def read_hot(self, load: Load[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `read`, for the pump and catch-up: on SQLite by a thread of its own."""
        return await self._read(self.hot, load, *args, **kwargs)

    async def _read(self, by: Threaded | AsyncEngine, load: Load[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if isinstance(by, Threaded):
            return await by.read(load, *args, **kwargs)
        async with _connected(by) as connection:
            return await connection.run_sync(reading, load, *args, **kwargs)

    async def close(self) -> None:
        """Let go of every connection for reading."""
        for readers in {self.readers, self.hot}:
            await readers.dispose()


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Only here the network's own errors mean the database: a template or a file that is missing is an OSError too."""
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(engine.connect())
        except (OSError, PoolTimeout) as error:
            raise Unavailable(503, "database-gone") from error
        try:
            yield connection
        except ConnectionError as error:
            raise Unavailable(503, "database-gone") from error


def _postgres(url: str) -> str:
    return re.sub(r"^postgres(ql)?(\+asyncpg)?://", "postgresql+asyncpg://", url)


def sync_engine(url: str, folder: Path) -> Engine:
    """A plain engine for migrations and tools that run while no server does. SQLite only; see `migrate`."""
    engine = create_engine(
        f"sqlite+pysqlite:///{folder / 'binnen.db'}",
        module=sqlite.driver,
        poolclass=NullPool,
        connect_args={"isolation_level": None},
    )
    event.listen(engine, "connect", sqlite.on_connect_writer)
    # The driver itself begins before no DDL: half a migration would stay, and no later start would get over it.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
