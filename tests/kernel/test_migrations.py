"""Migrations: models and database agree on both engines, and what is there stays when they run again."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.operations import Operations
from sqlalchemy import Connection, insert, inspect, select, text

from intranet import audiences
from intranet.app import ROOMS
from intranet.channels import Channel
from intranet.chat.models import Message
from intranet.kernel import Base, House, Place
from intranet.kernel.config import Settings
from intranet.kernel.migrate import _config, current, differences, inner_tables, migrate, newest
from intranet.kernel.tables import Installation
from intranet.people import PersonRow
from tests import cast
from tests.databases import on_database


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
    there = await on_database(settings, lambda conn: set(inspect(conn).get_table_names()) - set(inner_tables(conn)))
    assert there == {*Base.metadata.tables, "alembic_version"}


@pytest.mark.engine("sqlite")
async def test_a_start_that_dies_amid_the_migrations_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=str(tmp_path / "new"), secret_key="x" * 32)
    real, steps = Operations.invoke, [0]

    def dies(self: Operations, operation: Any) -> Any:
        steps[0] += 1
        if steps[0] == 40:
            raise KeyboardInterrupt
        return real(self, operation)

    monkeypatch.setattr(Operations, "invoke", dies)
    with pytest.raises(KeyboardInterrupt):
        await migrate(settings)
    assert await on_database(settings, lambda conn: inspect(conn).get_table_names()) == []
    await migrate(settings)
    assert await on_database(settings, differences) == []


def first_step(conn: Connection) -> None:
    """The database as the first migration left it, with two channels of one name, from before that was a rule, and
    people from before there were audiences."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("DROP SCHEMA public CASCADE"))
        conn.execute(text("CREATE SCHEMA public"))
    else:
        for table in ("search_words", "search_text"):
            conn.execute(text(f"DROP TABLE {table}"))
        Base.metadata.drop_all(conn)
        conn.execute(text("DROP TABLE alembic_version"))
    command.upgrade(_config(conn), "0001")
    channels = [
        (1, "public", "Größe", 0),
        (2, "public", "GROSSE", 0),
        (3, "public", "Größe", 7),
        (4, "private", "A", 0),
    ]
    for number, kind, name, archived in channels:
        conn.execute(
            text("INSERT INTO place (id, kind, epoch, head, floor) VALUES (:id, 'channel', 'e', 0, 0)"), {"id": number}
        )
        conn.execute(
            text("INSERT INTO channel (id, kind, name, description, history, archived, rev)"
                 " VALUES (:id, :kind, :name, '', 'all', :archived, 1)"),
            {"id": number, "kind": kind, "name": name, "archived": archived},
        )  # fmt: skip
    conn.execute(
        text("INSERT INTO message (channel, seq, topic, author, at, text, html, plain, write, reply_to, mentions,"
             " tiles, edited, deleted, pinned, rev) VALUES (1, 1, 0, 5, 7, 'a', 'a', 'a', 'w', 0, '', 0, 0, 0, 0, 1)")
    )  # fmt: skip
    for number, role, active in [(5, "owner", True), (6, "guest", True), (7, "member", False), (8, "member", True)]:
        conn.execute(insert(Place).values(id=number, kind="person", epoch="e", head=0, floor=0))
        row = dict.fromkeys(PersonRow.__table__.columns.keys(), "") | {"id": number, "email": str(number)}
        conn.execute(insert(PersonRow).values(row | {"role": role, "active": active}))
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT setval(pg_get_serial_sequence('place', 'id'), 8)"))


async def test_what_is_there_fits_what_came_later(settings: Settings) -> None:
    await on_database(settings, first_step)
    await migrate(settings)
    kept = select(Channel.id, Channel.folded).order_by(Channel.id)
    rows = await on_database(settings, lambda conn: [tuple(row) for row in conn.execute(kept)])
    assert rows == [(1, "grosse"), (2, None), (3, None), (4, None)]
    said = select(Message.text, Message.card)
    assert await on_database(settings, lambda conn: [tuple(row) for row in conn.execute(said)]) == [("a", "")]
    in_everyone = await on_database(settings, lambda conn: audiences.members(conn, audiences.everyone(conn)))
    assert in_everyone == [5, 8]
    assert await on_database(settings, differences) == []
