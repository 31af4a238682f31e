"""Kill the server again and again while devices send, and look for losses: `python3 run.py faults`.

Exits with 1 when a promise was broken. On PostgreSQL: set INTRANET_DATABASE_URL; a database beside it is made and
dropped. The moments of the kills are numbers of acknowledged writes, drawn from the seed.
"""

import argparse
import asyncio
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, select

from intranet.app import ROOMS
from intranet.chat.models import Message
from intranet.kernel import Event, House
from intranet.kernel import Place as PlaceRow

from .device import Device
from .history import Findings, Place, Stands, check
from .servers import Company, Server, found, settings

CHANNELS = 10  # each person is in two


@dataclass(frozen=True)
class Plan:
    """How much, and what is killed how often."""

    devices: int = 50
    sends: int = 10_000
    kills: int = 20
    seed: int = 1
    module: str = "bench.serve"
    words: tuple[str, ...] = ()
    forgets: float = 0.03  # share of answers that devices behave as if they had lost
    patience: float = 15.0  # seconds without any progress after which what is missing counts as missing


class Run:
    """Devices, a server, and whoever kills it."""

    def __init__(self, plan: Plan, company: Company) -> None:
        self.plan, self.company = plan, company
        self.rng = random.Random(plan.seed)
        self.server = Server(company, plan.module, plan.words)
        self.acked = 0
        self.kills = 0
        self.moved = asyncio.Event()
        self.devices = [self._device(number) for number in range(plan.devices)]
        moments = range(plan.sends // 50, plan.sends - plan.sends // 50)
        self.moments = sorted(self.rng.sample(moments, plan.kills))

    def _device(self, number: int) -> Device:
        """Several devices may belong to one person."""
        persons = list(self.company.people)
        person = persons[number % len(persons)]
        path = Path(self.company.settings.data) / f"device-{number}.jsonl"
        port, rng = self.company.port, random.Random(self.rng.random())
        device = Device(number, self.company.people[person], port, path, rng)
        places = sorted(place for place, inside in self.company.channels.items() if person in inside)
        share = self.plan.sends // self.plan.devices + (number < self.plan.sends % self.plan.devices)
        device.todo = [(rng.choice(places), f"message {one} of device {number}") for one in range(share)]
        device.forgets = self.plan.forgets
        device.on_ack = self._acknowledged
        return device

    def _acknowledged(self) -> None:
        self.acked += 1
        if self.moments and self.acked >= self.moments[0]:
            self.moved.set()

    async def begin(self, record: dict[int, Place], epochs: dict[int, str]) -> None:
        """Every device follows its channels from where they stand."""
        for device in self.devices:
            for place in {place for place, _ in device.todo}:
                device.box.begin(place, epochs[place], record[place].head)
        await self.server.start()

    async def go(self) -> None:
        """Until everything was sent and has arrived everywhere, or time is up."""
        tasks = [asyncio.create_task(device.run()) for device in self.devices]
        killer = asyncio.create_task(self._kill_and_restart())
        try:
            before, since = -1, monotonic()
            while not (killer.done() and self._settled()) and monotonic() < since + self.plan.patience:
                if broken := next((task for task in [*tasks, killer] if task.done() and task.exception()), None):
                    broken.result()
                await asyncio.sleep(0.02)
                now = self.acked + sum(seen.cursor for device in self.devices for seen in device.box.seen.values())
                before, since = now, (since if now == before else monotonic())
        finally:
            for task in [*tasks, killer]:
                task.cancel()
            await asyncio.gather(*tasks, killer, return_exceptions=True)

    async def _kill_and_restart(self) -> None:
        """A moment that passed while the server was down comes right after its start, amid the catching up."""
        while self.moments:
            self.server.prepare()
            while self.acked < self.moments[0]:
                self.moved.clear()
                await self.moved.wait()
            await asyncio.sleep(self.rng.uniform(0, 0.01))
            self.moments.pop(0)
            self.server.kill()
            self.kills += 1
            for device in self.rng.sample(self.devices, len(self.devices) // 10):
                device.forget_memory()
            await self.server.start()

    def _settled(self) -> bool:
        """All was sent, and all devices of a place stand at the same cursor, with every acknowledged write."""
        if not all(device.done for device in self.devices):
            return False
        cursors: dict[int, set[int]] = {}
        for device in self.devices:
            for place, seen in device.box.seen.items():
                cursors.setdefault(place, set()).add(seen.cursor)
        tops = {place: max((s.seq for d in self.devices for s in d.box.sent.values() if s.place == place), default=0)
                for place in cursors}  # fmt: skip
        return all(len(found) == 1 and min(found) >= tops[place] for place, found in cursors.items())


def read_record(conn: Connection, places: Sequence[int]) -> tuple[dict[int, Place], dict[int, str]]:
    """What stands in the database."""
    record, epochs = {}, {}
    for row in conn.execute(select(PlaceRow).where(PlaceRow.id.in_(places))).all():
        log = list(conn.execute(select(Event.seq).where(Event.place == row.id)).scalars())
        said = conn.execute(
            select(Message.seq, Message.write, Message.text).where(Message.channel == row.id).order_by(Message.seq)
        )
        record[row.id] = Place(row.head, log, [Stands(*one) for one in said])
        epochs[row.id] = row.epoch
    return record, epochs


async def look(company: Company) -> tuple[dict[int, Place], dict[int, str]]:
    """The record, read past the server."""
    house = House(company.settings, ROOMS)
    found = await house.read(read_record, list(company.channels))
    await house.db.close()
    return found


async def run(plan: Plan) -> tuple[Findings, int, float]:
    """What was found, how many kills there were, and how long it took."""
    async with settings(handshakes_per_second=1000) as chosen:
        started = monotonic()
        persons = max(4, plan.devices // 2)
        many = min(CHANNELS, persons)
        channels = [[one for one in range(persons) if (one + number) % many in (0, 2)] for number in range(many)]
        company = await found(chosen, persons, channels)
        one = Run(plan, company)
        try:
            await one.begin(*await look(company))
            await one.go()
        finally:
            one.server.close()
            for device in one.devices:
                device.box.close()
        record, _ = await look(company)
        sends = [send for device in one.devices for send in [*device.box.sent.values(), *device.box.waiting.values()]]
        findings = check(sends, record, {device.number: device.box.seen for device in one.devices})
        findings.unresolved += sum(len(device.todo) for device in one.devices)
        return findings, one.kills, monotonic() - started


def report(findings: Findings, plan: Plan, kills: int, seconds: float) -> dict[str, Any]:
    """What is printed."""
    return {**asdict(findings), "kills": kills, "seconds": round(seconds, 1), "seed": plan.seed}


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and say by the exit code whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="run.py faults", description=__doc__)
    defaults = Plan()
    parser.add_argument("--devices", type=int, default=defaults.devices)
    parser.add_argument("--sends", type=int, default=defaults.sends)
    parser.add_argument("--kills", type=int, default=defaults.kills)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    chosen = parser.parse_args(words)
    plan = Plan(chosen.devices, chosen.sends, chosen.kills, chosen.seed)
    findings, kills, seconds = asyncio.run(run(plan))
    figures = report(findings, plan, kills, seconds)
    if chosen.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:<13}{value}" for name, value in figures.items()))
    return 0 if findings.clean and kills == plan.kills else 1


if __name__ == "__main__":
    sys.exit(main())
