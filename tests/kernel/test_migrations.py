"""Migrations: models and database agree on both engines, and what is there stays when they run again."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select

from intranet.app import ROOMS
from intranet.chat.models import Message
from intranet.kernel import Base, House
from intranet.kernel.config import Settings
from intranet.kernel.migrate import current, migrate, newest
from intranet.kernel.tables import Installation
from tests import cast
from tests.databases import on_database


def differences(conn: Connection) -> list[str]:
    """What the migrated database would still need to be what the models say."""
    return [str(change) for change in compare_metadata(MigrationContext.configure(conn), Base.metadata)]


async def test_a_migrated_database_is_what_the_models_say(settings: Settings) -> None:
    assert await on_database(settings, differences) == []
    assert await on_database(settings, current) == newest()


async def test_migrating_again_keeps_everything_and_the_epoch(settings: Settings) -> None:
    house = House(settings, ROOMS)
    await house.start()
    jana = await cast.person(house, "Jana Reuter")
    place = await cast.channel(house, jana, "Service")
    await cast.say(house, jana, place, "bleibt")
    await house.stop()
    before = await on_database(settings, lambda conn: conn.execute(select(Installation.value)).scalars().all())
    await migrate(settings)
    assert await on_database(settings, lambda conn: conn.execute(select(Message.text)).scalars().all()) == ["bleibt"]
    after = await on_database(settings, lambda conn: conn.execute(select(Installation.value)).scalars().all())
    assert after == before


async def test_every_table_is_made_by_the_migrations(settings: Settings) -> None:
    there = await on_database(settings, lambda conn: set(inspect(conn).get_table_names()))
    assert there == {*Base.metadata.tables, "alembic_version"}
