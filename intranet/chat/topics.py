"""What can be done with topics: name, move, merge, close and reopen. Anyone in the channel may, guests excepted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from intranet.channels import may_write
from intranet.kernel import AnyRow, Person, Refused, Tx, not_found

from .access import own_seq, topic_in
from .carry import carry_markers
from .models import Marker, Message, Topic
from .writes import MOST_MOVED, TopicClose, TopicMerge, TopicMove, TopicRename, clean_result, clean_topic

_OPEN = (
    update(Topic).where(Topic.channel == bindparam("c"), Topic.id == bindparam("t"))
    .values(closed=0, closer=0, result="", rev=bindparam("r"))
)  # fmt: skip
_MOVE = (
    update(Message).where(Message.channel == bindparam("c"), Message.seq == bindparam("s"))
    .values(topic=bindparam("t"), rev=bindparam("r"))
)  # fmt: skip


def rename(tx: Tx, person: Person, write: TopicRename) -> dict[str, Any]:
    """Raises Refused 404, 403, 422, 409 when another topic has that name."""
    row, name = topic_in(tx.conn, _may(tx, person), write.topic), clean_topic(write.name)
    other = tx.read(select(Topic.id).where(Topic.channel == tx.place, Topic.key == name.casefold())).scalar()
    if other not in (None, row.id):
        raise Refused(409, "topic-taken", name=name)
    seq = tx.record(tx.place, "chat.topic_renamed", topic_id(tx.place, row.id), person.id)
    tx.change(_this(tx, row.id).values(name=name, key=name.casefold(), rev=seq))
    return {"topic": row.id}


def close(tx: Tx, person: Person, write: TopicClose) -> dict[str, Any]:
    """Done, with what came of it, or open again. Raises Refused 404, 403, 422."""
    row = topic_in(tx.conn, _may(tx, person), write.topic)
    kind = "chat.topic_closed" if write.closed else "chat.topic_reopened"
    state = {"closed": 0, "closer": 0, "result": ""}
    if write.closed:
        state = {"closed": tx.now, "closer": person.id, "result": clean_result(write.result)}
    seq = tx.record(tx.place, kind, topic_id(tx.place, row.id), person.id)
    tx.change(_this(tx, row.id).values(**state, rev=seq))
    return {"topic": row.id}


def move(tx: Tx, person: Person, write: TopicMove) -> dict[str, Any]:
    """Raises Refused 404, 403, 422."""
    channel = _may(tx, person)
    if not write.messages or len(write.messages) > MOST_MOVED:
        raise Refused(422, "too-many-messages", limit=MOST_MOVED)
    seqs = {own_seq(tx, person, ref) for ref in write.messages}
    rows = tx.read(
        select(Message.seq, Message.topic).where(
            Message.channel == tx.place, Message.seq.in_(seqs), Message.seq >= channel.since, Message.deleted == 0
        ).order_by(Message.seq)
    ).all()  # fmt: skip
    if len(rows) != len(seqs):
        raise not_found()
    if write.topic_name:
        topic = named(tx, person, write.topic_name)
    else:
        topic = reopened(tx, person, topic_in(tx.conn, channel, write.topic)) if write.topic else 0
    _move(tx, person, [row for row in rows if row.topic != topic], topic)
    return {"topic": topic}


def merge(tx: Tx, person: Person, write: TopicMerge) -> dict[str, Any]:
    """All of one topic into another; the first one's address leads there from now on. Raises Refused 404, 403, 422."""
    channel = _may(tx, person)
    row, into = topic_in(tx.conn, channel, write.topic), topic_in(tx.conn, channel, write.into)
    if row.id == into.id:
        raise Refused(422, "malformed", reason="into")
    rows = tx.read(
        select(Message.seq, Message.topic).where(Message.channel == tx.place, Message.topic == row.id)
        .order_by(Message.seq).limit(MOST_MOVED + 1)
    ).all()  # fmt: skip
    if len(rows) > MOST_MOVED:
        raise Refused(422, "too-many-messages", limit=MOST_MOVED)
    _move(tx, person, rows, reopened(tx, person, into))
    tx.change(delete(Marker).where(Marker.channel == tx.place, Marker.topic == row.id))
    seq = tx.record(tx.place, "chat.topic_merged", topic_id(tx.place, row.id), person.id)
    tx.change(
        update(Topic).where(Topic.channel == tx.place, (Topic.id == row.id) | (Topic.merged_into == row.id))
        .values(merged_into=into.id)
    )  # fmt: skip
    # No name that somebody types begins with a blank: the merged topic's own is free again.
    tx.change(_this(tx, row.id).values(key=f" {row.id}", rev=seq))
    return {"topic": into.id}


# -- for posting too


def topic_id(channel: int, topic: int) -> str:
    """The element id of a topic, which is also its events' subject."""
    return f"t-{channel}-{topic}"


def named(tx: Tx, person: Person, name: str) -> int:
    """The topic of this name in the write's channel, made if there is none; a closed one opens again."""
    clean = clean_topic(name)
    row = tx.read(select(Topic).where(Topic.channel == tx.place, Topic.key == clean.casefold())).first()
    if row is not None:
        return reopened(tx, person, row)
    topic = tx.record(tx.place, "chat.topic_made", topic_id(tx.place, tx.next_seq(tx.place)), person.id)
    tx.add(Topic, {
        "channel": tx.place, "id": topic, "name": clean, "key": clean.casefold(), "made": tx.now, "closed": 0,
        "closer": 0, "result": "", "merged_into": 0, "rev": topic,
    })  # fmt: skip
    return topic


def reopened(tx: Tx, person: Person, row: AnyRow) -> int:
    """A new message opens a closed topic again."""
    if row.closed:
        seq = tx.record(tx.place, "chat.topic_reopened", topic_id(tx.place, row.id), person.id)
        tx.change_later(_OPEN, {"c": tx.place, "t": row.id, "r": seq})
    return int(row.id)


# -- parts


def _may(tx: Tx, person: Person) -> AnyRow:
    row = may_write(tx, person, tx.place)
    if person.is_guest:
        raise Refused(403, "not-allowed")
    return row


def _this(tx: Tx, topic: int) -> Any:
    return update(Topic).where(Topic.channel == tx.place, Topic.id == topic)


def _move(tx: Tx, person: Person, rows: Sequence[AnyRow], topic: int) -> None:
    """Markers first, while it can be seen who has read what where."""
    carry_markers(tx, rows, topic)
    for row in rows:
        rev = tx.record(tx.place, "chat.moved", f"m-{tx.place}-{row.seq}", person.id)
        tx.change_later(_MOVE, {"c": tx.place, "s": row.seq, "t": topic, "r": rev})
