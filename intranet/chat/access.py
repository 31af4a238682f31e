"""Which messages a person reads: those of channels they are in, from the seq their history begins at."""

from typing import Any

from sqlalchemy import Connection, exists, or_, select

from intranet.channels import may_write
from intranet.kernel import AnyRow, Person, Refused, Subject, Tx, not_found, number

from .models import Message, Topic


def own_seq(tx: Tx, person: Person, ref: Subject) -> int:
    """The seq that a reference means: itself, or what an earlier write of this person became. Raises Refused 422."""
    if isinstance(ref, int):
        return ref
    if (seq := number(ref)) is not None:
        return seq
    found = tx.resolve(person, ref)
    if found is None or found[0] != tx.place:
        raise Refused(422, "place-missing")
    return found[1]


def writable(tx: Tx, person: Person, ref: Subject) -> AnyRow:
    """A message that the person reads, in a channel they may write in now. Raises Refused 404, 403."""
    channel = may_write(tx, person, tx.place)
    row = tx.read(select(Message).where(Message.channel == tx.place, Message.seq == own_seq(tx, person, ref))).first()
    if row is None or row.deleted or row.seq < channel.since:
        raise not_found()
    return row


def topic_in(conn: Connection, channel: AnyRow, topic: int) -> AnyRow:
    """A topic of a channel one is inside, or the one it was merged into. Raises Refused 404."""
    row = conn.execute(select(Topic).where(Topic.channel == channel.id, Topic.id == topic)).first()
    if row is not None and row.merged_into:
        row = conn.execute(select(Topic).where(Topic.channel == channel.id, Topic.id == row.merged_into)).first()
    if row is None or not (row.id >= channel.since or _is_seen(conn, channel, row.id)):
        raise not_found()
    return row


def seen_topics(channel: AnyRow) -> Any:
    """The condition for topics the person knows of: in channels whose history begins at joining, those with
    something to read in them and those made since."""
    here = (Topic.channel == channel.id) & (Topic.merged_into == 0)
    if not channel.since:
        return here
    readable = exists().where(Message.channel == channel.id, Message.topic == Topic.id, Message.seq >= channel.since)
    return here & or_(Topic.id >= channel.since, readable)


def _is_seen(conn: Connection, channel: AnyRow, topic: int) -> bool:
    here = (Message.channel == channel.id, Message.topic == topic, Message.seq >= channel.since)
    return conn.execute(select(Message.seq).where(*here).limit(1)).first() is not None
