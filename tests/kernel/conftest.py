"""A house with the ledger alone, and its writer's batch by hand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from intranet.kernel import SYSTEM, House, Person, Write, new_id, turns
from intranet.kernel import jobs as kernel_jobs
from intranet.kernel.batch import Batch
from intranet.kernel.config import Settings
from intranet.kernel.outcome import Entry, Outcome
from tests.databases import on_database
from tests.kernel import ledger


@dataclass
class Books:
    """Ann and Bo have places of their own, and there are two books that both may read."""

    house: House
    ann: Person
    bo: Person
    first: int
    second: int
    moved: set[int] = field(default_factory=set)
    announced: list[tuple[str, Any]] = field(default_factory=list)

    def entry(self, person: Person, write: Write) -> Entry:
        """As `House.perform` queues it."""
        verb, keys = self.house.verbs[str(write.__struct_config__.tag)], self.house.keys
        place = write.place if isinstance(write.place, int) else 0
        digest = keys.digest(self.house._canonical.encode(write))
        return Entry(person, write, verb, place or person.id, None, keys.receipt(person.id, write.id), digest, print)

    def batch(self) -> Batch:
        """The writer's, of the running house."""
        batch: Batch = self.house.writer.batch  # type: ignore[union-attr]
        return batch

    async def together(self, *writes: tuple[Person, Write]) -> list[Outcome]:
        """All in one batch; where time is up, in the next ones."""
        entries, outcomes = [self.entry(*one) for one in writes], []
        while len(outcomes) < len(entries):
            some = await self._run(entries[len(outcomes) :])
            outcomes += some
        return outcomes

    async def _run(self, entries: list[Entry]) -> list[Outcome]:
        db = self.house.db
        if db.is_sqlite:
            engine = db.writing_engine()
            with engine.connect() as conn:
                outcomes, self.moved, self.announced = self.batch().run(conn, entries)
            engine.dispose()
            return outcomes
        lanes = db.lane_engine(1)
        async with lanes.connect() as connection:
            outcomes, self.moved, self.announced = await connection.run_sync(self.batch().run, entries)
        await lanes.dispose()
        return outcomes

    async def lines(self, place: int) -> list[str]:
        return await self.house.read(ledger.lines, place)


async def people_and_books(house: House) -> tuple[int, int, int, int]:
    """Two people's places, then two books that they may read."""
    opened: list[list[int]] = [[], [], [1, 2], [1, 2]]
    ann, bo, first, second = [
        (await house.perform(SYSTEM, ledger.Open(id=new_id(), people=people))).place for people in opened
    ]
    return ann, bo, first, second


@pytest.fixture
async def books(settings: Settings) -> AsyncIterator[Books]:
    """A running house on a database of its own."""
    await on_database(settings, ledger.make_tables)
    house = House(settings, [ledger.room, kernel_jobs.room])
    await house.start()
    ann, bo, first, second = await people_and_books(house)
    yield Books(house, Person(ann, "Ann"), Person(bo, "Bo"), first, second)
    await house.stop()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is handed over together is one batch, however slow the machine."""
    monkeypatch.setattr(turns, "MOST_SECONDS", 60)


@pytest.fixture(autouse=True)
def clean_ledger() -> None:
    """Nothing of an earlier test."""
    for kept in (ledger.followed, ledger.waits, ledger.done, ledger.faults):
        kept.clear()
