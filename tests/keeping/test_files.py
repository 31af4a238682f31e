"""From the disk into a bucket and back, each content compared."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from intranet.files import Disk, contents, store_of
from intranet.keeping.files import move_files
from intranet.keeping.stopped import Stopped
from intranet.kernel import House
from intranet.kernel.config import Settings
from tests import cast, s3
from tests.files.sending import send
from tests.keeping.devices import Device, running


@pytest.mark.engine("sqlite")
async def test_files_go_into_a_bucket_and_the_server_goes_on_from_there(
    settings: Settings, buckets: s3.Buckets, tmp_path: Path
) -> None:
    async with running(settings) as app:
        house: House = app.state.house
        jana = await cast.person(house, "Jana Reuter")
        place = await cast.channel(house, jana, "Service")
        device = await Device.of(house, jana, place)
        async with device.browser(app) as client:
            for text in (b"eins", b"zwei"):
                await send(house, client, jana, place, text, "plan.txt")
        one, two = sorted(await house.read(contents))
    there = replace(settings, **buckets.make())
    disk, said = Disk(Path(settings.data) / "files"), list[str]()
    disk.fetch(two, tmp_path / "kept aside")
    disk.remove(two)
    to = replace(there, files_url="")
    with pytest.raises(Stopped, match=f"1 content not to be found where they should lie: {two}"):
        await asyncio.to_thread(move_files, to, there.files_url, said.append)
    disk.path(two).write_bytes(b"other")
    with pytest.raises(Stopped, match="other bytes"):
        await asyncio.to_thread(move_files, to, there.files_url, said.append)
    disk.path(two).write_bytes((tmp_path / "kept aside").read_bytes())
    await asyncio.to_thread(move_files, to, there.files_url, said.append)
    await asyncio.to_thread(move_files, to, there.files_url, said.append)
    assert [line[:32] for line in said if "named" in line] == [
        "2 contents named: 1 copied now, ", "2 contents named: 1 copied now, ", "2 contents named: 0 copied now, ",
    ]  # fmt: skip
    with pytest.raises(Stopped, match="already"):
        await asyncio.to_thread(move_files, there, there.files_url, said.append)
    for name in (one, two):
        disk.remove(name)
    assert all(store_of(there).is_whole(name) for name in (one, two))
    await asyncio.to_thread(move_files, there, "disk", said.append)
    assert all(disk.is_whole(name) for name in (one, two))
