"""One round: a company, its server, devices that write, and the nemeses of this round; then the checker."""

import asyncio
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from bench.history import Findings, check
from bench.servers import quiet_port

from . import record as records
from .company import Staff, copied
from .device import Device
from .disk import Disk
from .line import Trouble
from .manager import Manager
from .node import Node
from .seen import seen_by
from .uploads import Uploader
from .wishes import Wishes
from .words import Actor

if TYPE_CHECKING:
    from .nemeses import Nemesis

MOST_PLACES = 3  # in which one device writes
FEED_SHARE = 0.01  # of a device's writes that go into the feed: everybody hears those


@dataclass(frozen=True)
class Size:
    """How much one round is."""

    devices: int = 100
    persons: int = 30
    channels: int = 10
    each: int = 2  # channels of a person
    writes: int = 10_000  # acknowledged, after which nothing new is written
    seconds: float = 600.0  # or after this long
    patience: float = 60.0  # without any progress after which what is missing counts as missing
    nice: int = 0  # of the servers
    nodes: int = 1
    forgets: float = 0.02  # share of answers that devices behave as if they had lost


@dataclass
class Result:
    """What a round gave."""

    findings: Findings
    strikes: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    convergence: float = 0.0
    seconds: float = 0.0
    notes: dict[str, float] = field(default_factory=dict)  # what nemeses have measured


