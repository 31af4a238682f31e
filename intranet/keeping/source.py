"""The SQLite that is moved or backed up, opened so that nothing of it can change."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Table, create_engine, event, select
from sqlalchemy.pool import NullPool

from intranet.kernel import sqlite
from intranet.kernel.migrate import current, newest

from .digest import Row
from .stopped import Stopped

AT_ONCE = 2000  # rows in memory


def path_of(folder: Path) -> Path:
    """Where the database lies."""
    return folder / "binnen.db"


@contextmanager
def opened(path: Path, *, immutable: bool = False) -> Iterator[Connection]:
    """The database in one snapshot, for reading alone; `immutable`: a copy that nobody writes, so that no file appears
    beside it. Raises Stopped where there is none."""
    if not path.is_file():
        raise Stopped(f"There is no database at {path}.")
    sqlite.check_version()
    how = "immutable=1" if immutable else "mode=ro"
    address = f"sqlite+pysqlite:///file:{quote(str(path.resolve()))}?{how}&uri=true"
    engine = create_engine(address, module=sqlite.driver, poolclass=NullPool)
    event.listen(engine, "connect", sqlite.on_connect_reader)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def must_be_newest(conn: Connection) -> str:
    """The schema's revision, which is the one this code knows. Raises Stopped."""
    has = current(conn)
    if has != newest():
        raise Stopped(f"The database has schema {has}, this version needs {newest()}: run `intranet migrate` first.")
    return str(has)


def rows(conn: Connection, table: Table) -> Iterator[Row]:
    """All rows of a table, a few at a time."""
    yield from conn.execution_options(yield_per=AT_ONCE).execute(select(*table.columns))
