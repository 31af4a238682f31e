"""Jobs: in the transaction of their cause, leased, retried with back-off, visible when dead; twice changes nothing."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from intranet.kernel import House, clock, job_write_id, new_id
from intranet.kernel.jobs import LEASE, MOST_ATTEMPTS, Lease, Runner
from intranet.kernel.tables import Job
from tests.kernel import ledger
from tests.kernel.conftest import Books
from tests.kernel.ledger import Enter, Jot, Plan

NOW = 1_800_000_000_000


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock that a test moves."""
    at = {"now": NOW}
    monkeypatch.setattr(clock, "source", lambda: at["now"])
    return at


async def jobs(house: House) -> list[Any]:
    return list(await house.read(lambda conn: conn.execute(select(Job).order_by(Job.id)).all()))


async def test_a_job_runs_once_and_is_gone(books: Books) -> None:
    await books.house.perform(books.ann, Enter(id=new_id(), place=books.first, text="do it"))
    runner = Runner(books.house)
    assert await runner.once() == 1
    assert [payload for _, payload in ledger.done] == [{"line": "do it"}]
    assert await jobs(books.house) == []
    assert await runner.once() == 0


async def test_what_was_refused_leaves_no_job(books: Books) -> None:
    await books.together((books.ann, Enter(id=new_id(), place=books.first, text="refused")))
    assert await jobs(books.house) == []


async def test_a_failing_job_comes_again_later_each_time_and_is_visible_when_dead(
    books: Books, stopped_clock: dict[str, int]
) -> None:
    await books.house.perform(books.ann, Plan(id=new_id(), key="doomed"))
    runner, waits = Runner(books.house), []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        ledger.faults.append(RuntimeError("the mail server said zwkcontent"))
        assert await runner.once() == 1, attempt
        [job] = await jobs(books.house)
        waits.append((job.run_at - clock.now()) // clock.SECOND)
        assert job.attempts == attempt
        assert await runner.once() == 0, "not before its time"
        stopped_clock["now"] = job.run_at
    assert waits == sorted(waits)
    assert waits[:3] == [2, 4, 8]
    [job] = await jobs(books.house)
    assert "RuntimeError" in job.dead
    assert await runner.once() == 0
    assert len(ledger.done) == MOST_ATTEMPTS


async def test_planned_jobs_wait_for_their_time(books: Books, stopped_clock: dict[str, int]) -> None:
    await books.house.perform(books.ann, Plan(id=new_id(), at=NOW + clock.HOUR))
    runner = Runner(books.house)
    assert await runner.once() == 0
    stopped_clock["now"] += clock.HOUR
    assert await runner.once() == 1


async def test_the_same_key_waits_once(books: Books) -> None:
    for _ in range(3):
        await books.house.perform(books.ann, Plan(id=new_id(), key="sweep"))
    assert len(await jobs(books.house)) == 1


async def test_two_nodes_lease_a_job_once_and_a_lost_node_s_job_is_taken_over(
    books: Books, stopped_clock: dict[str, int]
) -> None:
    await books.house.perform(books.ann, Plan(id=new_id()))
    [job] = await jobs(books.house)
    lease = [Lease(id=new_id(), job=job.id, seen=job.run_at) for _ in range(2)]
    told = await asyncio.gather(*(books.house.perform(books.ann, one) for one in lease))
    assert sorted(one.extra["leased"] for one in told) == [False, True]
    runner = Runner(books.house)
    assert await runner.once() == 0, "the other has it"
    stopped_clock["now"] += LEASE
    assert await runner.once() == 1
    assert await jobs(books.house) == []


async def test_running_twice_changes_nothing(books: Books) -> None:
    for _ in range(2):
        said = Jot(id=job_write_id(7, "say"), place=books.first, text="by a job")
        await books.house.perform(books.ann, said)
    assert await books.lines(books.first) == ["by a job"]
    assert job_write_id(7, "say") != job_write_id(7, "other") != job_write_id(8, "other")


async def test_the_runner_starts_at_a_commit_and_stops_when_told(books: Books) -> None:
    runner = Runner(books.house)
    await runner.start()
    await books.house.perform(books.ann, Plan(id=new_id(), key="now"))
    async with asyncio.timeout(5):
        while await jobs(books.house):  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(0.005)
    await runner.stop()
    assert [payload for _, payload in ledger.done] == [{"plan": "now"}]
