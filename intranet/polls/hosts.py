"""Where a poll stands: in a message of a channel, in a post of its own, or in a post that is there already."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from intranet import audiences, chat, feed
from intranet.kernel import SYSTEM, AnyRow, Person, Refused, Tx

from .access import who_is_in
from .plans import subject
from .writes import Open


@dataclass(frozen=True, slots=True)
class Host:
    """The thing a poll stands in, how many people it asks, and what the answer says of it."""

    name: str
    place: int
    seq: int
    size: int
    answer: dict[str, Any] = field(default_factory=dict)


def put(tx: Tx, person: Person, write: Open, poll: int, question: str) -> Host:
    """In the post that the write names, in its channel, or in a post for an audience where it names no channel.

    Raises Refused 403, 404, 409, 413, 422.
    """
    if write.post:
        return _in_post(tx, person, write, poll)
    if tx.place == person.id:
        post = feed.publish_card(
            tx, person, write.audience, question, "", subject(poll), write=write.id, lines=write.lines
        )
        return _post(tx, post)
    seq, topic = chat.say(tx, person, write, question, subject(poll), write.topic)
    size = len(who_is_in(tx.conn, tx.place))
    return Host(f"m-{tx.place}-{seq}", tx.place, seq, size, {"topic": topic})


def _in_post(tx: Tx, person: Person, write: Open, poll: int) -> Host:
    row = feed.own_post(tx, person, write.post)
    if row.author != person.id:
        raise Refused(403, "not-yours")
    if row.card:
        raise Refused(409, "post-asks")
    feed.set_card(tx, person, row.id, subject(poll), asks=True)
    return _post(tx, row.id)


def _post(tx: Tx, post: int) -> Host:
    row = tx.read(select(feed.Post.place, feed.Post.seq).where(feed.Post.id == post)).one()
    return Host(f"post-{post}", row.place, row.seq, audiences.size(tx.conn, row.place), {"post": post})


def release(tx: Tx, row: AnyRow) -> None:
    """The poll has ended: its post asks nobody for anything any more."""
    post = row.host.removeprefix("post-")
    if not post.isdigit():
        return
    there = tx.read(select(feed.Post.card).where(feed.Post.id == int(post), feed.Post.removed == 0)).scalar()
    if there == subject(row.id):
        feed.set_card(tx, SYSTEM, int(post), there, asks=False)


__all__ = ["Host", "put", "release"]
