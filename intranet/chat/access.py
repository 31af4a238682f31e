"""Which messages a person reads: those of channels they are in, from the seq their history begins at."""

from sqlalchemy import Connection, select

from intranet.channels import may_write
from intranet.kernel import AnyRow, Person, Refused, Subject, Tx, not_found

from .models import Message, Topic


def own_seq(tx: Tx, person: Person, ref: Subject) -> int:
    """The seq that a reference means: itself, or what an earlier write of this person became. Raises Refused 422."""
    if isinstance(ref, int):
        return ref
    if ref.isdigit():
        return int(ref)
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


def topic_in(conn: Connection, channel: int, topic: int) -> AnyRow:
    """A topic of the channel. Raises Refused 404."""
    row = conn.execute(select(Topic).where(Topic.channel == channel, Topic.id == topic)).first()
    if row is None:
        raise not_found()
    return row
