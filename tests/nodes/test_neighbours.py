"""Nodes on one database, in one process: who fits, who goes first, what an older one makes of a newer one's record."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, func, insert, select, update

from intranet.app import ROOMS
from intranet.chat.models import Message
from intranet.chat.writes import Post
from intranet.hub import catchup
from intranet.kernel import SYSTEM, Event, House, JobKind, Refused, clock, heads, new_id
from intranet.kernel.config import Settings
from intranet.kernel.jobs import Lease, Runner
from intranet.kernel.tables import Job, Receipt
from intranet.people import throttle
from intranet.people.writes import RevokeSession
from tests import cast
from tests.databases import on_database


@pytest.fixture
async def two(settings: Settings) -> AsyncIterator[tuple[House, House]]:
    """Two houses on one database; on SQLite only the tests that one process may do twice."""
    houses = House(settings, ROOMS), House(settings, ROOMS)
    for house in houses:
        await house.start()
    yield houses
    for house in houses:
        await house.stop()


def seqs_of(conn: Connection, place: int) -> list[int]:
    return list(conn.execute(select(Event.seq).where(Event.place == place).order_by(Event.seq)).scalars())


@pytest.mark.engine("postgres")
async def test_writers_of_two_nodes_give_one_order_and_take_each_write_once(two: tuple[House, House]) -> None:
    one, other = two
    people = [await cast.person(one, f"Kollege {number}") for number in range(8)]
    places = [await cast.channel(one, people[0], f"Kanal {number}", members=people) for number in range(3)]
    writes = [
        (who, Post(id=new_id(), place=place, text=f"{who.id} {number}"))
        for number in range(6) for who in people for place in places
    ]  # fmt: skip
    # every write at both nodes at once, as a device sends again what it has heard nothing of
    told = await asyncio.gather(*(house.perform(*write) for write in writes for house in (one, other)))
    for first, second in zip(told[::2], told[1::2], strict=True):
        assert (first.place, first.seq) == (second.place, second.seq)
        assert first.repeat is not second.repeat, "one of them did it"
    for place in places:
        seqs = await other.read(seqs_of, place)
        assert seqs == list(range(1, len(seqs) + 1))
        assert (await one.read(heads, [place]))[place][1] == len(seqs)
    kept = await one.read(lambda conn: conn.execute(select(func.count()).select_from(Message)).scalar_one())
    assert kept == len(writes)
    receipts = [one.keys.receipt(who.id, write.id) for who, write in writes]
    found = await one.read(
        lambda conn: conn.execute(select(func.count()).where(Receipt.key.in_(receipts))).scalar_one()
    )
    assert found == len(writes)


@pytest.mark.engine("postgres")
async def test_what_ends_at_one_node_is_over_for_the_writer_of_the_other(two: tuple[House, House]) -> None:
    one, other = two
    jana = await cast.person(one, "Jana Reuter")
    place = await cast.channel(one, jana, "Service")
    secret = await cast.session_secret(one, jana)
    assert other.authenticate
    device = await other.read(other.authenticate, "cookie", secret)
    assert device
    await other.perform(device, Post(id=new_id(), place=place, text="noch da"))
    await one.perform(jana, RevokeSession(id=new_id(), session=device.session))
    with pytest.raises(Refused) as refused:  # its open socket may not have heard of it yet
        await other.perform(device, Post(id=new_id(), place=place, text="schon weg"))
    assert refused.value.status == 401


@pytest.mark.engine("postgres")
async def test_tries_count_on_all_nodes_together(two: tuple[House, House]) -> None:
    account = "jana@quellmoor.example"
    writes = [throttle.Try(id=new_id(), purpose="sign-in", account=account) for _ in range(throttle.PER_ACCOUNT)]
    await asyncio.gather(*(two[number % 2].perform(SYSTEM, write) for number, write in enumerate(writes)))
    for house in two:
        with pytest.raises(Refused, match="too-many-tries"):
            await house.perform(SYSTEM, msgspec.structs.replace(writes[0], id=new_id()))


@pytest.mark.engine("postgres")
async def test_nodes_go_by_the_database_s_clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "source", clock._system)
    true = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: true + 3600 * 10**9)
    house = House(settings, ROOMS)
    assert clock.now() > true // 10**6 + clock.HOUR - 1
    await house.start()
    assert abs(clock.now() - true // 10**6) < clock.MINUTE
    await house.stop()


async def test_who_overslept_its_lease_changes_nothing_and_leaves_what_it_does_not_know(home: House) -> None:
    taken: list[int] = []

    async def slow(house: House, _payload: Any, job: int) -> None:
        """While it runs its lease ends, and another node takes the job and is still at it."""
        over = update(Job).where(Job.id == job).values(run_at=2)
        await on_database(home.settings, lambda conn: conn.execute(over))
        answer = await house.perform(SYSTEM, Lease(id=new_id(), job=job, seen=2))
        taken.append(answer.extra["until"])

    runner = Runner(home)
    runner.kinds = {"test.slow": JobKind("test.slow", slow)}
    job = {"payload": "{}", "run_at": 1, "key": None, "attempts": 0, "dead": ""}
    jobs = [{"kind": kind, **job} for kind in ("test.slow", "test.newer")]
    await on_database(home.settings, lambda conn: conn.execute(insert(Job), jobs))
    assert await runner.once() == 1
    left = await home.read(lambda conn: conn.execute(select(Job.kind, Job.attempts, Job.run_at).order_by(Job.id)).all())
    assert left == [("test.slow", 2, taken[0]), ("test.newer", 0, 1)]


async def test_an_older_node_passes_by_what_a_newer_one_records(home: House) -> None:
    jana = await cast.person(home, "Jana Reuter")
    place = await cast.channel(home, jana, "Service")
    epoch, start = (await home.read(heads, [place]))[place]
    await cast.say(home, jana, place, "gestern")
    older = House(home.settings, [room for room in ROOMS if room.name not in ("chat", "polls", "feed")])
    for dialect in ("json", catchup.html("de")):
        page = await older.read(catchup.frames_after, older, place, (epoch, start), {dialect})
        assert (page.end, page.complete) == (start + 1, True)
        assert [(entry.end, entry.empty) for entry in page.entries] == [(start + 1, True)]
    mine = await older.read(catchup.mine_after, older, jana.id, (epoch, 0))
    assert mine.complete
    await older.db.close()
