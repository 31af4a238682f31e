"""`intranet backup`: the database as of one moment, then what it names, while the server serves. Never ballot keys."""

import asyncio
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256 as sha256_of
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text

from intranet import files, people
from intranet.app import ROOMS
from intranet.kernel import Installation, keys, sqlite
from intranet.kernel.config import Settings
from intranet.kernel.lock import alone
from intranet.kernel.migrate import current

from . import dump, source
from .archive import FORMAT, Archive, Manifest, Piece, Portrait, piece
from .contents import Named, named, named_now, room
from .stopped import Say, Stopped, of
from .target import FAILURES, engine_of

assert ROOMS  # every room is imported, so that the metadata is complete
PAGES = 1000  # of SQLite in one step: 4 MB


@dataclass(frozen=True)
class Saved:
    """The database in the archive, and what it says of itself."""

    database: Piece
    schema: str
    epoch: str
    named: Named


def backup(settings: Settings, target: Path, say: Say, keep: int = 0) -> Path:
    """Make a backup in the archive `target`; where it lies. With `keep`, older ones go. Raises Stopped, InUse."""
    folder = Path(settings.data)
    if target.resolve().is_relative_to(folder.resolve()):
        raise Stopped(f"{target} lies inside of the data folder: name another one, best on another machine.")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(target):
        return _backup(settings, Archive(target), say, keep)


def _backup(settings: Settings, archive: Archive, say: Say, keep: int) -> Path:
    folder, into = Path(settings.data), archive.begin()
    made = datetime.now(UTC).isoformat(timespec="seconds")
    saved = asyncio.run(_postgres(settings, into)) if settings.database_url else _sqlite(folder, into)
    say(f"{into}: database of {saved.database.size:,} bytes, schema {saved.schema}, epoch {saved.epoch}.")
    contents, gone, new = _contents(settings, archive, saved.named)
    missing = sorted(asyncio.run(named_now(settings)).intersection(gone)) if gone else []
    portraits = _portraits(archive, folder, saved.named)
    manifest = Manifest(
        FORMAT, made, "postgresql" if settings.database_url else "sqlite", saved.schema, saved.epoch,
        fingerprint(settings), saved.database, _keys(folder, into), contents, portraits,
        [one for one in gone if one not in missing], missing,
    )  # fmt: skip
    archive.finish(into, manifest)
    say(f"{of(len(contents), 'content of a file', 'contents of files')}, {new} of them new here;"
        f" {of(len(portraits), 'portrait')}; {of(len(manifest.keys), 'key')}.")  # fmt: skip
    if manifest.gone:
        say(f"{of(len(manifest.gone), 'content was', 'contents were')} deleted meanwhile, as somebody wished.")
    if settings.secret_key:
        say("The server's key is a setting (INTRANET_SECRET_KEY): keep it, the backup is worth little without.")
    if keep:
        say(f"Removed: {', '.join(archive.prune(keep)) or 'nothing'}.")
    if missing:
        lost = of(len(missing), "content that the record names is", "contents that the record names are")
        raise Stopped(f"The backup is finished, but {lost} not on the server any more: {', '.join(missing[:5])}.")
    return into


def fingerprint(settings: Settings) -> str:
    """By which the server's key is recognised, not found out."""
    secret = keys.load_secret(settings.secret_key, Path(settings.data))
    return sha256_of(keys.derive(secret).tokens + b"fingerprint").hexdigest()[:16]


def _sqlite(folder: Path, into: Path) -> Saved:
    """SQLite's online backup: pages of one moment, which holds up no writer."""
    path = into / "binnen.db"
    with source.opened(source.path_of(folder)) as conn:
        conn.execute(select(Installation.key)).all()  # from here on the snapshot stands
        copy = sqlite.driver.connect(path)
        try:
            driver: Any = conn.connection.driver_connection
            driver.backup(copy, pages=PAGES)
        finally:
            copy.close()
    with source.opened(path, immutable=True) as conn:
        return _described(conn, path)


def _described(conn: Connection, path: Path) -> Saved:
    epoch = conn.execute(select(Installation.value).where(Installation.key == "epoch")).scalar_one()
    return Saved(piece(path), str(current(conn)), epoch, named(conn))


async def _postgres(settings: Settings, into: Path) -> Saved:
    """One snapshot for pg_dump and for what is read of it here."""
    path, engine = into / "database.dump", engine_of(settings)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            snapshot = (await connection.execute(text("SELECT pg_export_snapshot()"))).scalar_one()
            await asyncio.to_thread(dump.dump, settings.database_url, snapshot, path)
            return await connection.run_sync(_described, path)
    except FAILURES as error:
        raise Stopped(f"PostgreSQL: {error}") from error
    finally:
        await engine.dispose()


def _contents(settings: Settings, archive: Archive, found: Named) -> tuple[list[str], list[str], int]:
    """What is in the archive now, what was not to be had, and how many are new."""
    store = files.store_of(settings)
    there, gone, new = [], [], 0
    for sha256 in found.contents:
        if not archive.contents.has(sha256):
            if not _taken(store, archive, sha256):
                gone.append(sha256)
                continue
            new += 1
        there.append(sha256)
    return there, gone, new


def _taken(store: files.Store, archive: Archive, sha256: str) -> bool:
    with room(archive.contents) as work:
        try:
            store.fetch(sha256, work / "content")
        except FileNotFoundError:
            return False
        if archive.contents.adopt(work / "content") != sha256:
            raise Stopped(f"The content {sha256} has other bytes than its name says. No backup was finished.")
    return True


def _portraits(archive: Archive, folder: Path, found: Named) -> list[Portrait]:
    """One that was changed meanwhile is left out: the newer one is no part of this moment."""
    kept = []
    for person, photo in found.portraits:
        try:
            data = people.portrait_path(folder, person, photo).read_bytes()
        except FileNotFoundError:
            continue
        kept.append(Portrait(person, photo, archive.contents.keep(data)))
    return kept


def _keys(folder: Path, into: Path) -> list[Piece]:
    """The folder `keys`, and no other: the keys of open polls lie in one of their own and stay there."""
    pieces = []
    for path in sorted((folder / "keys").glob("*")):
        copy = into / f"key-{path.name}"
        shutil.copyfile(path, copy)
        copy.chmod(0o600)
        pieces.append(piece(copy))
    return pieces
