"""Straight to a test's database, past the house: for what only a broken or foreign database does."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from intranet.kernel.config import Settings
from intranet.kernel.db import Database, sync_engine

T = TypeVar("T")


async def on_database(settings: Settings, work: Callable[[Connection], T]) -> T:
    """`work(conn)` in one transaction of its own."""
    folder = Path(settings.data)
    if not settings.database_url:
        engine = sync_engine("", folder)
        with engine.begin() as conn:
            done = work(conn)
        engine.dispose()
        return done
    apart = create_async_engine(Database(settings.database_url, folder).url)
    async with apart.begin() as connection:
        done = await connection.run_sync(work)
    await apart.dispose()
    return done
