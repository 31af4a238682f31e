"""What can be done with topics: name, move, merge, close and reopen. Anyone in the channel may, guests excepted."""

from typing import Any

from sqlalchemy import bindparam, delete, select, update

from intranet.channels import may_write
from intranet.kernel import Person, Refused, Tx, not_found

from .access import own_seq, topic_in
from .models import Marker, Message, Topic
from .writes import MOST_MOVED, TopicClose, TopicMerge, TopicMove, TopicRename, clean_topic

OPEN_TOPIC = (
    update(Topic).where(Topic.channel == bindparam("c"), Topic.id == bindparam("t"))
    .values(closed=0, rev=bindparam("r"))
)  # fmt: skip


def rename(tx: Tx, person: Person, write: TopicRename) -> None:
    """Raises Refused 404, 403, 422, 409 when another topic has that name."""
    _may(tx, person)
    row, name = topic_in(tx.conn, tx.place, write.topic), clean_topic(write.name)
    other = tx.read(select(Topic.id).where(Topic.channel == tx.place, Topic.key == name.casefold())).scalar()
    if other not in (None, row.id):
        raise Refused(409, "topic-taken", name=name)
    seq = tx.record(tx.place, "chat.topic_renamed", f"t-{tx.place}-{row.id}", person.id)
    tx.change(_this(tx, row.id).values(name=name, key=name.casefold(), rev=seq))


def close(tx: Tx, person: Person, write: TopicClose) -> None:
    """Raises Refused 404, 403."""
    _may(tx, person)
    row = topic_in(tx.conn, tx.place, write.topic)
    kind = "chat.topic_closed" if write.closed else "chat.topic_reopened"
    seq = tx.record(tx.place, kind, f"t-{tx.place}-{row.id}", person.id)
    tx.change(_this(tx, row.id).values(closed=tx.now if write.closed else 0, rev=seq))


def move(tx: Tx, person: Person, write: TopicMove) -> dict[str, Any]:
    """Raises Refused 404, 403, 422."""
    since = _may(tx, person)
    if not write.messages or len(write.messages) > MOST_MOVED:
        raise Refused(422, "too-many-messages", limit=MOST_MOVED)
    seqs = sorted({own_seq(tx, person, ref) for ref in write.messages})
    topic = named(tx, person, write.topic_name) if write.topic_name else write.topic
    if topic and not write.topic_name:
        topic_in(tx.conn, tx.place, topic)
    rows = tx.read(
        select(Message.seq).where(
            Message.channel == tx.place, Message.seq.in_(seqs), Message.seq >= since, Message.deleted == 0
        )
    ).all()
    if len(rows) != len(seqs):
        raise not_found()
    _move(tx, person, seqs, topic)
    return {"topic": topic}


def merge(tx: Tx, person: Person, write: TopicMerge) -> None:
    """Raises Refused 404, 403, 422."""
    _may(tx, person)
    row, into = topic_in(tx.conn, tx.place, write.topic), topic_in(tx.conn, tx.place, write.into)
    if row.id == into.id:
        raise Refused(422, "malformed", reason="into")
    seqs = list(tx.read(select(Message.seq).where(Message.channel == tx.place, Message.topic == row.id)).scalars())
    if len(seqs) > MOST_MOVED:
        raise Refused(422, "too-many-messages", limit=MOST_MOVED)
    _move(tx, person, sorted(seqs), into.id)
    tx.change(delete(Topic).where(Topic.channel == tx.place, Topic.id == row.id))
    tx.change(delete(Marker).where(Marker.channel == tx.place, Marker.topic == row.id))
    tx.record(tx.place, "chat.topic_merged", f"t-{tx.place}-{row.id}", person.id)


def named(tx: Tx, person: Person, name: str) -> int:
    """The topic of this name in the write's channel, made if there is none; a closed one opens again."""
    clean = clean_topic(name)
    row = tx.read(select(Topic).where(Topic.channel == tx.place, Topic.key == clean.casefold())).first()
    if row is not None:
        return reopened(tx, person, row)
    topic = tx.record(tx.place, "chat.topic_made", f"t-{tx.place}-{tx.next_seq(tx.place)}", person.id)
    tx.add(Topic, {
        "channel": tx.place, "id": topic, "name": clean, "key": clean.casefold(), "made": tx.now, "closed": 0,
        "rev": topic,
    })  # fmt: skip
    return topic


def reopened(tx: Tx, person: Person, row: Any) -> int:
    """A new message opens a closed topic again."""
    if row.closed:
        seq = tx.record(tx.place, "chat.topic_reopened", f"t-{tx.place}-{row.id}", person.id)
        tx.change_later(OPEN_TOPIC, {"c": tx.place, "t": row.id, "r": seq})
    return int(row.id)


def _may(tx: Tx, person: Person) -> int:
    row = may_write(tx, person, tx.place)
    if person.is_guest:
        raise Refused(403, "not-allowed")
    return int(row.since)


def _this(tx: Tx, topic: int) -> Any:
    return update(Topic).where(Topic.channel == tx.place, Topic.id == topic)


def _move(tx: Tx, person: Person, seqs: list[int], topic: int) -> None:
    for seq in seqs:
        rev = tx.record(tx.place, "chat.moved", f"m-{tx.place}-{seq}", person.id)
        tx.change(update(Message).where(Message.channel == tx.place, Message.seq == seq).values(topic=topic, rev=rev))
