"""The private keys of open polls: each a file of its own, outside the database and of what is backed up."""

import os
import secrets
from pathlib import Path

FOLDER = "ballot-keys"  # the backup leaves it out by this name


class Keyring:
    """The keys under a data folder. Everything here flushes what it does."""

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER

    def path(self, poll: int) -> Path:
        return self.folder / f"{poll}.key"

    def put(self, poll: int, key: bytes) -> None:
        """Keep a new key, on disk before anybody can seal with it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path(poll), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        self._flush()

    def get(self, poll: int) -> bytes | None:
        """The key, or None when it is gone (or was never here: another machine, a restored backup)."""
        try:
            return self.path(poll).read_bytes()
        except FileNotFoundError:
            return None

    def destroy(self, poll: int) -> None:
        """Overwrite, then remove. Nothing sealed with it can be opened any more."""
        try:
            with self.path(poll).open("r+b") as file:
                size = os.fstat(file.fileno()).st_size
                file.write(secrets.token_bytes(size))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        self.path(poll).unlink(missing_ok=True)
        self._flush()

    def polls(self) -> set[int]:
        """The polls there are keys of."""
        found = self.folder.glob("*.key") if self.folder.is_dir() else ()
        return {int(path.stem) for path in found if path.stem.isdigit()}

    def _flush(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


__all__ = ["FOLDER", "Keyring"]
