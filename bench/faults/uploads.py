"""Files sent in parts while the server dies: what was answered as complete must be in the store, byte for byte."""

import asyncio
import hashlib
import random
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from .http import Http

if TYPE_CHECKING:
    from .round import Round

PART = 20_000  # bytes of one request
PAUSE = (0.2, 0.8)  # seconds between two files


class Uploader:
    """Sends one file after another, each until it is there."""

    def __init__(self, person: int, token: str, around: "Round", rng: random.Random) -> None:
        self.person, self.around, self.rng = person, around, rng
        self.kept: list[str] = []  # sha256 of every file that was acknowledged
        self.refusals: list[str] = []
        self.idle = True
        self._http = Http(token)

    @property
    def done(self) -> bool:
        """Nothing waits for an answer."""
        return self.idle

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await asyncio.sleep(self.rng.uniform(*PAUSE))
                if self.around.writing:
                    self.idle = False
                    await self._upload(self.rng.randbytes(self.rng.randint(1, 3 * PART)))
                    self.idle = True
        finally:
            self._http.close()

    async def _upload(self, data: bytes) -> None:
        upload = str(UUID(int=self.rng.getrandbits(128), version=4))
        sha256 = hashlib.sha256(data).hexdigest()
        begin = {"do": "files.begin", "id": upload, "name": "a.bin", "size": len(data), "sha256": sha256}
        at, done, answer = 0, False, None
        while answer is None or answer[0] != 200:
            answer = await self._http.do(self.around.port(self.rng), begin)
            await asyncio.sleep(0.05)
        while not done:
            part = data[at : at + PART]
            answer = await self._http.ask(self.around.port(self.rng), "PUT", f"/files/{upload}?offset={at}", part)
            if answer is None or answer[0] >= 500:
                await asyncio.sleep(0.05)
            elif answer[0] == 200:
                at, done = int(answer[1]["offset"]), bool(answer[1]["done"])
            elif answer[0] == 409 or (answer[0] == 422 and "offset" in answer[1]):
                at = int(answer[1].get("offset", 0))
            elif answer[0] == 404:  # begun anew: after a restore the record does not know it
                await self._http.do(self.around.port(self.rng), begin)
                at = 0
            else:
                raise RuntimeError(f"an upload was refused: {answer}")
        self.kept.append(sha256)

    def lost(self, data: Path) -> list[str]:
        """Acknowledged files whose bytes are not in the store below this data folder."""
        kept = {path.name: path for path in data.glob("files/kept/*/*")}
        return [
            one for one in self.kept if one not in kept or hashlib.sha256(kept[one].read_bytes()).hexdigest() != one
        ]  # fmt: skip
