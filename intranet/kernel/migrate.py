"""Bring a database to the newest schema. The caller has imported every room, so `Base.metadata` is complete."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text

from .config import Settings
from .db import Database, sync_engine
from .epoch import new_epoch
from .tables import Base, Installation


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """All missing migrations, then the facts an installation starts with."""
    command.upgrade(_config(connection), "head")
    with connection.begin_nested() if connection.in_transaction() else connection.begin():
        if connection.execute(select(Installation.value).where(Installation.key == "epoch")).scalar() is None:
            connection.execute(insert(Installation).values(key="epoch", value=new_epoch()))
    if connection.in_transaction():
        connection.commit()


async def migrate(settings: Settings) -> None:
    """Migrate the database that the settings name; makes the data folder."""
    folder = Path(settings.data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # noqa: ASYNC240 (nothing else runs yet)
    if settings.database_url:
        await _on_postgres(settings, upgrade)
        return
    engine = sync_engine(settings.database_url, folder)
    with engine.connect() as connection:
        upgrade(connection)
    engine.dispose()


async def _on_postgres(settings: Settings, work: Any) -> None:
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
def newest() -> str | None:
    """The newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


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
