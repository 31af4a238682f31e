"""Place and device out of films and sound without touching a frame.

Telephones write where a film was taken into boxes of the container's index. Those boxes are renamed to `free`, which
every player skips, and their content is overwritten; nothing moves, so all offsets inside the file stay true.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

TYPES = {"video/mp4", "video/quicktime", "audio/mp4"}
_TELLING = {b"udta", b"meta", b"uuid"}
_NESTED = {b"moov", b"trak", b"mdia"}
_MOST_BOXES = 10_000


def hush(path: Path) -> None:
    """Overwrite the telling boxes of an MP4 or QuickTime file in place. What can't be followed is left alone."""
    with path.open("r+b") as file:
        end = file.seek(0, 2)
        budget = iter(range(_MOST_BOXES))
        for start, size in list(_telling(file, 0, end, budget)):
            file.seek(start + 4)
            file.write(b"free" + bytes(size - 8))


def _telling(file: BinaryIO, at: int, end: int, budget: Iterator[int]) -> Iterator[tuple[int, int]]:
    """Where the telling boxes between two positions begin, and how long they are."""
    while at + 8 <= end and next(budget, None) is not None:
        file.seek(at)
        head = file.read(16)
        size, kind, inside = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:
            size, inside = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = end - at
        if size < inside or at + size > end:
            return
        if kind in _TELLING and inside == 8:
            yield at, size
        elif kind in _NESTED:
            yield from _telling(file, at + inside, at + size, budget)
        at += size
