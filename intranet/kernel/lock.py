"""Who works in a data folder alone: the server on SQLite, and the tools that need it stopped."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .durable import flush_folder

NAME = "in-use.lock"
RESTORING = "restoring"


class InUse(Exception):
    """Another process works in the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is in use: a server (or another command) works there. Stop it first.")


class HalfRestored(Exception):
    """A backup was being restored there and was not finished."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"A restore into {folder} was broken off: empty it (and the database) and begin again.")


def begun(folder: Path) -> None:
    """From now on until `done` nobody may serve from this folder."""
    (folder / RESTORING).touch()
    flush_folder(folder)


def done(folder: Path) -> None:
    """All is back."""
    (folder / RESTORING).unlink()
    flush_folder(folder)


def must_be_whole(folder: Path) -> None:
    """Raises HalfRestored."""
    if (folder / RESTORING).exists():
        raise HalfRestored(folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder until the end, or until the process dies in any way. Raises InUse."""
    descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(folder) from error
        yield
    finally:
        os.close(descriptor)
