"""The bus between two nodes: killed, stalled, back again."""

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bench.nats import Nats, program

from .base import Nemesis

if TYPE_CHECKING:
    from bench.faults.round import Round


class Bus(Nemesis):
    """Two nodes on one PostgreSQL with NATS, which flaps. Devices go to either node each time they connect."""

    name = "bus"
    engine = "postgres"
    nodes = 2
    quiet = 4.0  # nodes look for themselves within two seconds

    def lacks(self) -> str:
        """NATS."""
        there = program() is not None and find_spec("nats") is not None
        return "" if there else "NATS: apt-get install nats-server && python3 run.py install nats"

    async def prepare(self, round_: "Round") -> None:
        """Both nodes hear it from their first start on."""
        self.nats = Nats()
        await asyncio.to_thread(self.nats.start)
        round_.env["INTRANET_BUS_URL"] = self.nats.url

    async def strike(self, round_: "Round") -> None:
        """Kill or stall it for a moment."""
        await round_.until(round_.acked + round_.rng.randint(1, 300), 2.0)
        if round_.rng.random() < 0.5:
            await asyncio.to_thread(self.nats.kill)
            await asyncio.sleep(round_.rng.uniform(0, 2))
            await asyncio.to_thread(self.nats.start)
            round_.struck("bus:killed")
        else:
            self.nats.stall()
            await asyncio.sleep(round_.rng.uniform(0, 3))
            self.nats.go_on()
            round_.struck("bus:stalled")

    async def end(self, round_: "Round") -> None:
        """It is gone."""
        await asyncio.to_thread(self.nats.kill)
