"""Contents of files on the local disk, found by their sha256.

A content is on the disk, name and bytes flushed, before `keep` or `adopt` return: who is told "it is stored" may
pull the plug. Equal contents are one file, so nothing may be removed because *one* thing no longer needs it; that is
decided by the sweep, which leaves alone what was touched lately (a content may be kept again at that very moment).
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response

from intranet.kernel import flush_folder

from .store import flush_file, hash_file, is_sha256
from .work import Work


class Disk(Work):
    """The contents below one folder: `kept/ab/ab12…` and `work/` for what is being made."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.kept = folder / "kept"
        self.kept.mkdir(mode=0o700, exist_ok=True)
        for each in (folder.parent, folder):  # or a power cut could take the folders with all that is flushed in them
            flush_folder(each)

    def path(self, sha256: str) -> Path:
        """Where a content lies, whether or not it is there."""
        if not is_sha256(sha256):
            raise ValueError(f"not a sha256: {sha256!r}")
        return self.kept / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Say whether a content is there."""
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """How many bytes a content has. Raises FileNotFoundError."""
        return self.path(sha256).stat().st_size

    def is_whole(self, sha256: str) -> bool:
        """Say whether the bytes of a content that is there are those of its name."""
        return hash_file(self.path(sha256)) == sha256

    def adopt(self, source: Path) -> str:
        """Store a file's bytes under their sha256 and leave the source where it is; return the sha256."""
        sha256 = hash_file(source)
        target = self.path(sha256)
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            flush_folder(self.kept)
        if self._touch(target):
            return sha256
        flush_file(source)
        fresh = self.work / secrets.token_hex(16)
        try:
            _link_or_copy(source, fresh)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
        os.utime(target)
        flush_folder(target.parent)
        return sha256

    def fetch(self, sha256: str, target: Path) -> None:
        """Copy a content to a path of the caller's. Raises FileNotFoundError."""
        shutil.copyfile(self.path(sha256), target)

    def borrow(self, sha256: str, _room: Path) -> Path:
        """A path under which the content can be read."""
        return self.path(sha256)

    async def response(self, sha256: str, request: Headers, media_type: str, headers: Mapping[str, str]) -> Response:
        """The content or the range that is asked for; ranges are Starlette's."""
        return FileResponse(self.path(sha256), headers=headers, media_type=media_type)

    def everything(self) -> Iterator[str]:
        """All contents that are there."""
        for folder in sorted(self.kept.iterdir()):
            yield from sorted(entry.name for entry in folder.iterdir() if is_sha256(entry.name))

    def remove(self, sha256: str, *, untouched_for: float = 0) -> bool:
        """Remove a content, unless it was kept or kept again within the last seconds; say whether it is gone."""
        target = self.path(sha256)
        try:
            if time.time() - target.stat().st_mtime < untouched_for:
                return False
            target.unlink()
        except FileNotFoundError:
            return True
        flush_folder(target.parent)
        return True

    @staticmethod
    def _touch(target: Path) -> bool:
        try:
            os.utime(target)
        except FileNotFoundError:
            return False
        return True


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # A file system without hard links (some network shares): the bytes once more, flushed as well.
        shutil.copyfile(source, target)
        flush_file(target)
