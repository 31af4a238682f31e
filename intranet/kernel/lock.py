"""Who works in a data folder alone: the server on SQLite, and the tools that need it stopped."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "in-use.lock"


class InUse(Exception):
    """Another process works in the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is in use: a server (or another command) works there. Stop it first.")


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
