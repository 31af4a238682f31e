"""`intranet restore`: a backup into an empty data folder (and an empty PostgreSQL). The record is another one then."""

import asyncio
import shutil
from pathlib import Path

from sqlalchemy import Connection

from intranet import files, people
from intranet.app import ROOMS
from intranet.files import flush_file
from intranet.kernel import flush_folder, keys
from intranet.kernel.config import Settings
from intranet.kernel.db import sync_engine
from intranet.kernel.epoch import change_epoch
from intranet.kernel.lock import NAME, alone, begun, done

from . import dump
from .archive import Archive, Manifest
from .backup import fingerprint
from .contents import room
from .source import path_of
from .stopped import Say, Stopped, of
from .target import FAILURES, engine_of, must_be_empty
from .verify import verify

assert ROOMS  # every room is imported, so that the metadata is complete


def restore(settings: Settings, target: Path, say: Say, name: str = "") -> str:
    """Bring back the newest backup of an archive, or that of this name; the new epoch. Raises Stopped, InUse."""
    data = Path(settings.data)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(data):
        _must_fit(settings, Archive.at(target).chosen(name)[1])
        _must_be_empty(settings, data)
        folder, manifest = verify(target, say, name)
        begun(data)
        _keys(settings, data, folder, manifest)
        _contents(settings, data, Archive.at(target), manifest)
        epoch = (asyncio.run(_postgres(settings, folder, manifest)) if settings.database_url
                 else _sqlite(data, folder, manifest))  # fmt: skip
        done(data)
    say(f"Restored into {data}: {of(len(manifest.contents), 'content')}, {of(len(manifest.portraits), 'portrait')},"
        f" {of(len(manifest.keys), 'key')}.")  # fmt: skip
    say(f"The epoch of every place is {epoch} now, it was {manifest.epoch}: devices start over, and offer for sending")
    say("again what was acknowledged after the backup. Open polls without names begin again: no backup has their keys.")
    say(f"Whoever was removed or signed out, and every password: all is as it was at {manifest.made}. Look at it.")
    return epoch


def _must_fit(settings: Settings, manifest: Manifest) -> None:
    if manifest.engine != ("postgresql" if settings.database_url else "sqlite"):
        raise Stopped(f"The backup is of {manifest.engine}: restore it there; `intranet move` leads to PostgreSQL.")


def _must_be_empty(settings: Settings, data: Path) -> None:
    there = sorted(path.name for path in data.iterdir() if path.name != NAME)
    if there:
        raise Stopped(f"{data} is not empty ({', '.join(there[:5])}): move it away and begin again.")
    if settings.database_url:
        asyncio.run(_look_at_target(settings))


async def _look_at_target(settings: Settings) -> None:
    engine = engine_of(settings)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(must_be_empty)
    except FAILURES as error:
        raise Stopped(f"PostgreSQL: {error}") from error
    finally:
        await engine.dispose()


def _keys(settings: Settings, data: Path, folder: Path, manifest: Manifest) -> None:
    """First of all: with another key nothing of the rest would be of use."""
    for one in manifest.keys:
        path = data / "keys" / one.name.removeprefix("key-")
        path.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(folder / one.name, path)
        path.chmod(0o600)
        flush_file(path)
        flush_folder(path.parent)
    if not settings.secret_key and not (data / "keys" / keys.FILE).is_file():
        raise Stopped("The backup was made with INTRANET_SECRET_KEY set: set it to the same value, and begin again.")
    if fingerprint(settings) != manifest.key:
        raise Stopped("INTRANET_SECRET_KEY is another one than that of the backup. Set that one, and begin again.")


def _contents(settings: Settings, data: Path, archive: Archive, manifest: Manifest) -> None:
    store = files.store_of(settings)
    for sha256 in manifest.contents:
        with room(archive.contents) as work:  # a copy of its own, never a link to the archive's
            archive.contents.fetch(sha256, work / "content")
            store.adopt(work / "content")
    for one in manifest.portraits:
        people.keep_portrait(data, one.person, archive.contents.path(one.sha256).read_bytes())


def _sqlite(data: Path, folder: Path, manifest: Manifest) -> str:
    shutil.copyfile(folder / manifest.database.name, path_of(data))
    path_of(data).chmod(0o600)
    engine = sync_engine("", data)
    with engine.begin() as conn:
        epoch = change_epoch(conn)
    engine.dispose()
    flush_file(path_of(data))
    flush_folder(data)
    return epoch


async def _postgres(settings: Settings, folder: Path, manifest: Manifest) -> str:
    await asyncio.to_thread(dump.load, settings.database_url, folder / manifest.database.name)
    engine = engine_of(settings)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_another)
    finally:
        await engine.dispose()


def _another(conn: Connection) -> str:
    return change_epoch(conn)
