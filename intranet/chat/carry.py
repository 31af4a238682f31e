"""What somebody has read stays read when it moves into another conversation.

One marker per conversation can't say "this one but not that one". So a marker only moves up, and only over what its
person has read already: nothing unread is passed over, and naming a topic afterwards makes nothing new for anybody.
"""

from bisect import bisect_right
from collections.abc import Sequence

from sqlalchemy import select

from intranet.channels import Member
from intranet.kernel import AnyRow, Tx

from .models import Marker, Message


def carry_markers(tx: Tx, moved: Sequence[AnyRow], topic: int) -> None:
    """Before rows (seq, topic) move into `topic`: raise its markers over what people have read of them."""
    sources: dict[int, list[int]] = {}
    for row in moved:
        sources.setdefault(row.topic, []).append(row.seq)
    if not sources:
        return
    own = tx.read(
        select(Message.seq).where(Message.channel == tx.place, Message.topic == topic).order_by(Message.seq)
    ).scalars()  # fmt: skip
    streams = {**sources, topic: list(own)}
    everything = sorted(seq for seqs in streams.values() for seq in seqs)
    for person, seen, marks in _markers(tx, list(streams)):
        before = marks.get(topic, seen)
        unread = [_next(seqs, max(marks.get(source, seen), before)) for source, seqs in streams.items()]
        last = _last_below(everything, min(unread))
        if last > before:
            tx.upsert(Marker, {"person": person, "channel": tx.place, "topic": topic, "seq": last}, highest="seq")
            tx.mine(person, f"read/{tx.place}/{topic}")


def _markers(tx: Tx, topics: list[int]) -> list[tuple[int, int, dict[int, int]]]:
    marks: dict[int, dict[int, int]] = {}
    for row in tx.read(select(Marker).where(Marker.channel == tx.place, Marker.topic.in_(topics))):
        marks.setdefault(row.person, {})[row.topic] = row.seq
    members = tx.read(select(Member.person, Member.seen).where(Member.channel == tx.place)).all()
    return [(row.person, row.seen, marks.get(row.person, {})) for row in members]


_NONE = 2**62


def _next(seqs: list[int], after: int) -> int:
    at = bisect_right(seqs, after)
    return seqs[at] if at < len(seqs) else _NONE


def _last_below(seqs: list[int], limit: int) -> int:
    at = bisect_right(seqs, limit - 1)
    return seqs[at - 1] if at else 0
