"""`intranet move`: from SQLite into an empty PostgreSQL, all in one transaction, compared before it is committed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import replace
from sqlalchemy import Connection, Table, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from intranet import files
from intranet.app import ROOMS
from intranet.kernel import Base, Installation
from intranet.kernel.config import Settings
from intranet.kernel.lock import alone
from intranet.kernel.migrate import migrate

from . import contents, source, target
from .digest import Digest, Row, canonical
from .logs import torn
from .source import opened
from .stopped import Say, Stopped

assert ROOMS  # every room is imported, so that the metadata is complete


def move(settings: Settings, url: str, say: Say) -> None:
    """Fill the database at `url`; say what was done and compared. The source stays as it is. Raises Stopped, InUse."""
    if settings.database_url:
        raise Stopped("INTRANET_DATABASE_URL names a PostgreSQL already: `move` goes from SQLite to PostgreSQL.")
    if not url.startswith(("postgresql://", "postgres://")):
        raise Stopped("The target is an address of PostgreSQL: postgresql://user:password@host/name")
    folder = Path(settings.data)
    if not source.path_of(folder).is_file():
        raise Stopped(f"There is no database at {source.path_of(folder)}.")
    with alone(folder), opened(source.path_of(folder)) as conn:
        revision = source.must_be_newest(conn)
        say(f"From SQLite in {source.path_of(folder)} (schema {revision}) to PostgreSQL {_named(url)}.")
        asyncio.run(_move(conn, settings, url, say))


async def _move(conn: Connection, settings: Settings, url: str, say: Say) -> None:
    aim = replace(settings, database_url=url)
    engine = target.engine_of(aim)
    try:
        async with engine.connect() as connection:
            say(f"The target: {await connection.run_sync(target.must_be_empty)}.")
        await engine.dispose()
        await migrate(aim)
        async with engine.begin() as connection:
            await target.make_room(connection)
            await _copy(conn, connection, say)
            await _compare(conn, connection, settings, say)
        async with engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("ANALYZE"))
    except target.FAILURES as error:
        raise Stopped(
            f"PostgreSQL: {_reason(error)}. The target was left as it was; the source is untouched."
        ) from error
    finally:
        await engine.dispose()
    epoch = conn.execute(select(Installation.value).where(Installation.key == "epoch")).scalar_one()
    say(f"Moved. The epoch is {epoch} as before: every device goes on where it is.")
    say("Start the server with INTRANET_DATABASE_URL naming the target and the same data folder; binnen.db is not")
    say(
        "changed and not read any more. Never start a server on it again: it would be a second record of the same name."
    )


async def _copy(conn: Connection, into: AsyncConnection, say: Say) -> None:
    """Every table, those first that others refer to, and its digest on both sides."""
    different = []
    for table in Base.metadata.sorted_tables:
        sent = Digest()
        try:
            await target.fill(into, table, _counted(conn, table, sent))
        except target.REFUSALS as error:
            raise Stopped(f"{table.name}: PostgreSQL does not take what is in it: {_reason(error)}.") from error
        arrived = await _arrived(into, table)
        if arrived != sent:
            different.append(f"{table.name} ({sent}, on the other side {arrived})")
        elif sent.rows:
            say(f"  {table.name}: the same on both sides, {sent}")
    if different:
        raise Stopped(f"Not the same: {'; '.join(different)}. Nothing was committed; the source is untouched.")
    await target.count_on(into)


def _counted(conn: Connection, table: Table, into: Digest) -> Iterator[Row]:
    as_said = canonical(table)
    for row in source.rows(conn, table):
        into.add(as_said(row))
        yield tuple(row)


async def _arrived(conn: AsyncConnection, table: Table) -> Digest:
    found, as_said = Digest(), canonical(table)
    async for row in target.rows_of(conn, table):
        found.add(as_said(row))
    return found


async def _compare(conn: Connection, there: AsyncConnection, settings: Settings, say: Say) -> None:
    """Logs, and the files that the target names."""
    wrong = torn(conn) or await there.run_sync(torn)
    if wrong:
        raise Stopped(f"Logs are not whole: {' '.join(wrong[:5])} Nothing was committed.")
    say("  Logs: every place's numbers go from its first to its head without a hole, on both sides.")
    found = await there.run_sync(contents.named)
    folder = Path(settings.data)
    wrong = list(contents.wrong(found, files.store_of(settings), folder))
    if wrong:
        raise Stopped(f"{len(wrong)} files are not as the record says: {' '.join(wrong[:5])} Nothing was committed.")
    say(f"  Files: {found}, each there with its hash. They stay where they are.")


def _named(url: str) -> str:
    """The address without who and with which password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'local'}{parts.path}"


def _reason(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
