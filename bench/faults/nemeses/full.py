"""A disk without room: SQLite at every page from the first one upward, and a small file system under everything."""

import asyncio
import mmap
import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from .base import Nemesis, root

if TYPE_CHECKING:
    from bench.faults.round import Round

STEPS = 40  # pages, one after the other
KB = 1024


class Full(Nemesis):
    """`max_page_count`, one page more at a time, from the one that is used upward."""

    name = "full"
    engine = "sqlite"

    async def prepare(self, round_: "Round") -> None:
        """The writer looks at a file how many pages it may have."""
        path = round_.folder / "pages"
        path.write_bytes(bytes(8))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 8)
        round_.hooks["pages"] = str(path)

    def _allow(self, pages: int) -> None:
        self._map[:8] = pages.to_bytes(8, "little")

    async def strike(self, round_: "Round") -> None:
        """No room at all, then a page more every twentieth of a second, then as many as it likes."""
        await round_.until(round_.acked + round_.rng.randint(1, 600), 3.0)
        used = (round_.data / "binnen.db").stat().st_size // 4096
        for pages in range(max(1, used), used + STEPS):
            self._allow(pages)
            await asyncio.sleep(0.05)
            round_.struck(self.name)
        self._allow(0)

    async def heal(self, round_: "Round") -> None:
        """Room again."""
        self._allow(0)


class Small(Nemesis):
    """A small file system (tmpfs) that is filled up to the last kilobytes: database, log and files have no room."""

    name = "small"
    engine = "sqlite"

    def lacks(self) -> str:
        """The rights of root."""
        return root()

    async def prepare(self, round_: "Round") -> None:
        """The data moves onto a file system of its own."""
        aside = round_.data.with_name("data-before")
        round_.data.rename(aside)
        round_.data.mkdir()
        await asyncio.to_thread(_run, "mount", "-t", "tmpfs", "-o", "size=256m", "none", str(round_.data))
        shutil.copytree(aside, round_.data, dirs_exist_ok=True)
        self._ballast = round_.data / "ballast"

    async def strike(self, round_: "Round") -> None:
        """Fill it, leave a little, wait, make room again. A process that dies of it is started again."""
        await round_.until(round_.acked + round_.rng.randint(1, 600), 3.0)
        left = shutil.disk_usage(round_.data).free - round_.rng.randint(0, 200) * KB
        with suppress(OSError):
            self._ballast.write_bytes(bytes(max(0, left)))
        await asyncio.sleep(round_.rng.uniform(0.5, 1.5))
        await self._make_room(round_)
        round_.struck(self.name)

    async def _make_room(self, round_: "Round") -> None:
        self._ballast.unlink(missing_ok=True)
        await asyncio.sleep(0.05)
        node = round_.nodes[0]
        if not node.runs:
            round_.killed()
            round_.struck("small:ended")
            await node.start()

    async def heal(self, round_: "Round") -> None:
        """Room again."""
        await self._make_room(round_)

    async def end(self, round_: "Round") -> None:
        """Nothing stays mounted."""
        if round_.data.is_mount():
            await asyncio.to_thread(_run, "umount", "-l", str(round_.data))


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
