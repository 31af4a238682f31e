"""What the pages of chat load: one snapshot each, the shell's navigation included."""

from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Connection, func, select

from intranet import people
from intranet.channels import inside, members, mine_in, title_of
from intranet.kernel import AnyRow, Person, heads, markdown

from .access import seen_topics, topic_in
from .live import topic_things
from .models import Message, Topic
from .streams import MORE, WINDOW, Stream, Window, mine_of, stream
from .unread import Fresh, fresh, markers, mine

MOST_TOPICS = 30
MOST_PINS = 20
MOST_CHOICES = 200  # topics that one can be merged into


def shell(conn: Connection, person: Person) -> dict[str, Any]:
    """The navigation: channels and direct conversations with what is new in them, and the cursor of the own place.

    `nav_fresh` is {"17/4": [messages, mentions, last seq]} and `nav_heads` {17: head}: with both the browser goes on
    counting by itself. What waits for the reader is a conversation that names them, or a direct one.
    """
    new = fresh(conn, person)
    lines = {line.id: line for line in mine_in(conn, person) if not line.hidden and not line.archived}
    new = [one for one in new if one.channel in lines]
    entries = [_entry(line, [one for one in new if one.channel == line.id]) for line in lines.values()]
    entries.sort(key=lambda entry: not entry["favourite"])
    places = heads(conn, [person.id, *lines])
    return {
        "nav_channels": [entry for entry in entries if entry["kind"] != "direct"],
        "nav_direct": [entry for entry in entries if entry["kind"] == "direct"],
        "nav_waiting": sum(1 for one in new if one.mentions or lines[one.channel].kind == "direct"),
        "nav_fresh": {f"{one.channel}/{one.topic}": [one.count, one.mentions, one.last] for one in new},
        "nav_heads": {place: head for place, (_epoch, head) in places.items() if place in lines},
        "nav_teams": [team.id for team in people.teams_of(conn, person.id)],
        "moderates": [line.id for line in lines.values() if line.role == "moderator"],
        "cursor": {person.id: places[person.id]} if person.id in places else {},
    }  # fmt: skip


def _entry(line: Any, new: list[Fresh]) -> dict[str, Any]:
    return {
        "id": line.id, "kind": line.kind, "title": line.title, "href": line.href, "favourite": line.favourite,
        "others": line.others, "unread": sum(one.count for one in new), "mentions": sum(one.mentions for one in new),
    }  # fmt: skip


def channel_page(conn: Connection, person: Person, number: int, window: Window | None, zone: str) -> dict[str, Any]:
    """A channel as a whole. Without a window it opens at the first unread message, or at the end."""
    row = inside(conn, person, number)
    marks = markers(conn, person.id, row)
    chosen = window or _at_first_unread([one for one in fresh(conn, person) if one.channel == number])
    shown = stream(conn, person, row, None, chosen, zone=zone, unread=marks)
    listed = members(conn, number)
    topics = conn.execute(
        select(Topic).where(seen_topics(row), Topic.closed == 0).order_by(_last_said().desc()).limit(MOST_TOPICS)
    ).all()
    return {
        "channel": header_of(conn, person, row, listed), **_shown(shown), "topic": None,
        "their_zone": _their_zone(conn, row, person, zone),
        "topics": [Markup(thing.html) for thing in topic_things(conn, number, topics, person.lang)],
        "topic_names": [topic.name for topic in topics],
        "closed": conn.execute(
            select(func.count()).select_from(Topic).where(seen_topics(row), Topic.closed > 0)
        ).scalar_one(),
        "pins": _pins(conn, row), "faces": [line for line, _role in listed[:5]],
        "cursor": heads(conn, [person.id, number]),
        **_own(conn, person, row, shown, marks, 0),
    }  # fmt: skip


def _last_said() -> ColumnElement[int]:
    """The seq of a topic's newest message, or of its making; served by the index on channel, topic and seq."""
    newest = select(func.max(Message.seq)).where(Message.channel == Topic.channel, Message.topic == Topic.id)
    return func.coalesce(newest.scalar_subquery(), Topic.id)


def topic_now(conn: Connection, person: Person, number: int, topic: int) -> int:
    """The topic that an address means today: itself, or the one it was merged into. Raises Refused 404, 403."""
    return int(topic_in(conn, inside(conn, person, number), topic).id)


def topic_page(
    conn: Connection, person: Person, number: int, topic: int, window: Window | None, zone: str
) -> dict[str, Any]:
    """One topic of a channel."""
    row = inside(conn, person, number)
    named = topic_in(conn, row, topic)
    topic = named.id
    marks = markers(conn, person.id, row)
    new = [one for one in fresh(conn, person) if (one.channel, one.topic) == (number, topic)]
    shown = stream(conn, person, row, topic, window or _at_first_unread(new), zone=zone, unread=marks)
    listed = members(conn, number)
    authors = conn.execute(
        select(Message.author).where(Message.channel == number, Message.topic == topic, Message.seq >= row.since)
        .where(Message.deleted == 0).distinct()
    ).scalars().all()  # fmt: skip
    others = conn.execute(
        select(Topic.id, Topic.name).where(seen_topics(row), Topic.id != topic, Topic.closed == 0)
        .order_by(_last_said().desc()).limit(MOST_CHOICES)
    ).all()  # fmt: skip
    taking_part = [line for line, _role in listed if line.id in set(authors)]
    return {
        "channel": header_of(conn, person, row, listed), **_shown(shown),
        "their_zone": _their_zone(conn, row, person, zone),
        "topic": _topic(conn, named), "may_shape": not (person.is_guest or row.archived), "others": others,
        "topic_names": [other.name for other in others], "people": taking_part,
        "field": sum(line.side == "field" for line in taking_part),
        "office": sum(line.side == "office" for line in taking_part),
        "pins": _pins(conn, row, topic), "cursor": heads(conn, [person.id, number]),
        **_own(conn, person, row, shown, marks, topic),
    }  # fmt: skip


