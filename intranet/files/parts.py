"""Files on their way: what has arrived of an upload lies in one part file, appended as it comes.

An offset is told only after a flush, so what a client was told it need not send again, whatever happens here. Of a
connection that dies in the middle everything that arrived is kept: nothing waits in memory. A connection that came
later takes over: the one before may be half dead in a tunnel and must not block the upload until TCP gives up on it.
"""

import asyncio
import contextlib
import errno
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from intranet.kernel import flush_folder

PATIENCE = 1.0  # seconds for a connection to hand over what it has read before another takes over


class WrongOffset(Exception):
    """The client would leave a gap or write over what is there; `right` is where it goes on."""

    def __init__(self, right: int) -> None:
        super().__init__(f"goes on at {right}")
        self.right = right


class TooLong(Exception):
    """More bytes came than were announced."""


class Full(Exception):
    """The disk has no room left."""


@dataclass(slots=True)
class _Part:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    turn: object = None  # the connection that may write; a later one replaces it
    users: int = 0


class Parts:
    """All part files of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "parts"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        flush_folder(folder)
        self._parts: dict[str, _Part] = {}
        self._arriving: Counter[str] = Counter()
        self._settled = asyncio.Condition()

    def path(self, person: int, upload: str) -> Path:
        """Where an upload's bytes lie. `upload` is a client id: letters, digits and hyphens."""
        if not upload.isascii() or not upload.replace("-", "").isalnum():
            raise ValueError(f"not a client id: {upload!r}")
        return self.folder / f"{person}-{upload}"

    @contextlib.asynccontextmanager
    async def arriving(self, upload: str) -> AsyncIterator[None]:
        """While a request that carries bytes of this upload is being dealt with."""
        self._arriving[upload] += 1
        try:
            yield
        finally:
            self._arriving[upload] -= 1
            self._arriving += Counter()  # forget the zeros
            async with self._settled:
                self._settled.notify_all()

    async def settled(self, upload: str, patience: float = PATIENCE) -> None:
        """Wait for what a dead connection has brought already; not for one that only seems to be alive."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience), self._settled:
                await self._settled.wait_for(lambda: not self._arriving[upload])

    @contextlib.asynccontextmanager
    async def alone(self, path: Path) -> AsyncIterator[None]:
        """While one connection deals with a part that is complete, others wait."""
        async with self._held(path) as part, part.lock:
            yield

    async def offset(self, path: Path) -> int:
        """How much is there for good. Whoever is still writing loses its turn: somebody wants to go on."""
        async with self._held(path) as part, part.lock:
            part.turn = None
            return await asyncio.to_thread(_flushed_size, path)

    async def receive(self, path: Path, offset: int, size: int, chunks: AsyncIterator[bytes]) -> int:
        """Append from `offset` on; return the new offset, flushed. `size` is the whole upload's.

        Raises WrongOffset, TooLong, Full, or whatever `chunks` raises when the connection dies.
        """
        turn = object()
        async with self._held(path) as part:
            async with part.lock:
                part.turn = turn
                has = await asyncio.to_thread(_size, path)
                if has != offset:
                    raise WrongOffset(has)
            try:
                async for chunk in chunks:
                    if chunk:
                        offset = await self._append(path, part, turn, offset, size, chunk)
            except OSError as error:
                raise Full if error.errno in (errno.ENOSPC, errno.EDQUOT) else error from error
            return await asyncio.to_thread(_flushed_size, path)

    async def _append(self, path: Path, part: _Part, turn: object, offset: int, size: int, chunk: bytes) -> int:
        async with part.lock:
            if part.turn is not turn:
                raise WrongOffset(await asyncio.to_thread(_flushed_size, path))
            if offset + len(chunk) > size:
                raise TooLong
            await asyncio.to_thread(_write, path, offset, chunk)
        return offset + len(chunk)

    def remove(self, path: Path) -> None:
        """Forget an upload's bytes."""
        path.unlink(missing_ok=True)

    def clear(self, waiting: set[str], *, older_than: float) -> None:
        """Remove the bytes of uploads that nobody waits for any more."""
        for path in self.folder.iterdir():
            if path.name not in waiting and time.time() - path.stat().st_mtime > older_than:
                path.unlink(missing_ok=True)

    def _held(self, path: Path) -> "_Held":
        return _Held(self._parts, path.name)


class _Held:
    """Keeps the entry of a part alive while anybody uses it."""

    def __init__(self, parts: dict[str, _Part], name: str) -> None:
        self._parts, self._name = parts, name

    async def __aenter__(self) -> _Part:
        part = self._parts.setdefault(self._name, _Part())
        part.users += 1
        return part

    async def __aexit__(self, *_: object) -> None:
        part = self._parts[self._name]
        part.users -= 1
        if not part.users:
            del self._parts[self._name]


def _write(path: Path, offset: int, chunk: bytes) -> None:
    fresh = offset == 0
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        # A write that a full disk cut short is taken back, so that the size is always what has been taken.
        if os.pwrite(fd, chunk, offset) < len(chunk):
            os.ftruncate(fd, offset)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(fd)
    if fresh:
        flush_folder(path.parent)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _flushed_size(path: Path) -> int:
    try:
        fd = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        os.fsync(fd)
        return os.fstat(fd).st_size
    finally:
        os.close(fd)
