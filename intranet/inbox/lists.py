"""Conversations with their last words, as Home and the chat list show them."""

from typing import Any

from sqlalchemy import Connection

from intranet.channels import mine_in
from intranet.chat import fresh, last_words, topic_names
from intranet.kernel import Person


def conversations(conn: Connection, person: Person, *, unread_only: bool) -> dict[str, Any]:
    """Channels with their unread conversations, the newest first; mentions before all. Few queries, however many."""
    lines = {line.id: line for line in mine_in(conn, person) if not line.hidden and not line.archived}
    new = [one for one in fresh(conn, person) if one.channel in lines]
    names = topic_names(conn, [(one.channel, one.topic) for one in new if one.topic])
    wanted = {one.channel for one in new} if unread_only else set(lines)
    words = last_words(conn, person, [lines[channel] for channel in wanted])
    rows: list[dict[str, Any]] = []
    for channel in wanted:
        line = lines[channel]
        its = [one for one in new if one.channel == channel]
        rows.append({
            "line": line, "count": sum(one.count for one in its), "mentions": sum(one.mentions for one in its),
            "last": words.get(channel), "topics": [
                {"id": one.topic, "name": names.get((channel, one.topic), ""), "count": one.count,
                 "mentions": one.mentions, "href": f"/c/{channel}/t/{one.topic}"} for one in its if one.topic
            ],
        })  # fmt: skip
    rows.sort(key=lambda row: -(row["last"].at if row["last"] else 0))
    unread = [row for row in rows if row["count"]]
    direct = [row for row in unread if row["line"].kind == "direct" and not row["mentions"]]
    return {
        "asked": [row for row in unread if row["mentions"]], "direct": direct,
        "others": [row for row in unread if row["line"].kind != "direct" and not row["mentions"]],
        "unread": unread, "favourites": [row for row in rows if row["line"].favourite and not row["count"]],
        "rest": [row for row in rows if not row["count"] and not row["line"].favourite],
        "any": bool(lines),
    }  # fmt: skip