def messages_page(
    conn: Connection, person: Person, number: int, topic: int | None, window: Window, zone: str
) -> dict[str, Any]:
    """A further window of messages, for the timeline."""
    row = inside(conn, person, number)
    most = MORE if window.kind in {"before", "after"} else WINDOW
    shown = stream(conn, person, row, topic, window, zone=zone, most=most)
    return {"list": f"channel-{number}" if topic is None else f"topic-{number}-{topic}", **_shown(shown),
            "mine": mine_of(conn, person, shown)}  # fmt: skip


def closed_topics(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """Every topic of a channel, those that are done too."""
    row = inside(conn, person, number)
    topics = conn.execute(select(Topic).where(seen_topics(row)).order_by(Topic.closed > 0, Topic.rev.desc())).all()
    things = topic_things(conn, number, topics, person.lang)
    return {
        "channel": header_of(conn, person, row, members(conn, number)),
        "open_topics": [Markup(thing.html) for thing, topic in zip(things, topics, strict=True) if not topic.closed],
        "done_topics": [Markup(thing.html) for thing, topic in zip(things, topics, strict=True) if topic.closed],
        "cursor": heads(conn, [person.id, number]),
    }


# -- parts


def _at_first_unread(new: list[Fresh]) -> Window:
    first = min((one.first for one in new), default=0)
    return Window("around", first) if first else Window()


def _shown(shown: Stream) -> dict[str, Any]:
    return {
        "stream": shown.entries, "first": shown.first, "last": shown.last, "at_start": shown.at_start,
        "at_end": shown.at_end,
    }  # fmt: skip


def _topic(conn: Connection, row: AnyRow) -> dict[str, Any]:
    closer = people.names(conn, [row.closer]).get(row.closer) if row.closer else None
    return {
        "id": row.id, "name": row.name, "closed": row.closed, "made": row.made, "rev": row.rev, "result": row.result,
        "by": closer.name if closer else "",
    }  # fmt: skip


def header_of(conn: Connection, person: Person, row: AnyRow, listed: list[Any]) -> dict[str, Any]:
    """What a page says of its channel."""
    title, others = title_of(conn, person, row)
    return {
        "id": row.id, "name": title, "href": f"/c/{row.id}", "kind": row.kind, "description": row.description,
        "archived": row.archived, "history": row.history, "people": len(listed), "favourite": bool(row.favourite),
        "muted": False, "may_post": not row.archived, "other": others[0] if len(others) == 1 else None,
        "others": others, "role": row.role,
        "field": sum(line.side == "field" for line, _role in listed),
        "office": sum(line.side == "office" for line, _role in listed),
        "both": sum(line.side == "both" for line, _role in listed),
    }  # fmt: skip


def _pins(conn: Connection, channel: AnyRow, topic: int | None = None) -> list[dict[str, Any]]:
    statement = select(Message).where(
        Message.channel == channel.id, Message.pinned > 0, Message.deleted == 0, Message.seq >= channel.since
    )
    if topic is not None:
        statement = statement.where(Message.topic == topic)
    rows = conn.execute(statement.order_by(Message.pinned.desc()).limit(MOST_PINS)).all()
    names = people.names(conn, {row.author for row in rows})
    return [
        {"href": f"/c/{channel.id}?at={row.seq}#m-{channel.id}-{row.seq}", "kind": "file" if row.tiles else "text",
         "title": markdown.excerpt(row.plain, 60) or names[row.author].name, "sub": names[row.author].name}
        for row in rows
    ]  # fmt: skip


def _their_zone(conn: Connection, channel: AnyRow, person: Person, zone: str) -> str:
    """Between two people: by whose clock the other one lives, so that a planned message can say so."""
    others = [int(one) for one in (channel.people or "").split() if int(one) != person.id]
    if len(others) != 1:
        return ""
    return conn.execute(select(people.PersonRow.zone).where(people.PersonRow.id == others[0])).scalar() or zone


def _own(
    conn: Connection, person: Person, channel: AnyRow, shown: Stream, marks: dict[int, int], topic: int
) -> dict[str, Any]:
    """The reader's own: markers, reactions, and the draft here, for the form and for the browser alike."""
    found: dict[str, Any] = {f"read/{channel.id}/{about}": seq for about, seq in marks.items()}
    found.update({f"seen/{channel.id}": marks[-1], f"fav/{channel.id}": bool(channel.favourite)})
    found.update(mine_of(conn, person, shown))
    draft = f"draft/{channel.id}/{topic}"
    found.update(mine(conn, person.id, [draft]))
    return {"mine": found, "draft": (found[draft] or {}).get("text", "")}
