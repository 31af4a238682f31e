"""What is new for one person: counts per conversation, mentions, and what their devices keep in step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select

from intranet import people
from intranet.channels import Member
from intranet.kernel import AnyRow, Logged, Person, Tx, once

from .models import Draft, Marker, Mention, Message, Reaction, Scheduled


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is new in one conversation."""

    channel: int
    topic: int
    count: int
    mentions: int
    first: int  # seq of the first unread message
    last: int


def _marker() -> Any:
    return func.coalesce(Marker.seq, Member.seen)


def _unread(person: int) -> Any:
    """Messages of others above the marker, in channels the person is in and may read."""
    return (
        select(Message.channel, Message.topic, Message.seq)
        .join(Member, (Member.channel == Message.channel) & (Member.person == person))
        .outerjoin(
            Marker,
            (Marker.person == person) & (Marker.channel == Message.channel) & (Marker.topic == Message.topic),
        )
        .where(
            Message.author != person, Message.deleted == 0, Message.seq > _marker(), Message.seq >= Member.since,
            Member.hidden == 0,
        )
    )  # fmt: skip


def fresh(conn: Connection, person: Person) -> Sequence[Fresh]:
    """Conversations with something new, mentions first, then the newest. Three queries, once in a reading."""
    return once(conn, ("chat.fresh", person.id), lambda: _fresh(conn, person))


def _fresh(conn: Connection, person: Person) -> tuple[Fresh, ...]:
    new = _unread(person.id).subquery()
    rows = conn.execute(
        select(
            new.c.channel, new.c.topic, func.count().label("n"), func.min(new.c.seq).label("first"),
            func.max(new.c.seq).label("last"),
        ).group_by(new.c.channel, new.c.topic)
    ).all()  # fmt: skip
    mentioned = _mentioned(conn, person, new) if rows else {}
    found = [
        Fresh(row.channel, row.topic, row.n, mentioned.get((row.channel, row.topic), 0), row.first, row.last)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.mentions == 0, -one.last)))


def targets(conn: Connection, person: int) -> list[str]:
    """What names this person: themselves, their teams, everybody."""
    return [str(person), "all", *(f"t{team.id}" for team in people.teams_of(conn, person))]


def _mentioned(conn: Connection, person: Person, new: Any) -> dict[tuple[int, int], int]:
    rows = conn.execute(
        select(new.c.channel, new.c.topic, func.count(func.distinct(new.c.seq)))
        .join(Mention, (Mention.channel == new.c.channel) & (Mention.seq == new.c.seq))
        .where(Mention.target.in_(targets(conn, person.id)))
        .group_by(new.c.channel, new.c.topic)
    )
    return {(channel, topic): n for channel, topic, n in rows}


def markers(conn: Connection, person: int, channel: AnyRow) -> dict[int, int]:
    """The person's markers by topic in a channel they are inside; -1 is the one of conversations never opened."""
    rows = conn.execute(select(Marker.topic, Marker.seq).where(Marker.person == person, Marker.channel == channel.id))
    return {-1: channel.seen, **{row.topic: row.seq for row in rows}}


# -- mine: what the reader's own devices put on the page


def mine(conn: Connection, person: int, keys: Sequence[str]) -> dict[str, Any]:
    """`read/17/4`: seq; `react/m-17-482`: own emoji; `draft/17/4`; `sched/9`."""
    found: dict[str, Any] = {}
    parts = [(key, key.split("/")) for key in keys]
    if read := [(key, rest) for key, (kind, *rest) in parts if kind == "read" and len(rest) == 2]:
        found.update(_read(conn, person, read))
    if reacted := [key for key, (kind, *_rest) in parts if kind == "react"]:
        found.update(reacted_by(conn, person, [key.removeprefix("react/") for key in reacted]))
    if drafts := [(key, rest) for key, (kind, *rest) in parts if kind == "draft" and len(rest) == 2]:
        found.update(_drafts(conn, person, drafts))
    if [key for key, (kind, *_rest) in parts if kind == "sched"]:
        found.update(_scheduled(conn, person))
    return {key: found.get(key) for key in keys}


def _read(conn: Connection, person: int, keys: Sequence[tuple[str, list[str]]]) -> dict[str, int]:
    channels = {int(rest[0]) for _key, rest in keys}
    rows = conn.execute(select(Marker).where(Marker.person == person, Marker.channel.in_(channels)))
    return {f"read/{row.channel}/{row.topic}": row.seq for row in rows}


def reacted_by(conn: Connection, person: int, ids: Sequence[str]) -> dict[str, list[str]]:
    """The person's own emoji on these messages (element ids), all of one channel or of few. One query a channel."""
    wanted: dict[int, list[int]] = {}
    for one in ids:
        _m, place, seq = one.split("-")
        wanted.setdefault(int(place), []).append(int(seq))
    found: dict[str, list[str]] = {}
    for channel, seqs in wanted.items():
        rows = conn.execute(
            select(Reaction.seq, Reaction.emoji)
            .where(Reaction.channel == channel, Reaction.seq.in_(seqs), Reaction.person == person)
            .order_by(Reaction.emoji)
        )
        for row in rows:
            found.setdefault(f"react/m-{channel}-{row.seq}", []).append(row.emoji)
    return found


def _drafts(conn: Connection, person: int, keys: Sequence[tuple[str, list[str]]]) -> dict[str, Any]:
    channels = {int(rest[0]) for _key, rest in keys}
    rows = conn.execute(select(Draft).where(Draft.person == person, Draft.channel.in_(channels)))
    return {f"draft/{row.channel}/{row.topic}": {"text": row.text, "other": row.other, "rev": row.rev} for row in rows}


def _scheduled(conn: Connection, person: int) -> dict[str, Any]:
    rows = conn.execute(select(Scheduled).where(Scheduled.person == person))
    return {
        f"sched/{row.id}": {
            "at": row.at,
            "text": row.text,
            "channel": row.channel,
            "topic": row.topic,
            "topic_name": row.topic_name,
            "refused": row.refused,
        }
        for row in rows
    }


def follow_left(tx: Tx, events: Sequence[Logged]) -> None:
    """Who leaves keeps no markers: coming back, they begin where they join, as everybody does."""
    for event in events:
        who = int(event.subject.removeprefix("p-"))
        tx.change(delete(Marker).where(Marker.person == who, Marker.channel == event.place))


__all__ = ["Fresh", "follow_left", "fresh", "markers", "mine", "reacted_by", "targets"]
