"""Carry the acts out fast: the verbs themselves, one after another, in one transaction, each at its own time.

The writer gives every batch the present time and flushes it to disk; six weeks of a company's life need other times
and one flush. `tests/demo` holds that what this leaves in the record is what `House.perform` leaves.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, delete, insert, select

from intranet.kernel import Answer, House, Installation, Refused, Tx, Write, not_found
from intranet.kernel.tables import Job

from .act import Act, Acts

T = TypeVar("T")


class Hand:
    """Carries out one act after another on the connection of an open transaction."""

    def __init__(self, house: House, conn: Connection, seed: int) -> None:
        self.house, self.conn = house, conn
        self.followers = [follower for room in house.rooms for follower in room.followers]
        self._epoch = str(conn.execute(select(Installation.value).where(Installation.key == "epoch")).scalar_one())
        self._ids = client_ids(seed)
        self._canonical = msgspec.json.Encoder(order="deterministic")

    def all(self, acts: Acts) -> None:
        """Every act, each told what the one before became."""
        answer: Any = None
        while True:
            try:
                act = acts.send(answer)
            except StopIteration:
                return
            try:
                answer = self.one(act)
            except Refused as refusal:
                raise ValueError(f"{act.do} by {act.by.name}: {refusal.code} {dict(act.fields)}") from refusal

    def one(self, act: Act) -> Answer:
        """What `Batch` does with one entry, at the act's time."""
        write = as_write(self.house, act, self._ids())
        verb = self.house.verbs[act.do]
        place = int(write.place) or max(act.by.id, 0)
        loaded = verb.load(self.conn, act.by, write) if verb.load else None
        prepared = verb.prepare(write, loaded) if verb.prepare else None
        tx = Tx(self.conn, self.house.keys, self.house.settings, epoch=self._epoch)
        tx.now = act.at
        tx.lock([place])
        if place and not tx.is_locked(place):
            raise not_found()
        mark = tx.mark()
        tx.enter(act.by, place, prepared, buffering=False)
        extra = verb.run(tx, act.by, write) or {}
        place = int(extra.pop("place", place))
        seq = int(extra.pop("seq", 0)) or tx.last_seq(mark, place)
        if verb.receipt:
            keys = self.house.keys
            tx.receipt(keys.receipt(act.by.id, write.id), keys.digest(self._canonical.encode(write)), place, seq)
        events = tx.events_since(mark)
        for follower in self.followers:
            heard = [event for event in events if event.kind in follower.kinds]
            if heard:
                follower.follow(tx, heard)
        tx.finish()
        return Answer(write.id, place, seq, extra)


def as_write(house: House, act: Act, client_id: str) -> Write:
    """The act as the write of its verb; internal ones too, since the sample company is made by the house itself."""
    write: Write = msgspec.convert({"id": client_id, "do": act.do, **act.fields}, house.verbs[act.do].write)
    return write


def client_ids(seed: int) -> Callable[[], str]:
    """Client ids, the same for the same seed."""
    dice = random.Random(f"{seed} ids")
    return lambda: str(uuid.UUID(int=dice.getrandbits(128), version=4))


WAITING = ("chat.send", "feed.publish", "feed.lapse", "polls.remind", "polls.end")  # jobs that are worth keeping


def note(conn: Connection, facts: dict[str, str], now: int) -> None:
    """Facts about the installation; no pictures left to press, no mails to people who are made up, nothing overdue."""
    conn.execute(insert(Installation), [{"key": key, "value": value} for key, value in facts.items()])
    conn.execute(delete(Job).where(Job.kind.not_in(WAITING) | (Job.run_at <= now)))


async def in_one_transaction(house: House, work: Callable[[Connection], T]) -> T:
    """`work(conn)` on a connection that may write, all of it or nothing. No server runs yet."""
    if house.db.is_sqlite:
        engine = house.db.writing_engine()
        try:
            with engine.connect() as conn:
                return _whole(conn, work)
        finally:
            engine.dispose()
    lanes = house.db.lane_engine(1)
    try:
        async with lanes.connect() as connection:
            return await connection.run_sync(_whole, work)
    finally:
        await lanes.dispose()


def _whole(conn: Connection, work: Callable[[Connection], T]) -> T:
    conn.exec_driver_sql("BEGIN")
    try:
        done = work(conn)
    except BaseException:
        conn.exec_driver_sql("ROLLBACK")
        raise
    conn.exec_driver_sql("COMMIT")
    return done
