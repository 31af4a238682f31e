"""Bring a database to the newest schema. The caller has imported every room, so `Base.metadata` is complete."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text

from .config import ConfigError, Settings
from .db import Database, sync_engine
from .epoch import new_epoch
from .inserts import upsert
from .tables import Base, Installation

log = structlog.get_logger(__name__)
TURN = 0x62696E6E  # the advisory lock of who prepares a database
OLDEST = "oldest_version"  # the revision that a version must know to work on this schema


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def by_turns(connection: Connection) -> Iterator[None]:
    """One node after another: who comes while another prepares the database waits for it. Commits. On SQLite there is
    one node."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(text("SELECT pg_advisory_lock(:one)"), {"one": TURN})
    connection.commit()
    try:
        yield
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:one)"), {"one": TURN})
        connection.commit()


def upgrade(connection: Connection) -> None:
    """All missing migrations, then the facts an installation starts with. A database that a newer version has migrated
    stays as it is. Raises ConfigError if this version can't work on it."""
    with by_turns(connection):
        if is_ahead(connection):
            if misfit := misfits(connection):
                raise ConfigError(misfit)
            log.warning("a newer version has migrated the database", schema=current(connection), known=newest())
        else:
            command.upgrade(_config(connection), "head")
            _note_facts(connection)


def _note_facts(connection: Connection) -> None:
    with connection.begin_nested() if connection.in_transaction() else connection.begin():
        if connection.execute(select(Installation.value).where(Installation.key == "epoch")).scalar() is None:
            connection.execute(insert(Installation).values(key="epoch", value=new_epoch()))
        if least := max((getattr(one.module, "oldest", "") for one in _scripts().walk_revisions()), default=""):
            connection.execute(upsert(connection, Installation), {"key": OLDEST, "value": least})
    if connection.in_transaction():
        connection.commit()


async def migrate(settings: Settings) -> None:
    """Migrate the database that the settings name; makes the data folder."""
    folder = Path(settings.data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # noqa: ASYNC240 (nothing else runs yet)
    if settings.database_url:
        await on_postgres(settings, upgrade)
        return
    engine = sync_engine(settings.database_url, folder)
    with engine.connect() as connection:
        upgrade(connection)
    engine.dispose()


async def on_postgres(settings: Settings, work: Callable[[Connection], Any]) -> None:
    """`work(conn)` on a connection of its own; it commits itself."""
    from sqlalchemy.ext.asyncio import create_async_engine

    database = Database(settings.database_url, Path(settings.data))
    engine = create_async_engine(database.url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()
        await database.close()


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


@cache
def newest() -> str:
    """The newest revision that this code knows."""
    return str(_scripts().get_current_head())


def is_ahead(connection: Connection) -> bool:
    """Whether a newer version than this has migrated the database."""
    have = current(connection)
    return have is not None and have not in {one.revision for one in _scripts().walk_revisions()}


def misfits(connection: Connection) -> str:
    """Why this version can't work on the database as it is, or nothing: it works on its own schema, and on a newer one
    as long as no migration beyond its own has said that it takes away what this version needs (`oldest`)."""
    have = current(connection)
    if have == newest():
        return ""
    if not is_ahead(connection):
        return f"schema is {have}, wanted {newest()}"
    least = connection.execute(select(Installation.value).where(Installation.key == OLDEST)).scalar() or ""
    return f"schema is {have} and wants a version that knows {least}; this one knows {newest()}" * (least > newest())


def differences(connection: Connection) -> list[str]:
    """What a database would still need to be what the models say; virtual tables have no model, and an index whose
    `info` names an engine is that one's alone."""
    inner, engine = inner_tables(connection), connection.dialect.name

    def counts(thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return thing.info.get("engine", engine) == engine and not (kind == "table" and name in inner)

    context = MigrationContext.configure(connection, opts={"include_object": counts})
    return [str(one) for one in compare_metadata(context, Base.metadata)]


def inner_tables(connection: Connection) -> list[str]:
    """SQLite's virtual tables, before those that it keeps them in."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.execute(
        text("SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow') ORDER BY type DESC")
    )
    return [row.name for row in rows]


def current(connection: Connection) -> str | None:
    """The revision that the database has."""
    return MigrationContext.configure(connection).get_current_revision()
