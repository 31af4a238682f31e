"""An installation of the first step, with what its people had in it, goes on in this one."""

from contextlib import asynccontextmanager
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, insert, inspect, select, text

from intranet import audiences
from intranet.app import ROOMS, make_app
from intranet.chat.writes import Delete, React, SaveDraft, Schedule
from intranet.feed.writes import Publish
from intranet.kernel import Base, House, Refused, clock, new_id
from intranet.kernel.config import Settings
from intranet.kernel.jobs import Runner
from intranet.kernel.migrate import _config, current, differences, migrate, newest
from tests import cast
from tests.app.company import Company, found
from tests.databases import on_database

LAST_OF_STEP = "0002"
OURS = ("audiences.", "customers.", "feed.", "moderation.", "notices.", "polls.", "products.", "search.")


def emptied(conn: Connection) -> None:
    """No tables."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("DROP SCHEMA public CASCADE"))
        conn.execute(text("CREATE SCHEMA public"))
        return
    for table in ("search_words", "search_text"):
        conn.execute(text(f"DROP TABLE {table}"))
    Base.metadata.drop_all(conn)
    conn.execute(text("DROP TABLE alembic_version"))


def set_back(conn: Connection) -> None:
    """The same rows in the tables and columns that the first step had, without places and events that it had not."""
    rows = {name: conn.execute(select(table)).mappings().all() for name, table in Base.metadata.tables.items()}
    later = {row["id"] for row in rows["place"] if row["kind"] == "audience"}
    emptied(conn)
    command.upgrade(_config(conn), LAST_OF_STEP)
    there = MetaData()
    there.reflect(conn)
    for table in there.sorted_tables:
        if table.name in ("alembic_version", "job"):
            continue
        kept = [
            {name: value for name, value in row.items() if name in table.columns}
            for row in rows[table.name]
            if not (
                (table.name == "place" and row["id"] in later)
                or (table.name == "event" and (row["place"] in later or row["kind"].startswith(OURS)))
            )
        ]
        if kept:
            conn.execute(insert(table), kept)
        if conn.dialect.name == "postgresql":
            _go_on(conn, table.name)


def _go_on(conn: Connection, table: str) -> None:
    """Numbers go on after those that were written."""
    for column in inspect(conn).get_columns(table):
        if column["name"] == "id" and column.get("autoincrement") is True:
            newest_one = f"(SELECT greatest(max(id), 1) FROM {table})"
            conn.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {newest_one})"))


@asynccontextmanager
async def running(settings: Settings) -> Any:
    app = make_app(settings)
    async with app.router.lifespan_context(app):
        yield app


async def furnish(company: Company) -> dict[str, Any]:
    """What people of the first step had."""
    house, author, member = company.house, company.author, company.who["member"]
    names: dict[str, Any] = {}
    for kind in ("private", "public"):
        place = await company.channel(kind)
        said = await cast.say(house, author, place, f"Dichtungen {kind} getauscht", topic_name="Werkstatt")
        await house.perform(member, React(id=new_id(), place=place, message=said.seq, emoji="👍"))
        gone = await cast.say(house, author, place, f"Verschwundenes {kind}")
        await house.perform(author, Delete(id=new_id(), place=place, message=gone.seq))
        seq, _tile, file = await company.file(place, f"Inhalt {kind}".encode(), f"liste-{kind}.txt")
        names |= {kind: place, f"{kind}_file": file, f"{kind}_seq": said.seq, f"{kind}_last": seq}
    await house.perform(member, SaveDraft(id=new_id(), place=names["private"], text="Halb fertig"))
    later = Schedule(id=new_id(), place=names["private"], text="Für morgen", at=clock.now() + clock.DAY)
    await house.perform(member, later)
    return names


async def get(company: Company, actor: str, path: str) -> str:
    """What this person's browser is shown, with the session of the first step."""
    async with company.browser(actor, Accept="text/html") as client:
        answer = await client.get(path)
    return f"{answer.status_code} {answer.text}"


async def test_a_company_of_the_first_step_goes_on(settings: Settings) -> None:
    async with running(settings) as app:
        company = await found(app)
        names = await furnish(company)
        await company.shut_out()
    await on_database(settings, set_back)
    assert await on_database(settings, current) == LAST_OF_STEP

    await migrate(settings)
    assert await on_database(settings, current) == newest()
    assert await on_database(settings, differences) == []
    house = House(settings, ROOMS)
    await house.start()
    runner = Runner(house)
    while await runner.once():  # what the migrations left to do
        pass
    everyone = await house.read(audiences.everyone)
    assert everyone not in names.values()
    reached = {*await house.read(audiences.members, everyone)}
    staff = {company.author.id} | {one.id for name, one in company.who.items() if name not in ("guest", "deactivated")}
    assert reached == staff, "everybody who is active and no guest"
    await house.stop()

    async with running(settings) as app:
        company.app, company.house = app, app.state.house
        await is_all_there(company, names)
        await is_new(company)


async def is_all_there(company: Company, names: dict[str, Any]) -> None:
    """Chat as it was: pages, files, drafts, and the log that browsers go on in; the search finds what was said."""
    page = await get(company, "member", f"/c/{names['private']}")
    for shown in ("200 ", "Dichtungen private getauscht", "Werkstatt", "👍", "liste-private.txt", "Halb fertig"):
        assert shown in page, shown
    assert "Verschwundenes" not in page
    address = f"/files/{names['private_file']}/original/liste.txt"
    assert await get(company, "member", address) == "200 Inhalt private"
    assert (await get(company, "outsider", address))[:3] == "404"
    assert "Für morgen" in await get(company, "member", "/outbox")
    caught_up = await get(
        company, "member", f"/catchup?place={names['private']}&epoch={company.house.epoch}&after={names['private_seq']}"
    )
    assert "liste-private.txt" in caught_up
    found = await get(company, "member", "/search?q=dichtung")
    assert f"/c/{names['private']}?at={names['private_seq']}" in found
    assert f"/c/{names['public']}?at={names['public_seq']}" in found
    assert "/c/" not in (await get(company, "guest", "/search?q=dichtung")).partition("<main")[2]
    assert 'class="hit"' not in await get(company, "member", "/search?q=verschwundenes")


async def is_new(company: Company) -> None:
    """What came with this step works for who was there before."""
    write = Publish(id=new_id(), kind="idea", title="Lastenrad für Auenried")
    post = (await company.house.perform(company.who["member"], write)).extra["post"]
    assert "Lastenrad" in await get(company, "outsider", "/feed")
    assert "Lastenrad" in await get(company, "outsider", f"/posts/{post}")
    assert (await get(company, "guest", f"/posts/{post}"))[:3] == "404"
    with pytest.raises(Refused) as refused:
        await company.house.perform(company.who["guest"], Publish(id=new_id(), kind="idea", title="Von außen"))
    assert refused.value.status == 403
