"""The server's side of the press: start the process, wait, kill it when it takes too long, take what it made."""

import asyncio
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from .store import Store

log = structlog.get_logger(__name__)

SECONDS = 45  # on the wall; the process itself stops after 20 s of computing
AT_ONCE = 2
_BOOT = "import sys; sys.path.append(sys.argv.pop(1)); from press.run import main; main()"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What the press made of one file. `original`, `preview` and `thumb` are sha256 in the store, or empty."""

    original: str = ""
    preview: str = ""
    thumb: str = ""
    type: str = ""
    width: int = 0
    height: int = 0
    pages: int = 0
    refused: str = ""  # damaged, huge, or stopped: no picture can be shown


class Press:
    """At most two processes at once, so that thirty photos do not take the server's breath."""

    def __init__(self, store: Store, seconds: float = SECONDS) -> None:
        self.store = store
        self.seconds = seconds
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def picture(self, sha256: str) -> Pressed:
        """Open a picture; strip it, turn it, make its previews."""
        return await self._press("picture", sha256)

    async def pdf(self, sha256: str) -> Pressed:
        """Draw a PDF's first page."""
        return await self._press("pdf", sha256)

    async def _press(self, task: str, sha256: str) -> Pressed:
        async with self._gate:
            folder = self.store.room()
            try:
                source = await asyncio.to_thread(self.store.borrow, sha256, folder)
                said = await self._start(task, source, folder)
                return await asyncio.to_thread(self._collect, said, folder)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _start(self, task: str, source: Path, folder: Path) -> dict[str, Any]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", _BOOT, str(Path(__file__).parent), task, str(source), str(folder),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.defpath, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        try:
            async with asyncio.timeout(self.seconds):
                said, _ = await process.communicate()
        except TimeoutError:
            said = b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            # Crashed, out of memory, out of time: the file is to blame, and is treated as one that shows nothing.
            log.warning("press stopped", task=task, code=process.returncode)
            return {"refused": "stopped"}
        answer: dict[str, Any] = json.loads(said)
        return answer

    def _collect(self, said: dict[str, Any], folder: Path) -> Pressed:
        # A stripped original is whole as soon as it bears its name; half-made previews are nobody's.
        names = ("original",) if said.get("refused") else ("original", "preview", "thumb")
        kept = {name: self.store.adopt(folder / name) for name in names if (folder / name).is_file()}
        return Pressed(**(said | kept))
