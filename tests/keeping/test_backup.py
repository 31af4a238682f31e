"""Backups are made while people write, hold no ballot key, and what they bring back is another record."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from intranet.chat.models import Message
from intranet.files import Disk, contents, tiles_for
from intranet.keeping.archive import Archive
from intranet.keeping.backup import backup
from intranet.keeping.restore import restore
from intranet.keeping.stopped import Stopped
from intranet.keeping.verify import verify
from intranet.kernel import House, Place, new_id
from intranet.kernel.config import Settings
from intranet.kernel.lock import RESTORING, HalfRestored, InUse, alone
from intranet.people import keep_portrait
from intranet.people.writes import Photo
from intranet.polls.keyring import Keyring
from intranet.serving import alone as serving_alone
from tests import cast
from tests.files.sending import send
from tests.keeping.devices import Device, again, running
from tests.polls.conftest import make_scene
from tests.polls.test_secret import sealed


@pytest.fixture
def elsewhere(settings: Settings, template: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Another machine: an empty folder, an empty database, the same key."""
    there = replace(settings, data=str(tmp_path / "elsewhere"))
    if not settings.database_url:
        yield there
        return
    there = replace(there, **request.getfixturevalue("buckets").make())
    name, url = template.copy("binnen_template")
    yield replace(there, database_url=url)
    template.give_back("binnen_template", name)


async def saved(settings: Settings, target: Path, keep: int = 0) -> tuple[Path, list[str]]:
    said: list[str] = []
    return await asyncio.to_thread(backup, settings, target, said.append, keep), said


async def restored(settings: Settings, target: Path, name: str = "") -> list[str]:
    said: list[str] = []
    await asyncio.to_thread(restore, settings, target, said.append, name)
    return said


