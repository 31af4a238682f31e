"""Who lets people in and puts them out while everybody writes: one write after the other, each until it is answered."""

import asyncio
import random
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bench.history import Send

from .company import MANAGER, Staff
from .http import Http

if TYPE_CHECKING:
    from .round import Round

PAUSE = (1.0, 4.0)  # seconds between two moves


class Manager:
    """Moderates every channel."""

    def __init__(self, staff: Staff, around: "Round", rng: random.Random) -> None:
        self.staff, self.around, self.rng = staff, around, rng
        self.inside = set(staff.world.churned)  # of those who come and go, who is in now
        self.sends: list[Send] = list(staff.said)
        self.refusals: list[str] = []
        self.idle = True
        self._numbers: dict[int, int] = {}
        self._http = Http(staff.company.people[staff.manager])

    @property
    def done(self) -> bool:
        """Nothing waits for an answer."""
        return self.idle

    async def run(self) -> None:
        """Until cancelled."""
        movers = sorted(self.staff.world.churned)
        try:
            while True:
                await asyncio.sleep(self.rng.uniform(*PAUSE))
                if self.around.writing:
                    self.idle = False
                    await self._move(self.rng.choice(movers))
                    self.idle = True
        finally:
            self._http.close()

    async def _move(self, who: tuple[int, int]) -> None:
        place, person = who
        out = who in self.inside
        body: dict[str, Any] = (
            {"do": "channels.remove", "person": person} if out else {"do": "channels.add", "people": [person]}
        )
        body |= {"id": str(UUID(int=self.rng.getrandbits(128), version=4)), "place": place}
        number = self._numbers[place] = self._numbers.get(place, 0) + 1
        send = Send(body["id"], MANAGER, place, number, "", monotonic(), stands=False)
        self.sends.append(send)
        while not send.acked and not send.refused:
            answer = await self._http.do(self.around.port(self.rng), body)
            if answer is None or answer[0] >= 500 or answer[0] == 429:
                await asyncio.sleep(0.05)
                continue
            status, told = answer
            if status != 200:
                send.refused = status
                self.refusals.append(f"{status} {body}")
                return
            send.acked, send.seq = monotonic(), int(told["ok"]["seq"])
        (self.inside.remove if out else self.inside.add)(who)
