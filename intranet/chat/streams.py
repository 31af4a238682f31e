"""A window of messages with the lines between them: days, topics, and where the unread begins."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Connection, func, select

from intranet.kernel import AnyRow, Person, inlays_own

from .live import message_things
from .models import Message, Topic
from .unread import reacted_by

WINDOW = 50
MORE = 25  # fetched while scrolling: often rather than much, since all of it is painted


@dataclass(frozen=True, slots=True)
class Window:
    """Which messages: the newest, those before or after a seq, or around one."""

    kind: str = "end"  # end, before, after, around
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Stream:
    """What a page shows of a conversation; `first` and `last` bound the loaded window by seq."""

    entries: list[tuple[str, Any]]
    first: int
    last: int
    at_start: bool
    at_end: bool
    ids: list[str]
    cards: list[str]  # what upper rooms show in them


def stream(
    conn: Connection, person: Person, channel: AnyRow, topic: int | None, window: Window, *,
    zone: str, unread: Mapping[int, int] | None = None, most: int = WINDOW,
) -> Stream:  # fmt: skip
    """The messages of a channel (or one of its topics) that the person may read, with the lines between.

    `unread`: the reader's markers by topic (-1: of conversations never opened), to draw the line before the first
    message of others above them. `most`: messages on either side of where the window begins.
    """
    rows, at_start, at_end = _rows(conn, channel, topic, window, most)
    things = message_things(conn, channel.id, rows, person.lang)
    names = _topics(conn, channel.id, {row.topic for row in rows}) if topic is None else {}
    entries: list[tuple[str, Any]] = []
    day, last_topic, line = None, 0, unread is None
    for row, thing in zip(rows, things, strict=True):
        today = dt.datetime.fromtimestamp(row.at / 1000, ZoneInfo(zone)).date()
        if today != day:
            entries.append(("day", row.at))
        if not line and unread is not None and _is_unread(row, person, unread):
            entries.append(("unread", row.at))
            line = True
        if row.topic in names and (row.topic != last_topic or today != day):
            entries.append(("topic", names[row.topic]))
        day, last_topic = today, row.topic
        entries.append(("message", Markup(thing.html)))
    first, last = (rows[0].seq, rows[-1].seq) if rows else (0, 0)
    return Stream(entries, first, last, at_start, at_end, [thing.id for thing in things], [r.card for r in rows])


def _is_unread(row: AnyRow, person: Person, markers: Mapping[int, int]) -> bool:
    return row.author != person.id and not row.deleted and row.seq > markers.get(row.topic, markers[-1])


def _rows(
    conn: Connection, channel: AnyRow, topic: int | None, window: Window, most: int
) -> tuple[Sequence[AnyRow], bool, bool]:
    base = select(Message).where(Message.channel == channel.id, Message.seq >= channel.since)
    if topic is not None:
        base = base.where(Message.topic == topic)
    if window.kind == "after":
        newer = conn.execute(base.where(Message.seq > window.seq).order_by(Message.seq).limit(most + 1)).all()
        return newer[:most], False, len(newer) <= most
    if window.kind == "around":
        older = _older(conn, base.where(Message.seq < window.seq), most // 2)
        newer = conn.execute(base.where(Message.seq >= window.seq).order_by(Message.seq).limit(most + 1)).all()
        return [*older[-(most // 2) :], *newer[:most]], len(older) <= most // 2, len(newer) <= most
    if window.kind == "before":
        base = base.where(Message.seq < window.seq)
    older = _older(conn, base, most)
    return older[-most:], len(older) <= most, window.kind == "end"


def _older(conn: Connection, statement: Any, most: int) -> list[AnyRow]:
    """The last `most` + 1, oldest first."""
    rows = conn.execute(statement.order_by(Message.seq.desc()).limit(most + 1)).all()
    return list(reversed(rows))


def _topics(conn: Connection, channel: int, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = conn.execute(select(Topic.id, Topic.name).where(Topic.channel == channel, Topic.id.in_(ids - {0})))
    return {row.id: {"id": row.id, "name": row.name, "href": f"/c/{channel}/t/{row.id}"} for row in rows}


def first_on(conn: Connection, channel: int, since: int, day: dt.date, zone: str) -> int:
    """The seq of the first message on or after a day of the organisation's zone; 0 when there is none."""
    start = dt.datetime.combine(day, dt.time.min, ZoneInfo(zone))
    at = int(start.timestamp() * 1000)
    statement = select(func.min(Message.seq)).where(Message.channel == channel, Message.seq >= since, Message.at >= at)
    return int(conn.execute(statement).scalar() or 0)


def mine_of(conn: Connection, person: Person, shown: Stream) -> dict[str, Any]:
    """The reader's own of these messages and of what they show, for the page's island."""
    return {**reacted_by(conn, person.id, shown.ids), **inlays_own(conn, person.id, shown.cards)}