async def test_yesterdays_backup_under_devices_that_wrote_since(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "backups"
    async with running(settings) as app:
        house: House = app.state.house
        scene = await make_scene(app)
        device = await Device.of(house, scene.mehmet, scene.place)
        before = await device.post(app, "gestern")
        poll = await scene.secret()
        for who in scene.inside[:3]:
            await sealed(scene, poll, who, 1)
        async with device.browser(app) as client:
            await send(house, client, scene.mehmet, scene.place, b"ein Plan", "plan.txt")
            address = (await house.read(_address, scene.place)).url("original")
            portrait = keep_portrait(house.folder, scene.jana.id, b"webp")
            await house.perform(scene.jana, Photo(id=new_id(), photo=portrait))
            writing = asyncio.create_task(keep_writing(app, device))
            first, said = await saved(settings, target)
            writing.cancel()
        assert any("1 content of a file, 1 of them new here; 1 portrait" in line for line in said), said
        known = set(device.sent)
        secret = Keyring(house.folder).get(poll)
        assert secret
        for path in target.rglob("*"):
            assert not path.is_file() or secret not in path.read_bytes(), f"the key of an open poll is in {path}"
        await device.look(house)
        await device.post(app, "heute, nach der Sicherung")
        (lost,) = set(device.sent) - known
        _, said = await saved(settings, target)
        assert any("0 of them new here" in line for line in said), said

    said = await restored(elsewhere, target, first.name)
    assert any("open polls" in line.lower() for line in said)
    async with running(elsewhere) as app:
        house = app.state.house
        assert house.epoch != device.epoch
        device.seq = before["seq"]  # a device that saw nothing of what is gone starts over as well
        assert await device.catch_up(app) == {"reset": True}, "the session is good, the cursor is of another record"
        assert await house.read(_epochs) == {house.epoch}
        assert lost not in await device.known(app)
        repeat = await device.post(app, "gestern", next(iter(device.sent)))
        assert repeat["seq"] == before["seq"], "what was before the backup is known by its receipt"
        assert (await house.read(_texts)).count("heute, nach der Sicherung") == 0
        await device.post(app, "heute, nach der Sicherung", lost)
        assert (await house.read(_texts)).count("heute, nach der Sicherung") == 1
        assert await device.known(app) >= {lost}
        async with device.browser(app) as client:
            assert (await client.get(address)).content == b"ein Plan"
            assert (await client.get(f"/people/{scene.jana.id}/photo/{portrait}.webp")).content == b"webp"
        there = again(scene, app)
        await there.work()
        row = await there.row(poll)
        assert row.again == 1, "an open poll without its key begins again"
        assert Keyring(house.folder).get(poll) not in (None, secret)


def _address(conn: Any, place: int) -> Any:

    seqs = conn.execute(select(Message.seq).where(Message.channel == place, Message.tiles > 0)).scalars()
    ((tile,),) = tiles_for(conn, place, list(seqs)).values()
    return tile


def _epochs(conn: Any) -> set[str]:
    return set(conn.execute(select(Place.epoch)).scalars())


def _texts(conn: Any) -> list[str]:
    return list(conn.execute(select(Message.text)).scalars())


async def keep_writing(app: Any, device: Device) -> None:
    while True:
        await device.post(app, "währenddessen")


@pytest.mark.engine("sqlite")
async def test_every_damage_is_found_and_nothing_is_restored_over_anything(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    target, unset = tmp_path / "backups", replace(settings, secret_key="")
    async with running(unset) as app:
        house: House = app.state.house
        jana = await cast.person(house, "Jana Reuter")
        place = await cast.channel(house, jana, "Service")
        async with (await Device.of(house, jana, place)).browser(app) as client:
            await send(house, client, jana, place, b"Plan", "plan.txt")
        (content,) = await house.read(contents)
    folder, _ = await saved(unset, target)
    inside = Archive(target).contents.path(content)
    for path in [folder / "binnen.db", folder / "key-server.key", inside, folder / "manifest.json"]:
        whole = path.read_bytes()
        for harm in (whole[:-1], whole[:99] + bytes([whole[99] ^ 1]) + whole[100:] if len(whole) > 99 else b"x"):
            path.write_bytes(harm)
            if path.name != "manifest.json" or harm == whole[:-1]:
                with pytest.raises(Stopped):
                    verify(target, print)
        path.unlink()
        with pytest.raises(Stopped):
            verify(target, print)
        path.write_bytes(whole)
    assert verify(target, print)[1].contents == [content]

    with pytest.raises(Stopped, match="is not empty"):
        await restored(unset, target)
    with pytest.raises(Stopped, match="another one than that of the backup"):
        await restored(replace(elsewhere, secret_key="x" * 32), target)
    with pytest.raises(HalfRestored), serving_alone(elsewhere):
        pass
    (Path(elsewhere.data) / RESTORING).unlink()
    fresh = replace(elsewhere, data=str(tmp_path / "fresh"), secret_key="")
    with pytest.raises(Stopped, match="is of sqlite"):
        await restored(replace(fresh, database_url="postgresql://nobody@127.0.0.1:1/none"), target)
    await restored(fresh, target)
    back = tmp_path / "fresh"
    assert (back / "keys" / "server.key").read_bytes() == (folder / "key-server.key").read_bytes()
    assert (back / "files" / "kept" / content[:2] / content).stat().st_ino != inside.stat().st_ino

    inside_of_data = Path(settings.data) / "backups"
    with pytest.raises(Stopped, match="inside of the data folder"):
        await saved(unset, inside_of_data)
    with alone(target), pytest.raises(InUse):
        await saved(unset, target)
    Disk(Path(unset.data) / "files").remove(content)
    Archive(target).contents.remove(content)
    with pytest.raises(Stopped, match="1 content that the record names is not on the server"):
        await saved(unset, target)


@pytest.mark.engine("sqlite")
async def test_older_backups_go_and_what_only_they_hold(settings: Settings, tmp_path: Path) -> None:
    target = tmp_path / "backups"
    async with running(settings) as app:
        await cast.person(app.state.house, "Jana Reuter")
    first, _ = await saved(settings, target)
    (target / "2001-01-01T000000Z").mkdir()  # broken off long ago
    archive = Archive(target)
    only_there = archive.contents.keep(b"deleted since")
    first.rename(target / "2002-01-01T000000Z")
    second, said = await saved(settings, target, keep=1)
    assert said[-1] == "Removed: 2001-01-01T000000Z, 2002-01-01T000000Z."
    assert archive.backups() == [second]
    assert not archive.contents.has(only_there)
    verify(target, print)
