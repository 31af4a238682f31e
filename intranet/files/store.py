"""Where contents of files are kept, by their sha256: on the local disk (`Disk`) or in a bucket (`Bucket`)."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from starlette.datastructures import Headers
from starlette.responses import Response

_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_sha256(value: str) -> bool:
    """Say whether a value is a sha256 as we write it: 64 small hexadecimal digits."""
    return _SHA256.fullmatch(value) is not None


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush_file(path: Path) -> None:
    """Make a file's bytes survive a power cut."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


class Store(Protocol):
    """What both can do. What is durable when `keep` and `adopt` return, and when something may be removed: see `disk`.

    All but `response` wait for disk or network: call them on a thread.
    """

    work: Path

    def has(self, sha256: str) -> bool:
        """Say whether a content is there."""

    def size(self, sha256: str) -> int:
        """How many bytes a content has. Raises FileNotFoundError."""

    def is_whole(self, sha256: str) -> bool:
        """Say whether the bytes of a content that is there are those of its name."""

    def keep(self, data: bytes) -> str:
        """Store bytes; return their sha256."""

    def adopt(self, source: Path) -> str:
        """Store a file's bytes under their sha256 and leave the source where it is; return the sha256."""

    def fetch(self, sha256: str, target: Path) -> None:
        """Copy a content to a path of the caller's. Raises FileNotFoundError."""

    def borrow(self, sha256: str, room: Path) -> Path:
        """A path under which the content can be read, in `room` where it is nowhere else. Raises FileNotFoundError."""

    def everything(self) -> Iterator[str]:
        """All contents that are there."""

    def remove(self, sha256: str, *, untouched_for: float = 0) -> bool:
        """Remove a content, unless it was kept or kept again within the last seconds; say whether it is gone."""

    def room(self) -> Path:
        """Make an empty folder to work in; whoever asks for it removes it."""

    def clear_work(self, *, older_than: float = 0) -> None:
        """Remove what an interrupted run left half made."""

    async def response(self, sha256: str, request: Headers, media_type: str, headers: Mapping[str, str]) -> Response:
        """The content, or the range of it that is asked for."""
