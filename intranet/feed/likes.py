"""Likes and other reactions, on posts and on comments; a like is one of them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from intranet import people
from intranet.kernel import AnyRow, Person, Refused, Subject, Tx, Write, add_up, clean_emoji

from .access import own_post
from .comments import own_comment
from .marks import outside
from .models import Comment, Post, Reacted, ReactedCount

LIKE = "❤️"
MOST_KINDS = 20  # different emoji on one thing
MOST_NAMED = 500


class React(Write, tag="feed.react"):
    """A like or another emoji on a post or on a comment, or no longer."""

    post: Subject = 0
    comment: Subject = 0
    emoji: str = LIKE
    on: bool = True


_UNREACT = delete(Reacted).where(
    Reacted.subject == bindparam("s"), Reacted.person == bindparam("p"), Reacted.emoji == bindparam("e")
)
_MARK = {
    model: update(model).where(model.id == bindparam("i")).values(rev=model.rev + 1, likes=model.likes + bindparam("d"))
    for model in (Post, Comment)
}


def react(tx: Tx, person: Person, write: React) -> dict[str, Any]:
    """An emoji, or no longer: twice is once. Raises Refused 404, 410, 422."""
    emoji = clean_emoji(write.emoji)
    post, model, thing = tx.once(("thing", person.id, write.post, write.comment), lambda: _thing(tx, person, write))
    subject = f"{'post' if model is Post else 'comment'}-{thing}"
    own = tx.once(("own", subject, person.id), lambda: _own(tx, subject, person.id))
    key = f"like/{subject}"
    tx.mine(person.id, key)
    if write.on == (emoji in own):
        return {"place": post.place, "post": post.id, "mine": [key]}
    row = {"subject": subject, "person": person.id, "emoji": emoji}
    if write.on:
        kinds = tx.once(("kinds", subject), lambda: _kinds(tx, subject))
        if emoji not in kinds and len(kinds) >= MOST_KINDS:
            raise Refused(422, "too-many-emoji", limit=MOST_KINDS)
        tx.add(Reacted, row)
        own.add(emoji)
        kinds.add(emoji)
    else:
        tx.change_later(_UNREACT, {"s": subject, "p": person.id, "e": emoji})
        tx.flush()  # a neighbour may give the same again, and rows are added before they are taken away
        own.discard(emoji)
    by = 1 if write.on else -1
    tx.change_later(add_up(tx.conn, ReactedCount, "n"), {"subject": subject, "emoji": emoji, "n": by})
    tx.change_later(_MARK[model], {"i": thing, "d": by if emoji == LIKE else 0})
    seq = tx.record(post.place, "feed.liked" if model is Post else "feed.comment_liked", subject, person.id)
    for one in tx.once(("outside", post.id), lambda: outside(tx, post)):
        tx.mine(one, f"post/{post.id}")
    return {"place": post.place, "seq": seq, "post": post.id, "mine": [key]}


def _thing(tx: Tx, person: Person, write: React) -> tuple[AnyRow, type[Post | Comment], int]:
    if bool(write.post) == bool(write.comment):
        raise Refused(422, "malformed", reason="post")
    if write.post:
        post = own_post(tx, person, write.post)
        return post, Post, int(post.id)
    post, row = own_comment(tx, person, write.comment)
    return post, Comment, int(row.id)


def _own(tx: Tx, subject: str, person: int) -> set[str]:
    given = select(Reacted.emoji).where(Reacted.subject == subject, Reacted.person == person)
    return set(tx.read(given).scalars())


def _kinds(tx: Tx, subject: str) -> set[str]:
    return set(tx.read(select(ReactedCount.emoji).where(ReactedCount.subject == subject, ReactedCount.n > 0)).scalars())


# -- reading


def reactions_of(conn: Connection, subjects: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Counts, not ids: who reacted is not in the fragment. The most frequent first; one query."""
    wanted = sorted(set(subjects))
    found: dict[str, list[dict[str, Any]]] = {}
    if not wanted:
        return found
    rows = conn.execute(
        select(ReactedCount)
        .where(ReactedCount.subject.in_(wanted), ReactedCount.n > 0)
        .order_by(ReactedCount.subject, ReactedCount.n.desc(), ReactedCount.emoji)
    )
    for row in rows:
        found.setdefault(row.subject, []).append({"emoji": row.emoji, "n": row.n})
    return found


def reactors(conn: Connection, subject: str) -> dict[str, list[str]]:
    """Who reacted with what, by name; the caller has found that the reader may read it."""
    rows = conn.execute(
        select(Reacted.emoji, Reacted.person).where(Reacted.subject == subject)
        .order_by(Reacted.emoji, Reacted.person).limit(MOST_NAMED)
    ).all()  # fmt: skip
    names = people.names(conn, {row.person for row in rows})
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.emoji, []).append(names[row.person].name)
    return found
