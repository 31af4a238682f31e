"""The house as a process that can die at any moment, on a disk of which it may lose what was not flushed."""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event as Gate
from time import monotonic
from typing import Any

import msgspec
from sqlalchemy import event

from intranet.app import ROOMS
from intranet.hub import Hub
from intranet.hub.bell import HouseBell
from intranet.kernel import House, heads
from intranet.kernel.config import Settings
from intranet.kernel.epoch import change_epoch
from intranet.kernel.jobs import Runner
from intranet.kernel.writer import SqliteWriter, Truncate
from tests.databases import on_database
from tests.history import postman
from tests.history.disk import Disk
from tests.history.phone import Phone

PATIENCE = 150  # looks without progress after which what is missing counts as missing: a busy machine looks less often
LEAST = 0.5  # seconds that they take at least


class DeafBell(HouseBell):
    """Loses every stroke while `deaf`."""

    deaf = False

    def ring(self, places: set[int]) -> None:
        """Say that these places have moved, or lose it."""
        if not self.deaf:
            super().ring(places)


class Life:
    """One house after another on the same record, and the phones that are connected to it."""

    keeps_epoch = False  # broken on purpose: a restored backup goes on under the old epoch

    def __init__(self, settings: Settings, rng: random.Random, on_start: Callable[[], None]) -> None:
        self.settings, self.rng, self.on_start = settings, rng, on_start
        self.base = Path(settings.data).parent
        self.phones: list[Phone] = []
        self.places: list[int] = []
        self.since_restore: dict[int, int] = {}  # heads of the places then
        self.lives = 0
        self.ahead = 0  # milliseconds that the clock is ahead of the machine's
        self._lines: Any = None
        self.house: House
        self.hub: Hub
        self.runner: Runner
        self.bell: DeafBell
        self.disk: Disk | None = None
        self.epoch = ""
        self.up = False

    # -- a process

    async def start(self) -> None:
        """A process on what the disk holds."""
        self.lives += 1
        if not self.settings.database_url:
            self.disk = Disk(Path(self.settings.data))
        self.house = House(self.settings, [*ROOMS, postman.room])
        self._lines = _watch_connections(self.house)
        self.bell = DeafBell()
        self.hub = Hub(self.house, self.bell)
        self.runner = Runner(self.house)
        self.on_start()
        await self.house.start()
        if isinstance(self.house.writer, SqliteWriter):
            loop = asyncio.get_running_loop()
            self.house.writer.fatal = lambda _reason: self._died(loop)
        await self.hub.start()
        await self.runner.start()
        self.epoch, self.up = self.house.epoch, True

    def _died(self, loop: asyncio.AbstractEventLoop) -> None:
        """The process has ended itself: nobody hears another word of it."""
        if self.disk:
            self.disk.stop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._cut_all)

    def _cut_all(self) -> None:
        self.up = False
        for phone in self.phones:
            phone.cut()

    async def stop(self) -> None:
        """End the process in order."""
        self._cut_all()
        await self.runner.stop()
        await self.hub.stop()
        await self.house.stop()
        if self.disk:
            self.disk.forget()
            self.disk = None

    async def crash(self, *, power_loss: bool = False, torn: bool = False) -> None:
        """kill -9, or the plug is pulled; then start again on what is left. On PostgreSQL the process alone dies."""
        if self.disk:
            self.disk.stop()
            target = self.base / f"life-{self.lives}"
            self.disk.image(target, power_loss=power_loss, torn=self.rng if torn else None)
            await self.stop()
            self.settings = msgspec.structs.replace(self.settings, data=str(target))
        else:
            await self.stop()
        await self.start()

    def dies_within(self, calls: int) -> None:
        """The process dies at one of the next calls to the disk, whatever it is."""
        assert self.disk
        self.disk.dies_at = self.disk.calls + calls

    async def down(self) -> None:
        """Wait until it has died."""
        assert await self.until(lambda: self.disk and self.disk.dead)

    # -- backups

    def back_up(self) -> Path:
        """What a backup made now would hold."""
        assert self.disk
        target = self.base / f"backup-{self.lives}"
        self.disk.image(target)
        return target

    async def restore(self, backup: Path) -> None:
        """Put a backup in place of the record, under a new epoch, while phones live."""
        target = self.base / f"restored-{self.lives}"
        if self.disk:
            self.disk.stop()
        await self.stop()
        shutil.copytree(backup, target)
        self.settings = msgspec.structs.replace(self.settings, data=str(target))
        if not self.keeps_epoch:
            await on_database(self.settings, change_epoch)
        await self.start()
        found = await self.house.read(heads, self.places)
        self.since_restore = {place: head for place, (_epoch, head) in found.items()}
        postman.outside.told.clear()

    # -- the writer's turn, room on the disk, time

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """What is written within the block waits, and is then one batch. SQLite only."""
        writer, gate, loop = self.house.writer, Gate(), asyncio.get_running_loop()
        assert isinstance(writer, SqliteWriter)
        rests = asyncio.Event()

        def wait(_done: bool) -> None:
            loop.call_soon_threadsafe(rests.set)
            gate.wait(60)

        writer._queue.put(Truncate(wait))
        await rests.wait()
        try:
            yield
            busy = sum(bool(phone.under_way) for phone in self.phones)
            assert await self.until(lambda: writer._queue.qsize() >= busy), "what was written does not come"
        finally:
            gate.set()

    def most_pages(self, more: int | None) -> None:
        """The database may grow by so many pages; None: as it likes. Only while the writer rests."""
        line = self._lines[-1]
        (used,) = line.execute("PRAGMA page_count").fetchone()
        line.execute(f"PRAGMA max_page_count={used + more if more is not None else 1_000_000}").close()

    def pass_time(self, milliseconds: int) -> None:
        """The clock of the house jumps, forth or back."""
        self.ahead += milliseconds

    # -- waiting

    async def until(self, condition: Callable[[], Any]) -> bool:
        """Wait for what a device or the house does; False if it does not come."""
        since, looks = monotonic(), 0
        while not condition():
            looks += 1
            if looks > 5 * PATIENCE and monotonic() > since + LEAST:
                return False
            await asyncio.sleep(0.001)
        return True


def _watch_connections(house: House) -> list[Any]:
    lines: list[Any] = []
    if not house.db.is_sqlite:
        return lines
    make = house.db.writing_engine

    def watched() -> Any:
        engine = make()
        event.listen(engine, "connect", lambda line, _record: lines.append(line))
        return engine

    house.db.writing_engine = watched  # type: ignore[method-assign]
    return lines
