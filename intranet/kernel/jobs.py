"""The runner of jobs: what must happen outside, leased and finished through the writer, retried, visible when dead."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, delete, select, update

from . import clock
from .house import House, new_id
from .person import SYSTEM, Person
from .room import JobKind, Room, Verb, Write
from .tables import Job
from .tx import Tx

log = structlog.get_logger(__name__)
LEASE = 5 * clock.MINUTE
MOST_ATTEMPTS = 10
LOOK_EVERY = 1.0  # seconds: scheduled jobs become due without a bell


class Lease(Write, tag="kernel.lease"):
    """Take a due job for a while, so that no other node runs it at the same time."""

    job: int
    seen: int  # the run_at that was read: another node's lease moved it


class Finish(Write, tag="kernel.finish"):
    """A job is done, must be tried again, or is given up with a reason."""

    job: int
    until: int  # the end of the lease under which it ran: who has overslept it has no say any more
    error: str = ""
    attempts: int = 0


_LEASE = (
    update(Job).where(Job.id == bindparam("job"), Job.run_at == bindparam("seen"), Job.dead == "")
    .values(run_at=bindparam("until"), attempts=Job.attempts + 1)
)  # fmt: skip


def lease(tx: Tx, _person: Person, write: Lease) -> dict[str, Any]:
    """Whether this process got it."""
    values = {"job": write.job, "seen": write.seen, "until": tx.now + LEASE}
    return {"leased": tx.change(_LEASE, values) == 1, "until": tx.now + LEASE}


def finish(tx: Tx, _person: Person, write: Finish) -> None:
    """Gone when done; later again with back-off; dead after the last attempt."""
    mine = (Job.id == write.job, Job.run_at == write.until)
    if not write.error:
        tx.change(delete(Job).where(*mine))
        return
    dead = write.error if write.attempts >= MOST_ATTEMPTS else ""
    later = tx.now + min(clock.HOUR, clock.SECOND * 2**write.attempts)
    tx.change(update(Job).where(*mine).values(run_at=later, dead=dead))


room = Room(
    "jobs",
    verbs=[
        Verb(Lease, lease, receipt=False, internal=True),
        Verb(Finish, finish, receipt=False, internal=True),
    ],
)


class Runner:
    """Looks for due jobs when one was committed, and once a second."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.kinds: dict[str, JobKind] = {kind.name: kind for room in house.rooms for kind in room.jobs}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._over = False
        house.listen(self._committed)

    def _committed(self, _moved: set[int], announced: list[tuple[str, Any]]) -> None:
        if any(name == "job" for name, _ in announced):
            self._wake.set()

    async def start(self) -> None:
        """Begin to look."""
        self._over = False
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Stop looking; a job under way is cut off and will be run again when its lease ends."""
        self._over = True  # said as well as cancelled: what a job calls may swallow the cancellation
        self._wake.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while not self._over:
            try:
                if not await self.once():
                    await self._sleep()
            except Exception:
                log.exception("looking for jobs failed")
                await asyncio.sleep(LOOK_EVERY)

    async def _sleep(self) -> None:
        if self._over:
            return
        self._wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):  # not wait_for: in 3.11 it can swallow the cancellation of `stop`
                await self._wake.wait()

    async def once(self) -> int:
        """Run what is due now; how many."""
        due = await self.house.read_hot(_due, clock.now(), list(self.kinds))
        for job in due:
            await self._run(*job)
        return len(due)

    async def _run(self, job: int, kind: str, payload: str, run_at: int, attempts: int) -> None:
        answer = await self.house.perform(SYSTEM, Lease(id=new_id(), job=job, seen=run_at))
        if not answer.extra["leased"]:
            return
        error = ""
        try:
            await self.kinds[kind].run(self.house, json.loads(payload), job)
        except Exception as failed:
            log.exception("job failed", kind=kind, job=job, attempts=attempts + 1)
            error = f"{type(failed).__name__}: {failed}"[:500]
        done = Finish(id=new_id(), job=job, until=answer.extra["until"], error=error, attempts=attempts + 1)
        await self.house.perform(SYSTEM, done)


def _due(conn: Connection, now: int, kinds: list[str]) -> list[tuple[int, str, str, int, int]]:
    """What this code knows how to do; a job of a newer node's kind is left to such a node."""
    rows = conn.execute(
        select(Job.id, Job.kind, Job.payload, Job.run_at, Job.attempts)
        .where(Job.dead == "", Job.run_at <= now, Job.kind.in_(kinds)).order_by(Job.run_at, Job.id).limit(50)
    )  # fmt: skip
    return [(row.id, row.kind, row.payload, row.run_at, row.attempts) for row in rows]


__all__ = ["Finish", "Lease", "Runner", "room"]
