"""`intranet backup verify`: whether a backup could be restored: each byte by its hash, and a look into the database."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from intranet.files import hash_file

from . import dump, source
from .archive import Archive, Manifest
from .contents import named
from .logs import torn
from .stopped import Say, Stopped, of


def verify(target: Path, say: Say, name: str = "") -> tuple[Path, Manifest]:
    """Check the newest backup in the archive, or that of this name; it and what it holds. Raises Stopped."""
    archive = Archive.at(target)
    folder, manifest = archive.chosen(name)
    wrong = [*_pieces(folder, manifest), *_contents(archive, manifest)]
    if not wrong:
        look = _sqlite if manifest.engine == "sqlite" else _postgres
        wrong = list(look(folder, manifest))
    if wrong:
        raise Stopped(f"{folder} is damaged, {of(len(wrong), 'finding')}: {' '.join(wrong[:5])}")
    what = {"sqlite": "and its logs are whole", "postgresql": "and can be read to its end"}[manifest.engine]
    say(f"{folder} of {manifest.made} is whole: the database has the hash it was saved with {what};")
    say(f"{of(len(manifest.all_contents()), 'content')} and {of(len(manifest.keys), 'key')} have theirs.")
    return folder, manifest


def _pieces(folder: Path, manifest: Manifest) -> Iterator[str]:
    for one in (manifest.database, *manifest.keys):
        path = folder / one.name
        if not path.is_file():
            yield f"{one.name} is missing."
        elif hash_file(path) != one.sha256:
            yield f"{one.name} has other bytes than when it was saved."


def _contents(archive: Archive, manifest: Manifest) -> Iterator[str]:
    for sha256 in sorted(manifest.all_contents()):
        if not archive.contents.has(sha256):
            yield f"The content {sha256} is missing."
        elif not archive.contents.is_whole(sha256):
            yield f"The content {sha256} has other bytes."


def _sqlite(folder: Path, manifest: Manifest) -> Iterator[str]:
    with source.opened(folder / manifest.database.name, immutable=True) as conn:
        said = conn.execute(text("PRAGMA integrity_check")).scalars().all()
        if said != ["ok"]:
            yield f"SQLite says: {'; '.join(map(str, said[:3]))}."
            return
        yield from torn(conn)
        yield from _unsaved(conn, manifest)


def _unsaved(conn: Connection, manifest: Manifest) -> Iterator[str]:
    """What the database names and the backup does not have, though it was there."""
    known = {*manifest.contents, *manifest.gone, *manifest.missing}
    yield from (f"The content {one} is named and was not saved." for one in named(conn).contents if one not in known)


def _postgres(folder: Path, manifest: Manifest) -> Iterator[str]:
    listed = dump.contents(folder / manifest.database.name)
    if "TABLE DATA public message " not in listed:
        yield "The dump holds no messages' table."
