"""Where backups lie: one folder for all of one installation.

contents/            every content of a file and every portrait once, by its SHA-256
2026-11-25T030000.123Z/  one backup: the database, keys, and manifest.json, which is written last and names everything
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from intranet import files
from intranet.files import flush_file, hash_file
from intranet.kernel import flush_folder

from .stopped import Stopped

MANIFEST = "manifest.json"
FORMAT = 1


class Piece(msgspec.Struct, forbid_unknown_fields=True):
    """A file beside the manifest."""

    name: str
    size: int
    sha256: str


class Portrait(msgspec.Struct, forbid_unknown_fields=True):
    """Whose, by what name the record knows it, and its bytes among the contents."""

    person: int
    photo: str
    sha256: str


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """What a backup holds. `gone`: contents that were deleted while it was made; `missing`: what was lost before."""

    format: int
    made: str
    engine: Literal["sqlite", "postgresql"]
    schema: str
    epoch: str
    key: str  # fingerprint of the server's key
    database: Piece
    keys: list[Piece]
    contents: list[str]
    portraits: list[Portrait]
    gone: list[str] = []
    missing: list[str] = []

    def all_contents(self) -> set[str]:
        """Everything that lies in `contents`."""
        return {*self.contents, *(portrait.sha256 for portrait in self.portraits)}


class Archive:
    """The folder of the backups of one installation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.contents = files.Disk(folder / "contents")

    @staticmethod
    def at(folder: Path) -> "Archive":
        """An archive that is there. Raises Stopped."""
        if not (folder / "contents").is_dir():
            raise Stopped(f"There are no backups in {folder}.")
        return Archive(folder)

    def begin(self) -> Path:
        """A new folder for a backup, without a manifest yet."""
        now = datetime.now(UTC)
        folder = self.folder / f"{now:%Y-%m-%dT%H%M%S}.{now.microsecond // 1000:03}Z"
        folder.mkdir(mode=0o700)
        return folder

    def finish(self, folder: Path, manifest: Manifest) -> None:
        """From here on it is a backup."""
        half = folder / f"{MANIFEST}.half"
        half.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        flush_file(half)
        half.replace(folder / MANIFEST)
        flush_folder(folder)
        flush_folder(self.folder)

    def backups(self) -> list[Path]:
        """Those that were finished, the oldest first."""
        return sorted(path.parent for path in self.folder.glob(f"*/{MANIFEST}"))

    def chosen(self, name: str = "") -> tuple[Path, Manifest]:
        """The backup of that name, or the newest. Raises Stopped."""
        there = self.backups()
        folder = self.folder / name if name else there[-1] if there else None
        if folder is None or folder not in there:
            known = ", ".join(path.name for path in there) or "none"
            raise Stopped(f"There is no finished backup {name} in {self.folder}. There are: {known}.")
        return folder, read_manifest(folder)

    def prune(self, keep: int) -> list[str]:
        """Remove all but the newest backups, what was broken off before them, and contents that none of them names."""
        kept = self.backups()[-keep:]
        others = [path for path in self.folder.iterdir() if path.is_dir() and path.name != "contents"]
        removed = sorted(path for path in others if path.name < kept[0].name)
        for path in removed:
            shutil.rmtree(path)
        named = set[str]().union(*(read_manifest(path).all_contents() for path in kept))
        for sha256 in self.contents.everything():
            if sha256 not in named:
                self.contents.remove(sha256)
        self.contents.clear_work()
        return [path.name for path in removed]


def piece(path: Path) -> Piece:
    """A file that lies beside the manifest, flushed."""
    flush_file(path)
    return Piece(path.name, path.stat().st_size, hash_file(path))


def read_manifest(folder: Path) -> Manifest:
    """What a backup holds. Raises Stopped."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Stopped(f"{folder / MANIFEST} can't be read: {error}.") from error
    if manifest.format != FORMAT:
        raise Stopped(f"{folder.name} has format {manifest.format}; this version reads {FORMAT}.")
    return manifest
