"""A house that can die at any moment, the phones around it, and what is known of both."""

import asyncio
import itertools
import random
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from bench.history import Findings, Send, check
from intranet import people
from intranet.channels.writes import Create
from intranet.kernel import SYSTEM, Person, clock, new_id
from intranet.kernel.config import Settings
from intranet.kernel.jobs import LEASE
from intranet.kernel.receipts import _known as receipts_known
from intranet.people.writes import MakeToken
from tests.history import postman, record
from tests.history.life import LEAST, PATIENCE, Life
from tests.history.phone import Phone, Row

NAMES = ("ann", "bo", "cy", "dee")


class World(Life):
    """`hall`: a channel all four are in. `salon`: a private one of ann and bo whose history begins with joining."""

    def __init__(self, settings: Settings, seed: int, *, on_start: Callable[["World"], None] = lambda _world: None):
        super().__init__(settings, random.Random(seed), lambda: on_start(self))
        self.people: dict[str, int] = {}
        self.tokens: dict[str, list[str]] = {}
        self.owners: dict[int, int] = {}  # device -> person
        self.sends: list[Send] = []
        self._links = itertools.count(1)

    # -- names

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def number_of_link(self) -> int:
        return next(self._links)

    def author(self, send: Send) -> int:
        """Whose phone wrote it."""
        return self.owners[send.device]

    def rows(self) -> list[Row]:
        """Everything that waits in any outbox."""
        return [row for phone in self.phones for row in phone.waiting]

    # -- after a restore

    def restored(self, phone: Phone) -> None:
        """A phone has found another epoch: it asks which of its acknowledged writes are still known, and its person
        sends posts again and lets go of the rest."""
        rows = [row for row in phone.sent.values() if row.send.acked and row.send.epoch != self.epoch]
        asked = [row.send.write for row in rows]
        self.hub.spawn(self._compare(phone, asked))

    async def _compare(self, phone: Phone, asked: list[str]) -> None:
        known = set(await self.house.read(receipts_known, self.house, Person(phone.person), asked))
        for write in asked:
            if write in known:
                continue
            row = phone.sent.pop(write)
            if row.send.stands:
                row.send.acked, row.send.seq, row.send.others, row.send.sent = 0.0, 0, [], monotonic()
                phone.counters[row.send.place] = row.send.number = phone.counters[row.send.place] + 1
                phone.waiting.append(row)
            else:
                row.send.gone = True
        phone.drain()

    # -- the world around

    async def authenticate(self, token: str) -> Person:
        """As a handshake with this token does."""
        assert self.house.authenticate
        person = await self.house.read(self.house.authenticate, "token", token)
        assert person is not None
        return person

    async def furnish(self) -> None:
        """People with two tokens each, and the two channels. The house is up."""
        for name in NAMES:
            made = await self.house.perform(
                SYSTEM, people.Make(id=new_id(), name=name, email=f"{new_id()}@example.org")
            )
            self.people[name] = int(made.extra["person"])
            actor = Person(self.people[name], name)
            tokens = [await self.house.perform(actor, MakeToken(id=new_id(), name=one)) for one in ("old", "new")]
            self.tokens[name] = [str(token.extra["token"]) for token in tokens]
        ann, bo, cy, dee = (self.people[name] for name in NAMES)
        hall = Create(id=new_id(), name="Hall", kind="private", people=[bo, cy, dee])
        salon = Create(id=new_id(), name="Salon", kind="private", history="joining", people=[bo])
        self.places = [(await self.house.perform(Person(ann, "ann"), one)).place for one in (hall, salon)]

    @property
    def hall(self) -> int:
        return self.places[0]

    @property
    def salon(self) -> int:
        return self.places[1]

    def phone(self, name: str, kind: type[Phone] = Phone) -> Phone:
        """One more phone of this person."""
        rng = random.Random(self.rng.random())
        phone = kind(self, len(self.owners) + 1, self.people[name], self.tokens[name], rng)
        self.phones.append(phone)
        self.owners[phone.number] = phone.person
        return phone

    def give_up(self, phone: Phone, send: Send) -> None:
        """Nobody waits for this write any more, unless it was answered."""
        left = [row for row in phone.waiting if row.send is send]
        for row in left:
            row.send.loose = True
            phone.waiting.remove(row)

    def throw_away(self, phone: Phone) -> None:
        """A phone is lost with all that was on it."""
        phone.forget()
        self.phones.remove(phone)
        for row in list(phone.waiting):
            self.give_up(phone, row.send)

    async def everybody(self) -> None:
        """All phones that are not connected come back."""
        for phone in self.phones:
            if phone.link is None:
                await phone.connect()

    # -- waiting

    async def settle(self) -> bool:
        """Until every outbox is empty, every connected phone stands at the heads and no job waits; False if that does
        not come. Where only jobs wait, time passes; where nothing moves, the heart beats once."""
        before, still, since = None, 0, monotonic()
        while (left := await self._left()) is not None:
            now = self._progress()
            still += 1
            if now != before:
                before, still, since = now, 0, monotonic()
            elif still > PATIENCE and monotonic() > since + LEAST:
                return False
            elif still == PATIENCE // 3 and self.up:
                await self.hub.heart.beat()
                for phone in self.phones:
                    phone.retry()
            if left == "jobs" and still % 20 == 19:
                self.pass_time(2 * LEASE)
            await asyncio.sleep(0.003)
        return True

    def _progress(self) -> Any:
        left = sum(1 for send in self.sends if send.acked or send.refused)
        return left, [sorted(phone.cursors.items()) for phone in self.phones], len(postman.outside.told)

    async def _left(self) -> str | None:
        """What is still to come: `writes`, `frames`, `jobs`, or nothing."""
        if self.rows():
            return "writes"
        connected = [phone for phone in self.phones if phone.link]
        here = {phone.person for phone in connected}
        standing, found, jobs = await self.house.read(record.standing, self.house, here, self.places)
        for phone in connected:
            places = {*self.places} & standing[phone.person] | {phone.person}
            if any(phone.cursors.get(place) != found[place] for place in places):
                return "frames"
        return "jobs" if jobs and not postman.outside.away else None

    # -- the end

    async def judge(self) -> Findings:
        """Everybody comes back, everything is sent, and the checker looks at all of it."""
        self.bell.deaf = False
        self.pass_time(clock.DAY)
        await self.everybody()
        await self.settle()
        found = await record.read(self)
        intents = record.intents(self, found)
        effects = [one for one in postman.outside.told if one.place in self.places]
        devices = {phone.number: phone.has() for phone in self.phones}
        return check(self.sends, found, devices, intents=intents, effects=effects)


@asynccontextmanager
async def inhabited(settings: Settings, seed: int, **more: Any) -> AsyncIterator[World]:
    """A furnished house that is up, with nobody connected; put down afterwards."""
    postman.outside.told.clear()
    postman.outside.away = False
    world = World(settings, seed, **more)
    clock.source = lambda: clock._system() + world.ahead
    try:
        await world.start()
        await world.furnish()
        yield world
    finally:
        await world.stop()
        clock.source = clock._system
