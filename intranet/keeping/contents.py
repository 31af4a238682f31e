"""Everything that lies beside the database and is named in it: contents of files, portraits."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from intranet import files, people
from intranet.kernel.config import Settings

from . import source
from .stopped import of
from .target import engine_of


@dataclass
class Named:
    """What the record names."""

    contents: list[str] = field(default_factory=list)  # sha256, sorted
    portraits: list[tuple[int, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{of(len(self.contents), 'content of a file', 'contents of files')}, {of(len(self.portraits), 'portrait')}"
        )


def named(conn: Connection) -> Named:
    """What this database names."""
    return Named(sorted(files.contents(conn)), people.portraits(conn))


async def named_now(settings: Settings) -> set[str]:
    """The contents that the record of an installation names at this moment, whether a server runs or not."""
    if not settings.database_url:
        with source.opened(source.path_of(Path(settings.data))) as conn:
            return files.contents(conn)
    engine = engine_of(settings)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(files.contents)
    finally:
        await engine.dispose()


@contextmanager
def room(store: files.Store) -> Iterator[Path]:
    """A folder to work in."""
    folder = store.room()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def wrong(found: Named, store: files.Store, folder: Path) -> Iterator[str]:
    """A sentence for each that is not there, or has other bytes than its name says."""
    for sha256 in found.contents:
        if not store.has(sha256):
            yield f"The content {sha256} is missing."
        elif not store.is_whole(sha256):
            yield f"The content {sha256} has other bytes."
    for person, photo in found.portraits:
        path = people.portrait_path(folder, person, photo)
        if not path.is_file():
            yield f"The portrait of person {person} is missing."
        elif people.portrait_name(path.read_bytes()) != photo:
            yield f"The portrait of person {person} has other bytes."
