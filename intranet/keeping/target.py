"""The PostgreSQL that is filled: found empty, filled in one transaction, read again for comparing."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from intranet.kernel import Base, Database
from intranet.kernel.config import Settings
from intranet.kernel.migrate import current

from .digest import Row, is_words
from .stopped import Stopped

try:
    import asyncpg

    DRIVER: tuple[type[Exception], ...] = (asyncpg.PostgresError, asyncpg.InterfaceError)
except ImportError:  # the extra `postgres` is not installed
    DRIVER = ()

FAILURES: tuple[type[Exception], ...] = (DBAPIError, OSError, *DRIVER)
REFUSALS: tuple[type[Exception], ...] = (DBAPIError, ValueError, TypeError, *DRIVER)  # of what a row holds
PUT_IN = {"installation": 3, "place": 1, "audience": 1, "audience_line": 1}  # rows that the migrations make themselves
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def engine_of(settings: Settings) -> AsyncEngine:
    """The PostgreSQL that the settings name. Raises Stopped without a driver."""
    try:
        return create_async_engine(Database(settings.database_url, Path(settings.data)).url, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise Stopped("The driver for PostgreSQL is missing: python3 run.py install postgres") from error


def must_be_empty(conn: Connection) -> str:
    """What is there already, in words: nothing, or tables without rows. Raises Stopped for anything else."""
    others = conn.execute(text(_OTHERS)).scalar_one()
    if others:
        raise Stopped(f"{others} other connections use the target: stop whatever works there.")
    there = set(inspect(conn).get_table_names())
    if not there:
        return "it is empty"
    foreign = sorted(there - {*Base.metadata.tables, "alembic_version"})
    if foreign:
        raise Stopped(f"The target holds tables of something else ({', '.join(foreign[:5])}): name an empty database.")
    filled = []
    for table in Base.metadata.sorted_tables:
        rows = select(table.c[0]).limit(PUT_IN.get(table.name, 0) + 1) if table.name in there else None
        if rows is not None and len(conn.execute(rows).all()) > PUT_IN.get(table.name, 0):
            filled.append(table.name)
    if filled:
        raise Stopped(
            f"The target is in use already: there are rows in {', '.join(filled[:5])}. Name an empty database."
        )
    return (
        f"it has our tables (schema {current(conn)}) and nothing in them: it was migrated only, or an earlier move was"
        " broken off; it begins from the start"
    )


async def make_room(conn: AsyncConnection) -> None:
    """Nothing in any table, and nobody else at it until the end of the transaction."""
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    await conn.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    await conn.run_sync(must_be_empty)  # once more: whoever was faster had the lock
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in PUT_IN:
            await conn.execute(table.delete())


async def fill(conn: AsyncConnection, table: Table, rows: Iterator[Row]) -> None:
    """All rows of a table, as they come: COPY, and words as PostgreSQL takes them in."""
    driver: Any = (await conn.get_raw_connection()).driver_connection
    columns = [column.name for column in table.columns]
    words = [is_words(column) for column in table.columns]
    if not any(words):
        await driver.copy_records_to_table(table.name, records=rows, columns=columns)
        return
    values = ", ".join(f"${n}::text::tsvector" if word else f"${n}" for n, word in enumerate(words, 1))
    names = ", ".join(f'"{column}"' for column in columns)
    await driver.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({values})', rows)  # noqa: S608  names of ours


async def rows_of(conn: AsyncConnection, table: Table) -> AsyncIterator[Row]:
    """All rows, a few at a time."""
    async with conn.stream(select(*table.columns)) as found:
        async for row in found:
            yield row


async def count_on(conn: AsyncConnection) -> None:
    """New rows get numbers above those that came."""
    for table in Base.metadata.sorted_tables:
        key = table.autoincrement_column
        if key is None:
            continue
        last = (await conn.execute(select(func.max(key)))).scalar()
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        await conn.execute(select(func.setval(sequence, max(last or 0, 1), (last or 0) > 0)))
