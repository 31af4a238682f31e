"""The database: one road for reading here, one for writing in `writer`. Rooms get a plain synchronous Connection."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from . import sqlite  # first: swaps the sqlite3 module before aiosqlite is imported

from sqlalchemy import Connection, Engine, create_engine, event  # isort: skip
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine  # isort: skip
from sqlalchemy.pool import NullPool, StaticPool  # isort: skip

P = ParamSpec("P")
T = TypeVar("T")
Load = Callable[Concatenate[Connection, P], T]


class Database:
    """Reading: `await db.read(load, *args)` is one snapshot; `read_hot` the same on a thread of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.is_sqlite = not url
        self.url = _postgres(url) if url else f"sqlite+aiosqlite:///{folder / 'binnen.db'}"
        self.readers = self._readers()
        self._hot: Engine | None = None
        self._hot_thread = ThreadPoolExecutor(1, "hot-reads")

    def _readers(self) -> AsyncEngine:
        if not self.is_sqlite:
            return create_async_engine(
                self.url,
                pool_size=8,
                max_overflow=4,
                pool_pre_ping=True,
                isolation_level="REPEATABLE READ",
                hide_parameters=True,
            )
        engine = create_async_engine(
            self.url, pool_size=4, max_overflow=0, connect_args={"isolation_level": None}, hide_parameters=True
        )
        event.listen(engine.sync_engine, "connect", sqlite.on_connect_reader)
        event.listen(engine.sync_engine, "begin", _begin)
        return engine

    def writing_engine(self) -> Engine:
        """The engine of SQLite's single lane; it is used by the writer's thread only."""
        engine = create_engine(
            self.url.replace("+aiosqlite", "+pysqlite"),
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
        """`load(conn, *args)` in one consistent snapshot that can't write."""
        async with self.readers.connect() as connection:
            return await connection.run_sync(load, *args, **kwargs)

    async def read_hot(self, load: Load[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `read`, for the pump and catch-up: on SQLite without a thread switch per statement."""
        if not self.is_sqlite:
            return await self.read(load, *args, **kwargs)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._hot_thread, lambda: self._read_here(load, *args, **kwargs))

    def _read_here(self, load: Load[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._hot is None:
            self._hot = create_engine(
                self.url.replace("+aiosqlite", "+pysqlite"),
                module=sqlite.driver,
                poolclass=StaticPool,
                hide_parameters=True,
                connect_args={"check_same_thread": False, "isolation_level": None},
            )
            event.listen(self._hot, "connect", sqlite.on_connect_reader)
            event.listen(self._hot, "begin", _begin)
        with self._hot.connect() as connection:
            return load(connection, *args, **kwargs)

    async def close(self) -> None:
        """Let go of every connection for reading."""
        await self.readers.dispose()
        self._hot_thread.shutdown()
        if self._hot is not None:
            self._hot.dispose()


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")  # a snapshot: the driver itself never begins


def _postgres(url: str) -> str:
    return re.sub(r"^postgres(ql)?(\+asyncpg)?://", "postgresql+asyncpg://", url)


def sync_engine(url: str, folder: Path) -> Engine:
    """A plain engine for migrations and tools that run while no server does. SQLite only; see `migrate`."""
    engine = create_engine(f"sqlite+pysqlite:///{folder / 'binnen.db'}", module=sqlite.driver, poolclass=NullPool)
    event.listen(engine, "connect", sqlite.on_connect_writer)
    return engine
