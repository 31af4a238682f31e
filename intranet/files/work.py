"""A folder for what is being made, on the local disk whichever store keeps what is finished."""

import secrets
import shutil
import time
from abc import ABC, abstractmethod
from pathlib import Path


class Work(ABC):
    """`work/` below a folder."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        for each in (folder, self.work):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)

    def room(self) -> Path:
        """Make an empty folder to work in; whoever asks for it removes it."""
        folder = self.work / secrets.token_hex(16)
        folder.mkdir(mode=0o700)
        return folder

    def keep(self, data: bytes) -> str:
        """Store bytes; return their sha256."""
        source = self.work / secrets.token_hex(16)
        source.write_bytes(data)
        try:
            return self.adopt(source)
        finally:
            source.unlink()

    @abstractmethod
    def adopt(self, source: Path) -> str:
        """Store a file's bytes under their sha256 and leave the source where it is; return the sha256."""

    def clear_work(self, *, older_than: float = 0) -> None:
        """Remove what an interrupted run left half made."""
        for entry in self.work.iterdir():
            if time.time() - entry.stat().st_mtime < older_than:
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink(missing_ok=True)
