"""The last words of conversations, for lists of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from intranet import people
from intranet.channels import Line, Member
from intranet.kernel import AnyRow, Person, in_pairs, markdown

from .models import Message, Topic


@dataclass(frozen=True, slots=True)
class LastWords:
    """The newest message of a channel that the reader may see."""

    by: str
    own: bool
    text: str
    at: int
    tiles: int


_WORDS = select(Message.channel, Message.seq, Message.author, Message.plain, Message.at, Message.tiles)


def last_words(conn: Connection, person: Person, lines: Sequence[Line]) -> dict[int, LastWords]:
    """The newest readable message of each channel. Two queries."""
    newest = (
        select(Message.channel, func.max(Message.seq).label("seq"))
        .join(Member, (Member.channel == Message.channel) & (Member.person == person.id))
        .where(Message.channel.in_([line.id for line in lines]), Message.seq >= Member.since, Message.deleted == 0)
        .group_by(Message.channel).subquery()
    )  # fmt: skip
    rows = conn.execute(
        _WORDS.join(newest, (newest.c.channel == Message.channel) & (newest.c.seq == Message.seq))
    ).all()
    return {row.channel: words for row, words in _with_names(conn, person, rows)}


def said_at(conn: Connection, person: Person, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], LastWords]:
    """These messages (channel, seq), which the reader may see. Two queries."""
    if not pairs:
        return {}
    rows = conn.execute(_WORDS.where(in_pairs(Message.channel, Message.seq, pairs))).all()
    return {(row.channel, row.seq): words for row, words in _with_names(conn, person, rows)}


def _with_names(conn: Connection, person: Person, rows: Sequence[AnyRow]) -> list[tuple[AnyRow, LastWords]]:
    names = people.names(conn, {row.author for row in rows})
    return [
        (row, LastWords(
            names[row.author].name, row.author == person.id, markdown.excerpt(row.plain, 90), row.at, row.tiles
        ))
        for row in rows
    ]  # fmt: skip


def stands(conn: Connection, channel: int, seq: int) -> bool:
    """Whether a message is there to be read: neither taken back nor hidden."""
    here = (Message.channel == channel, Message.seq == seq, Message.deleted == 0)
    return conn.execute(select(Message.seq).where(*here)).first() is not None


def has_spoken(conn: Connection, person: Person) -> bool:
    """Whether the person has said anything since they joined where they are. One query over what came since then."""
    own = (
        select(Message.seq)
        .join(Member, (Member.channel == Message.channel) & (Member.person == person.id))
        .where(Message.seq >= Member.joined, Message.author == person.id).limit(1)
    )  # fmt: skip
    return conn.execute(own).first() is not None


def topic_names(conn: Connection, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Names of topics by (channel, topic)."""
    if not pairs:
        return {}
    rows: Any = conn.execute(
        select(Topic.channel, Topic.id, Topic.name).where(in_pairs(Topic.channel, Topic.id, pairs))
    )
    return {(row.channel, row.id): row.name for row in rows}
