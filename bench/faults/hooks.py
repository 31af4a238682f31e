"""What the fault test's server does otherwise than the product: put in by name in its own process, nowhere else."""

import asyncio
import mmap
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from intranet.hub import beat
from intranet.hub.hub import Hub
from intranet.kernel import batch, sqlite


def pages(path: str) -> None:
    """SQLite may have so many pages, as the file says (8 bytes, the lowest first); 0: as many as it likes."""
    with Path(path).open("rb") as file:
        shared = mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ)
    real, known = batch.Batch._attempt, [0]

    def attempt(self: Any, conn: Any, entries: Any) -> Any:
        wanted = int.from_bytes(shared[:8], "little")
        if wanted != known[0]:
            known[0] = wanted
            conn.exec_driver_sql(f"PRAGMA max_page_count={wanted or 1 << 30}")
        return real(self, conn, entries)

    batch.Batch._attempt = attempt  # type: ignore[method-assign]


def synchronous(level: str) -> None:
    """Another promise to the disk than the product's: NORMAL must lose acknowledged writes when the power is cut."""
    real = sqlite.on_connect_writer

    def connect(connection: Any, _record: Any) -> None:
        real(connection, _record)
        connection.execute(f"PRAGMA synchronous={level}").close()

    sqlite.on_connect_writer = connect


def beats(seconds: int) -> None:
    """A heart that beats faster, so that a dead connection is found in the time of a test."""
    beat.BEAT_EVERY = seconds


def bell(seed: int) -> None:
    """Strokes of the bell are lost, late (and so out of order) or doubled, one in three each."""
    rng, real = random.Random(seed), Hub.moved

    def moved(self: Hub, places: set[int]) -> None:
        lot = rng.random()
        if lot < 0.33:
            return
        if lot < 0.66:
            asyncio.get_running_loop().call_later(rng.uniform(0, 0.3), real, self, set(places))
            return
        real(self, places)
        real(self, places)

    Hub.moved = moved  # type: ignore[method-assign]


HOOKS: dict[str, Callable[[Any], None]] = {"pages": pages, "synchronous": synchronous, "beats": beats, "bell": bell}
