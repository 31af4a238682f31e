"""The last words of conversations, for lists of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from intranet import people
from intranet.channels import Line, Member
from intranet.kernel import Person, in_pairs, markdown

from .models import Message, Topic


@dataclass(frozen=True, slots=True)
class LastWords:
    """The newest message of a channel that the reader may see."""

    by: str
    own: bool
    text: str
    at: int
    tiles: int


def last_words(conn: Connection, person: Person, lines: Sequence[Line]) -> dict[int, LastWords]:
    """The newest readable message of each channel. Two queries."""
    newest = (
        select(Message.channel, func.max(Message.seq).label("seq"))
        .join(Member, (Member.channel == Message.channel) & (Member.person == person.id))
        .where(Message.channel.in_([line.id for line in lines]), Message.seq >= Member.since, Message.deleted == 0)
        .group_by(Message.channel).subquery()
    )  # fmt: skip
    rows = conn.execute(
        select(Message.channel, Message.author, Message.plain, Message.at, Message.tiles)
        .join(newest, (newest.c.channel == Message.channel) & (newest.c.seq == Message.seq))
    ).all()  # fmt: skip
    names = people.names(conn, {row.author for row in rows})
    return {
        row.channel: LastWords(
            names[row.author].name, row.author == person.id, markdown.excerpt(row.plain, 90), row.at, row.tiles
        )
        for row in rows
    }


def topic_names(conn: Connection, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Names of topics by (channel, topic)."""
    if not pairs:
        return {}
    rows: Any = conn.execute(
        select(Topic.channel, Topic.id, Topic.name).where(in_pairs(Topic.channel, Topic.id, pairs))
    )
    return {(row.channel, row.id): row.name for row in rows}
