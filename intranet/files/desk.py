"""The desk: where the bytes of one process go. Store, part files and press, and a finished upload's way in."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from intranet.kernel import ConfigError, House, Settings

from . import films, names
from .disk import Disk
from .parts import Parts
from .pressing import Press
from .sniff import HEAD, sort
from .store import Store, hash_file


class Mismatch(Exception):
    """What arrived is not what was announced; it has been thrown away."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A verified upload, in the store."""

    kind: str
    type: str
    name: str
    stored: str


class Desk:
    """Everything of files that touches the disk."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.store = store
        self.parts = Parts(folder)
        self.press = Press(self.store)

    async def take_in(self, path: Path, upload: Any) -> Arrived:
        """Verify a complete part file and store it; the part stays until the record knows. Raises Mismatch."""
        return await asyncio.to_thread(self._take_in, path, upload)

    def _take_in(self, path: Path, upload: Any) -> Arrived:
        if hash_file(path) != upload.sha256:
            path.unlink()
            raise Mismatch
        with path.open("rb") as file:
            found = sort(file.read(HEAD), upload.kind)
        name = names.with_extension(names.clean(upload.name), found.extensions)
        return Arrived(found.kind, found.type, name, self._keep(path, found.type))

    def _keep(self, path: Path, media_type: str) -> str:
        if media_type not in films.TYPES:
            return self.store.adopt(path)
        room = self.store.room()
        try:
            quiet = room / "film"
            shutil.copyfile(path, quiet)
            films.hush(quiet)
            return self.store.adopt(quiet)
        finally:
            shutil.rmtree(room)


def store_of(settings: Settings) -> Store:
    """Where the contents of this installation lie. Raises ConfigError without the client of S3 that it needs."""
    folder = Path(settings.data) / "files"
    if not settings.files_url:
        return Disk(folder)
    try:
        from .bucket import Bucket
    except ImportError as error:
        raise ConfigError("INTRANET_FILES_URL needs a client of S3: python3 run.py install s3") from error
    return Bucket(folder, settings.files_url, settings.files_key, settings.files_secret)


_DESKS: WeakKeyDictionary[House, Desk] = WeakKeyDictionary()


def desk_of(house: House) -> Desk:
    """The desk of a house, made when it is first needed."""
    if house not in _DESKS:
        _DESKS[house] = Desk(house.folder / "files", store_of(house.settings))
    return _DESKS[house]