class Round:
    """What nemeses act upon: `nodes`, `devices`, `folder`, `rng`."""

    def __init__(self, size: Size, staff: Staff, rng: random.Random, nemeses: "Sequence[Nemesis]") -> None:
        self.size, self.rng, self.nemeses = size, rng, list(nemeses)
        self.folder = Path(tempfile.mkdtemp(prefix="binnen-faults-"))
        if staff.company.settings.database_url:  # of this round alone
            self.data, self.staff = Path(staff.company.settings.data), staff
        else:
            self.data = self.folder / "data"
            self.staff = copied(staff, self.data, quiet_port())
        self.company = self.staff.company
        self.acked = self.kills = 0
        self.writing = True
        self.forgets = size.forgets
        self.strikes: Counter[str] = Counter()
        self.notes: dict[str, float] = {}
        self.env: dict[str, str] = {}
        self.hooks: dict[str, Any] = {}  # of every start, see `hooks`
        self.wrong: list[str] = []  # what a nemesis itself found to be unsound
        self.harm = ""  # a function that breaks the server on purpose, as module:name
        self.entrance: dict[int, int] = {}  # a node's port -> where devices reach it instead
        self.nodes: list[Node] = []
        self.disk: Disk | None = None  # under the data, where a nemesis has laid one
        self.devices = [self._device(number) for number in range(size.devices)]
        self.manager = Manager(self.staff, self, random.Random(rng.random()))
        self.uploaders = [
            Uploader(device.person, device.token, self, random.Random(rng.random())) for device in self.devices[:2]
        ]
        self.actors: list[Actor] = [*self.devices]
        if all(nemesis.moves for nemesis in nemeses):
            self.actors.append(self.manager)
        if all(nemesis.files for nemesis in nemeses):
            self.actors += self.uploaders
        self.stepped = asyncio.Event()  # a write was acknowledged

    def _device(self, number: int) -> Device:
        people = [one for one in self.company.people if one != self.staff.manager]
        person = people[number % len(people)]
        rng = random.Random(self.rng.random())
        first = number < len(people)  # of this person's devices: the one that votes
        markers = all(nemesis.markers for nemesis in self.nemeses)
        wishes = Wishes(person, number, self.staff.world, rng, states=first, markers=markers)
        inside = [place for place, who in self.company.channels.items() if person in who]
        places = [*rng.sample(inside, min(len(inside), MOST_PLACES)), self.staff.world.everyone]
        path = self.folder / f"device-{number}.jsonl"
        device = Device(number, person, self.company.people[person], path, self, wishes, places, rng)
        device.rare[self.staff.world.everyone] = FEED_SHARE
        return device

    # -- what devices ask

    def port(self, rng: random.Random) -> int:
        """Any node takes any client."""
        node = rng.choice(self.nodes)
        return self.entrance.get(node.port, node.port)

    def trouble(self, rng: random.Random) -> Trouble | None:
        """The first nemesis that has something against messages."""
        return next((found for one in self.nemeses if (found := one.trouble(rng))), None)

    def acknowledged(self) -> None:
        """Somebody's write stands."""
        self.acked += 1
        self.stepped.set()

    def not_now(self, status: int) -> None:
        """Somebody's write was turned away for the time being."""
        self.notes[f"answered_{status}"] = self.notes.get(f"answered_{status}", 0) + 1

    # -- for nemeses

    async def until(self, acked: int, at_most: float) -> None:
        """Until so many writes are acknowledged, or so many seconds are over."""
        end = monotonic() + at_most
        while self.acked < acked and (left := end - monotonic()) > 0:
            self.stepped.clear()
            try:
                await asyncio.wait_for(self.stepped.wait(), left)
            except TimeoutError:
                return

    def struck(self, name: str, times: int = 1) -> None:
        """Counted into what is printed."""
        self.strikes[name] += times

    def killed(self, *, forget: bool = True) -> None:
        """A process is dead; with it some devices lose their memory."""
        self.kills += 1
        if forget:
            for device in self.rng.sample(self.devices, max(1, len(self.devices) // 10)):
                device.forget_memory()

    # -- the round

    async def run(self) -> Result:
        """From the first start to the verdict."""
        began = monotonic()
        try:
            for nemesis in self.nemeses:
                await nemesis.prepare(self)
            for number in range(max([self.size.nodes, *(nemesis.nodes for nemesis in self.nemeses)])):
                port = quiet_port() if number else self.company.port
                self.nodes.append(Node(self.company, port, self.env, f"server-{number}", self.size.nice))
            for node in self.nodes:
                node.order = {"hooks": self.hooks, "harm": self.harm}
                await node.start()
            healed = await self._torment()
            converged = await self._settle(healed)
            findings = await self._judge()
            return Result(findings, self.strikes, self.kills, converged - healed, monotonic() - began, self.notes)
        finally:
            for node in self.nodes:
                node.close()
            for nemesis in self.nemeses:
                await nemesis.end(self)
            for device in self.devices:
                device.box.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    async def _torment(self) -> float:
        """Devices write while nemeses strike by turns; returns when all was healed."""
        self._tasks = [asyncio.create_task(one.run()) for one in self.actors]
        until = monotonic() + self.size.seconds
        while self.acked < self.size.writes and monotonic() < until:
            self._broken()
            striking = asyncio.create_task(self._strike())
            while not striking.done():
                await asyncio.wait([striking], timeout=1)
                self._broken()
            striking.result()
        self.writing = False
        for nemesis in self.nemeses:
            await nemesis.heal(self)
        for node in self.nodes:
            if not node.runs:
                await node.start()
        return monotonic()

    async def _strike(self) -> None:
        if self.nemeses:
            self.nemeses.append(self.nemeses.pop(0))  # by turns, so that each strikes
            await self.nemeses[-1].strike(self)
        else:
            await self.until(self.size.writes, 1.0)

    def _broken(self) -> None:
        for task in self._tasks:
            if task.done():
                task.result()
                raise RuntimeError("a device has stopped by itself")

    async def _settle(self, healed: float) -> float:
        """Until everything was sent and has arrived everywhere, or nothing moves any more; returns when."""
        before, since, done = None, healed, healed
        quiet = max((nemesis.quiet for nemesis in self.nemeses), default=0.3)
        while monotonic() < since + self.size.patience:
            self._broken()
            now = (self.acked, sum(view.cursor for device in self.devices for view in device.box.views.values()),
                   sum(len(device.box.waiting) for device in self.devices))  # fmt: skip
            if now != before:
                before, since, done = now, monotonic(), monotonic()
            if self._quiet() and monotonic() > done + quiet:
                break
            await asyncio.sleep(0.05)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return done

    def _quiet(self) -> bool:
        """All was sent, and all devices of a place stand at the same cursor."""
        if not all(one.done for one in self.actors):
            return False
        cursors: dict[int, set[tuple[str, int]]] = {}
        tops: dict[tuple[int, str], int] = {}
        for device in self.devices:
            for place, view in device.box.views.items():
                cursors.setdefault(place, set()).add((view.epoch, view.cursor))
            for send in (wish.send for wish in device.box.sent.values()):
                tops[send.place, send.epoch] = max(send.seq, tops.get((send.place, send.epoch), 0))
        return all(
            len(found) == 1 and all(cursor >= tops.get((place, epoch), 0) for epoch, cursor in found)
            for place, found in cursors.items()
        )

    # -- the verdict

    async def _judge(self) -> Findings:
        record, unsound = await records.look(self.staff)
        unsound += await records.fresh(self.staff, self.nodes[0].port, record)
        sends = [
            wish.send for device in self.devices for wish in (*device.box.sent.values(), *device.box.waiting.values())
        ]
        moves = self.manager.sends
        records.with_times(record, moves)
        for send in sends:
            if send.about and not send.text and send.place in record:
                record[send.place].removed.add(send.about)
        findings = check(
            [*sends, *moves],
            record,
            {
                device.number: {place: seen_by(device, place) for place in device.witness.keys() & record.keys()}
                for device in self.devices
            },
        )
        wrong = [*self.wrong, *unsound]
        findings.add("C4", len(wrong), f"unsound: {wrong[:3]}")
        for actor in self.actors:
            findings.add("C7", len(actor.refusals), f"refused: {actor.refusals[:3]}")
        lost = [name for uploader in self.uploaders for name in uploader.lost(self.data)]
        findings.acknowledged += sum(len(uploader.kept) for uploader in self.uploaders)
        findings.add("C1", len(lost), f"files that were acknowledged and are not there: {lost[:3]}")
        return findings
