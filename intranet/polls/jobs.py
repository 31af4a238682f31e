"""What happens beside the record: keys are made, polls end at their time, reminders go out."""

import asyncio
from typing import Any

from sqlalchemy import Connection, select

from intranet.kernel import SYSTEM, AnyRow, House, JobKind, job_write_id, new_id

from .keyring import Keyring
from .models import Poll
from .sealing import new_key, public_of
from .writes import Again, End, Publish, Remind


class LogInUse(Exception):
    """Somebody is still reading from the write-ahead log: it is emptied at the next try."""


async def make_key(house: House, payload: dict[str, Any], job: int) -> None:
    """A poll without names gets its key pair: the private key on disk first, then the public one in the poll."""
    row = await house.read(_row, payload["poll"])
    if row is None or row.closed or row.public or row.again != payload["again"]:
        return
    key = new_key()
    await asyncio.to_thread(Keyring(house.folder).put, row.id, key)
    write = Publish(id=job_write_id(job, new_id()), place=row.place, poll=row.id, public=public_of(key))
    await house.perform(SYSTEM, write)


async def end_poll(house: House, payload: dict[str, Any], job: int) -> None:
    """The deadline, or an early close of a poll without names. Run twice it only cleans up."""
    keys = Keyring(house.folder)
    row = await house.read(_row, payload["poll"])
    if row is None:
        await asyncio.to_thread(keys.destroy, payload["poll"])
        return
    if not row.closed:
        if row.deadline != payload["at"]:
            return
        key = await _key_of(keys, row) if row.anonymous else b""
        if key is None:
            await house.perform(SYSTEM, Again(id=new_id(), place=row.place, poll=row.id))
            return
        await house.perform(SYSTEM, End(id=new_id(), place=row.place, poll=row.id, key=key))
    if row.anonymous:
        await clean_up(house, row.id)


async def clean_up(house: House, poll: int) -> None:
    """After the close: no box in the write-ahead log, no key anywhere. Raises LogInUse when it is to be tried again."""
    emptied = await house.truncate_log()
    await asyncio.to_thread(Keyring(house.folder).destroy, poll)
    if not emptied:
        raise LogInUse


async def remind(house: House, payload: dict[str, Any], job: int) -> None:
    """Before the end."""
    row = await house.read(_row, payload["poll"])
    if row is not None and not row.closed and row.deadline == payload["at"]:
        await house.perform(SYSTEM, Remind(id=job_write_id(job), place=row.place, poll=row.id))


async def look_after(house: House) -> None:
    """When a process begins: open polls without their key begin again, keys without an open poll go."""
    keys = Keyring(house.folder)
    there = await asyncio.to_thread(keys.polls)
    rows = await house.read(_open)
    for row in rows:
        if await _key_of(keys, row) is None:
            await house.perform(SYSTEM, Again(id=new_id(), place=row.place, poll=row.id))
    for poll in there - {row.id for row in rows}:
        await asyncio.to_thread(keys.destroy, poll)


async def _key_of(keys: Keyring, row: AnyRow) -> bytes | None:
    """The private key, if it is the one of this poll's public key."""
    key = await asyncio.to_thread(keys.get, row.id)
    return key if key is not None and public_of(key) == row.public else None


def _row(conn: Connection, poll: int) -> AnyRow | None:
    return conn.execute(select(Poll).where(Poll.id == poll)).first()


def _open(conn: Connection) -> list[AnyRow]:
    """Open polls without names that have a key; those without one still have the job that makes it."""
    which = (Poll.anonymous == 1, Poll.closed == 0, Poll.public != "")
    return list(conn.execute(select(Poll).where(*which)).all())


JOBS = [
    JobKind("polls.key", make_key), JobKind("polls.end", end_poll), JobKind("polls.remind", remind),
]  # fmt: skip
