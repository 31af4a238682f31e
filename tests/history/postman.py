"""A room that tells people outside of what is posted, as push and mail will: a job for each, in the post's transaction.

The outside world is a list that survives every crash of the house; it can be out of reach for a while.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from sqlalchemy import Connection, select

from bench.history import Effect
from intranet.channels.models import Member
from intranet.chat.models import Message
from intranet.kernel import Follower, House, JobKind, Logged, Room, Tx


@dataclass
class Outside:
    """Where pushes arrive."""

    told: list[Effect] = field(default_factory=list)
    away: bool = False


outside = Outside()


def follow(tx: Tx, events: Sequence[Logged]) -> None:
    """One job for each reader but the author."""
    for event in events:
        seq = int(event.subject.rpartition("-")[2])
        readers = tx.read(select(Member.person).where(Member.channel == event.place, Member.person != event.actor))
        for person in list(readers.scalars()):
            tx.job("postman.push", {"place": event.place, "seq": seq, "person": person})


async def push(house: House, payload: dict[str, Any], job: int) -> None:
    """Tell it, if the message still stands and its reader is still in."""
    if outside.away:
        raise ConnectionRefusedError("the push service is away")
    write = await house.read(_due, payload)
    if write is not None:
        outside.told.append(Effect(f"job {job}", payload["person"], payload["place"], write, monotonic()))


def _due(conn: Connection, payload: dict[str, Any]) -> str | None:
    place, seq = payload["place"], payload["seq"]
    inside = select(Member.person).where(Member.channel == place, Member.person == payload["person"])
    if conn.execute(inside).first() is None:
        return None
    said = select(Message.write).where(Message.channel == place, Message.seq == seq, Message.deleted == 0)
    found = conn.execute(said).scalar()
    return None if found is None else str(found)


room = Room(
    "postman",
    followers=[Follower(frozenset({"chat.posted"}), follow)],
    jobs=[JobKind("postman.push", push)],
)
