"""Portraits: made from what somebody uploads, kept in a folder of their own, one per person."""

import asyncio
import hashlib
import os
import sys
from pathlib import Path

from sqlalchemy import Connection, select

from intranet.kernel import Refused

from .models import PersonRow

MOST_BYTES = 16 * 1024 * 1024
SECONDS = 25
_SCRIPT = Path(__file__).with_name("portrait.py")
_gate = asyncio.Semaphore(2)  # the children are slow and hungry: not many at once


async def make_portrait(data: bytes) -> bytes:
    """The picture as a small square WebP without metadata. Raises Refused 422, 413."""
    async with _gate:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(_SCRIPT), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, env={"PATH": os.defpath, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        try:
            async with asyncio.timeout(SECONDS):
                made, _ = await process.communicate(data)
        except TimeoutError:
            made = b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode == 4:
        raise Refused(413, "photo-large")
    if process.returncode != 0 or not made:
        raise Refused(422, "photo-odd")
    return made


def path_of(folder: Path, person: int, photo: str) -> Path:
    """Where a portrait lies."""
    return folder / "people" / str(person) / f"{photo}.webp"


def name_of(portrait: bytes) -> str:
    """The hash by which a portrait is known."""
    return hashlib.blake2b(portrait, digest_size=16).hexdigest()


def keep(folder: Path, person: int, portrait: bytes) -> str:
    """Write it down, durably, and return the hash it is known by. The old one stays until `forget_others`."""
    photo = name_of(portrait)
    path = path_of(folder, person, photo)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.urandom(4).hex()}.half")
    with half.open("wb") as file:
        file.write(portrait)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    for directory in (path.parent, path.parent.parent):
        descriptor = os.open(directory, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    return photo


def forget_others(folder: Path, person: int, photo: str) -> None:
    """Whoever changes or removes a portrait wants the earlier ones gone."""
    for path in path_of(folder, person, "x").parent.glob("*"):
        if path.stem != photo:
            path.unlink(missing_ok=True)


def portraits(conn: Connection) -> list[tuple[int, str]]:
    """Every portrait the record knows: whose, and the hash of its bytes."""
    rows = conn.execute(select(PersonRow.id, PersonRow.photo).where(PersonRow.photo != "").order_by(PersonRow.id))
    return [(row.id, row.photo) for row in rows]
