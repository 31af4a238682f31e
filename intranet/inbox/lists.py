"""Conversations with their last words, as Home and the chat list show them. Few queries, however many channels."""

from typing import Any

from sqlalchemy import Connection

from intranet import notices, people
from intranet.channels import Line, mine_in
from intranet.chat import Fresh, fresh, has_spoken, last_words, planned, said_at, topic_names
from intranet.kernel import Person, clock, heads, markdown

NEW_MEMBER = 150  # changes of a person's own (markers, drafts, memberships) after which the house is known
SHOWS = ("", "channels", "direct", "favourites")


def home(conn: Connection, person: Person, drawers: notices.Drawers, stale: list[str]) -> dict[str, Any]:
    """What the reader was told; then conversations with something new: what names them first, then what is direct,
    then the rest. `stale` takes the keys of what they were told and cannot read any more."""
    told, gone = notices.waiting(conn, person, drawers)
    stale += gone
    lines = _lines(conn, person)
    new = [one for one in fresh(conn, person) if one.channel in lines]
    names = topic_names(conn, [(one.channel, one.topic) for one in new if one.topic])
    said = said_at(conn, person, [(one.channel, one.last) for one in new])
    rows = [_talk(lines[one.channel], one, names, said) for one in new]
    return {
        "told": told,
        "asked": [row for row in rows if row["mentions"]],
        "direct": [row for row in rows if row["kind"] == "direct" and not row["mentions"]],
        "rest": [row for row in rows if row["kind"] != "direct" and not row["mentions"]],
        "begin": _begin(conn, person, list(lines.values())), "now": clock.now(),
    }  # fmt: skip


def _talk(line: Line, one: Fresh, names: Any, said: Any) -> dict[str, Any]:
    topic = names.get((one.channel, one.topic), "")
    return {
        "place": line.id, "topic": one.topic, "kind": line.kind, "title": topic or line.title,
        "channel": line.title if topic else "", "href": f"/c/{line.id}/t/{one.topic}" if topic else line.href,
        "others": line.others, "n": one.count, "mentions": one.mentions, "first": one.first, "last": one.last,
        "said": said.get((one.channel, one.last)),
    }  # fmt: skip


def _begin(conn: Connection, person: Person, lines: list[Line]) -> dict[str, Any] | None:
    """The first steps of a new member with what is done of them; None when they are known or done."""
    _epoch, changes = heads(conn, [person.id])[person.id]
    if changes > NEW_MEMBER:
        return None
    own = people.names(conn, [person.id])[person.id]
    joined = [line for line in lines if line.kind != "direct"]
    steps = {"photo": bool(own.photo), "channels": bool(joined), "hello": has_spoken(conn, person)}
    hello = (joined or lines)[0].href if lines else "/channels"
    return None if all(steps.values()) else {**steps, "hello_at": hello}


def chats(conn: Connection, person: Person, show: str) -> dict[str, Any]:
    """All conversations: what is new with its topics, favourites, the rest; newest first. `show` narrows."""
    lines = _lines(conn, person)
    new: dict[int, list[Fresh]] = {}
    for one in fresh(conn, person):
        new.setdefault(one.channel, []).append(one)
    names = topic_names(conn, [(one.channel, one.topic) for its in new.values() for one in its if one.topic])
    words = last_words(conn, person, list(lines.values()))
    rows = [_conversation(line, new.get(line.id, []), names, words.get(line.id)) for line in lines.values()]
    rows = [row for row in rows if _shown(row["line"], show)]
    rows.sort(key=lambda row: -(row["last"].at if row["last"] else 0))
    calm = [row for row in rows if not row["count"]]
    return {
        "show": show, "any": bool(lines), "unread": [row for row in rows if row["count"]],
        "favourites": [row for row in calm if row["line"].favourite],
        "channels": [row for row in calm if row["line"].kind != "direct" and not row["line"].favourite],
        "direct": [row for row in calm if row["line"].kind == "direct" and not row["line"].favourite],
    }  # fmt: skip


def outbox(conn: Connection, person: Person) -> dict[str, Any]:
    """What this person has planned for later, with where it goes; also where the person is no longer in."""
    lines = {line.id: line for line in mine_in(conn, person)}
    return {"scheduled": [
        {"id": one.id, "place": one.channel, "line": lines.get(one.channel), "at": one.at,
         "text": markdown.excerpt(markdown.render(one.text).plain, 200)}
        for one in planned(conn, person)
    ]}  # fmt: skip


def _conversation(line: Line, its: list[Fresh], names: Any, last: Any) -> dict[str, Any]:
    topics = [
        {"id": one.topic, "name": names[line.id, one.topic], "count": one.count, "mentions": one.mentions,
         "href": f"/c/{line.id}/t/{one.topic}"} for one in its if (line.id, one.topic) in names
    ]  # fmt: skip
    return {
        "line": line, "last": last, "topics": topics, "fresh": its,
        "count": sum(one.count for one in its), "mentions": sum(one.mentions for one in its),
        "outside": sum(one.mentions for one in its if not one.topic),  # mentions that no topic's line shows
    }  # fmt: skip


def _lines(conn: Connection, person: Person) -> dict[int, Line]:
    return {line.id: line for line in mine_in(conn, person) if not line.hidden and not line.archived}


def _shown(line: Line, show: str) -> bool:
    return {"channels": line.kind != "direct", "direct": line.kind == "direct", "favourites": line.favourite}.get(
        show, True
    )
