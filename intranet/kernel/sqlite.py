"""The SQLite that is used: a fixed version shipped as a wheel, never the system's older one.

The WAL-reset bug (3.7.0 to 3.51.2) can corrupt a file that two connections write or checkpoint at once; so the
version is checked at start, and only the writer's connection ever writes or checkpoints.
"""

from typing import Any

try:
    import pysqlite3.dbapi2 as _driver
except ImportError:
    import sqlite3.dbapi2 as _driver

driver: Any = _driver
FIXED = (3, 51, 3)


class OldSQLite(Exception):
    """The SQLite at hand is inside the range of the WAL-reset bug."""


def check_version() -> str:
    """The version in use. Raises OldSQLite below the fixed one."""
    if driver.sqlite_version_info < FIXED:
        wanted = ".".join(map(str, FIXED))
        raise OldSQLite(
            f"SQLite {driver.sqlite_version} can corrupt a database (WAL-reset bug); at least {wanted} is needed. "
            "Install the package pysqlite3, or use PostgreSQL by INTRANET_DATABASE_URL."
        )
    return str(driver.sqlite_version)


def on_connect_writer(connection: Any, _record: Any) -> None:
    """The one connection that writes and checkpoints. FULL: a commit is flushed before it returns."""
    for pragma in (
        "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "busy_timeout=10000",
        "cache_size=-65536", "temp_store=MEMORY",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}").close()


def on_connect_reader(connection: Any, _record: Any) -> None:
    """Readers can neither write nor checkpoint."""
    cursor = connection.cursor()
    for pragma in (
        "query_only=ON",
        "wal_autocheckpoint=0",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def empty_log(conn: Any) -> bool:
    """Copy the write-ahead log into the database and cut it to nothing. False while a reader still needs it: whoever
    asks may ask again, and nobody's write waits for that reader."""
    conn.exec_driver_sql("PRAGMA busy_timeout=200")
    busy, _pages, _copied = conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    conn.exec_driver_sql("PRAGMA busy_timeout=10000")
    return not busy


def is_full(error: BaseException) -> bool:
    """Whether the driver says SQLITE_FULL, which has rolled the whole transaction back."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == int(driver.SQLITE_FULL)


def is_io(error: BaseException) -> bool:
    """Whether the driver says that reading, writing or flushing failed: nothing it says later can be trusted."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (driver.SQLITE_IOERR, driver.SQLITE_CORRUPT)
