"""From SQLite to PostgreSQL: every row, every file, and every device goes on as if nothing had happened."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, delete, select, text, update

from intranet import people
from intranet.keeping import target
from intranet.keeping.digest import Digest
from intranet.keeping.logs import torn
from intranet.keeping.move import move
from intranet.keeping.stopped import Stopped
from intranet.kernel import Event, House, Place
from intranet.kernel.config import Settings
from intranet.kernel.lock import InUse, alone
from intranet.kernel.migrate import migrate
from intranet.polls.models import Ballot
from tests import cast
from tests.databases import on_database
from tests.files.sending import send
from tests.keeping.devices import Device, again, running
from tests.polls.conftest import make_scene
from tests.polls.test_secret import sealed
from tests.search.conftest import hits


async def moved(settings: Settings) -> list[str]:
    """From the SQLite in the same folder; what was said."""
    said: list[str] = []
    await asyncio.to_thread(move, replace(settings, database_url=""), settings.database_url, said.append)
    return said


async def refused(settings: Settings) -> str:
    with pytest.raises(Stopped) as stopped:
        await moved(settings)
    return str(stopped.value)


@pytest.fixture
async def source(settings: Settings) -> Settings:
    """A new SQLite in the folder whose PostgreSQL `settings` names."""
    on_sqlite = replace(settings, database_url="")
    await migrate(on_sqlite)
    return on_sqlite


@pytest.mark.engine("postgres")
async def test_every_device_goes_on_where_it_was(settings: Settings, source: Settings) -> None:
    async with running(source) as app:
        scene = await make_scene(app)
        house: House = app.state.house
        entered = await cast.person(house, "Petra Passwort", hash=people.hash_of(cast.PASSWORD))
        device = await Device.of(house, scene.mehmet, scene.place)
        first = await device.post(app, "Pumpe läuft – 你好 🛠")
        await device.look(house)
        await cast.say(house, scene.jana, scene.place, "während du weg warst")
        poll = await scene.secret()
        for who in scene.inside[:4]:
            await sealed(scene, poll, who, 1)
        async with device.browser(app) as client:
            await send(house, client, scene.mehmet, scene.place, b"ein Plan" * 1000, "plan.txt")
    before = (Path(source.data) / "binnen.db").read_bytes()
    said = await moved(settings)
    assert (Path(source.data) / "binnen.db").read_bytes() == before
    assert "1 content of a file" in " ".join(said)

    async with running(settings) as app:
        caught = await device.catch_up(app)
        (missed,) = caught["frames"][0]["things"]
        assert missed["data"]["text"] == "während du weg warst", "the session and the cursor are as good as before"
        assert caught["frames"][0]["from"] == device.seq
        (write_id,) = device.sent
        repeat = await device.post(app, "Pumpe läuft – 你好 🛠", write_id)
        assert repeat["seq"] == first["seq"], "the receipt answers as it did"
        now = await device.post(app, "weiter")
        assert now["seq"] == caught["frames"][-1]["to"] + 1
        async with device.browser(app) as client:
            email = await app.state.house.read(_email, entered.id)
            write = {"do": "people.sign_in", "id": "0123456789", "email": email, "password": cast.PASSWORD}
            assert (await client.post("/do", json=write)).status_code == 200
            found = await client.get("/search", params={"q": "laufen pumpe"})
            assert hits(found.text), "the words are found by their stems in the moved index"
            assert len(hits((await client.get("/search", params={"q": "weiter"})).text)) == 1
        there = again(scene, app)
        for who in there.inside[4:7]:
            await sealed(there, poll, who, 2)
        await there.close(poll)
        assert '"7"' in (await there.row(poll)).result or "7" in (await there.row(poll)).result
        assert await cast.channel(app.state.house, scene.jana, "Neu") > scene.other, (
            "numbers go on above those that came"
        )


def _email(conn: Connection, person: int) -> str:
    return str(conn.execute(select(people.PersonRow.email).where(people.PersonRow.id == person)).scalar_one())


async def codes(house: House, poll: int) -> int:
    return await house.read(lambda conn: len(conn.execute(select(Ballot.code).where(Ballot.poll == poll)).all()))


Harm = Callable[[Connection], Any]
HARMS: list[tuple[Harm, str]] = [
    (lambda c: c.execute(delete(Event).where(Event.place == 1, Event.seq == 1)), "Place 1 (audience) says 1 to 1"),
    (lambda c: c.execute(update(Place).where(Place.kind == "channel").values(head=99)), "says 1 to 99"),
    (lambda c: c.execute(update(Place).where(Place.kind == "person").values(head=0)), "above its head 0"),
    (lambda c: c.execute(update(Event).where(Event.place == 1).values(place=999)), "a log of place 999"),
]


def harmed(harm: Harm, conn: Connection) -> list[str]:
    """What is said of the logs after some harm, which is taken back."""
    with conn.begin_nested() as savepoint:
        harm(conn)
        found = torn(conn)
        savepoint.rollback()
    return found


@pytest.mark.engine("postgres")
async def test_what_is_not_whole_is_not_moved_and_both_sides_stay(settings: Settings, source: Settings) -> None:
    on_disk = {"files_url": "", "files_key": "", "files_secret": ""}
    settings, source = replace(settings, **on_disk), replace(source, **on_disk)
    async with running(source) as app:
        house: House = app.state.house
        jana = await cast.person(house, "Jana Reuter")
        place = await cast.channel(house, jana, "Service")
        await cast.say(house, jana, place, "eins")
        client = (await Device.of(house, jana, place)).browser(app)
        async with client:
            for number in range(2):
                await send(house, client, jana, place, b"Plan %d" % number, "plan.txt")
    database = Path(source.data) / "binnen.db"
    whole = database.read_bytes()
    assert await on_database(source, torn) == []
    for harm, sentence in HARMS:
        assert sentence in " ".join(await on_database(source, partial(harmed, harm)))
    await on_database(source, lambda conn: conn.exec_driver_sql("UPDATE place SET head = 99 WHERE kind = 'channel'"))
    assert "Logs are not whole" in await refused(settings)
    await on_database(source, lambda conn: conn.exec_driver_sql("UPDATE message SET at = 'gestern'"))
    broken = database.read_bytes()
    assert "message: PostgreSQL does not take" in await refused(settings)
    assert database.read_bytes() == broken
    database.write_bytes(whole)
    contents = {path: path.read_bytes() for path in (Path(source.data) / "files" / "kept").glob("*/*")}
    first, second = contents
    first.write_bytes(b"other")
    second.unlink()
    said = await refused(settings)
    assert f"{first.name} has other bytes" in said
    assert f"{second.name} is missing" in said
    for path, data in contents.items():
        path.write_bytes(data)
    with alone(Path(source.data)), pytest.raises(InUse):
        await moved(settings)
    assert await on_database(settings, lambda conn: conn.execute(text("SELECT count(*) FROM person")).scalar()) == 0
    assert "an earlier move was broken off" in (await moved(settings))[1]
    assert "The target is in use already" in await refused(settings)
    await on_database(settings, lambda conn: conn.execute(text("CREATE TABLE other (id int)")))
    assert "something else (other)" in await refused(settings)


@pytest.mark.engine("postgres")
async def test_what_arrives_differently_is_noticed(
    settings: Settings, source: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = target.fill

    async def forgetful(conn: Any, table: Any, rows: Any) -> None:
        kept = list(rows)
        await fill(conn, table, iter(kept[1:] if table.name == "audience_line" else kept))

    monkeypatch.setattr(target, "fill", forgetful)
    assert "Not the same: audience_line (1 row" in await refused(settings)
    assert await on_database(settings, lambda conn: conn.execute(select(Place.epoch)).scalar()) != await on_database(
        source, lambda conn: conn.execute(select(Place.epoch)).scalar()
    ), "nothing of it was committed"


def test_a_digest_knows_rows_but_not_their_order() -> None:
    def of(*rows: Any) -> Digest:
        found = Digest()
        for row in rows:
            found.add(row)
        return found

    assert of((1, "a"), (2, "b")) == of((2, "b"), (1, "a"))
    different = [((1,),), ((1,), (1,)), ((True,),), (("1",),), ((b"1",),), ((None,),), ((1, None),), ()]
    found = [of(*rows) for rows in different]
    assert all((one == other) == (n == m) for n, one in enumerate(found) for m, other in enumerate(found))
