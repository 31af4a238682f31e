"""How comments are shown: one fragment each, the same for everybody who may read the post.

A post's comments are one list in the order of reading: thread after thread, in each the comment that begins it and its
replies. `order_of` is that order as a number, which browsers sort by and pages begin at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection, select, tuple_, union_all

from intranet import people
from intranet.kernel import AnyRow, Thing, render

from .access import READABLE, post_number
from .likes import reactions_of
from .models import Comment, Listed, Post

KINDS = frozenset({
    "feed.commented", "feed.comment_edited", "feed.comment_removed", "feed.comment_liked", "feed.comment_marked",
    "feed.comment_hidden", "feed.comment_restored",
})  # fmt: skip
APART = 2**26  # how far a thread's last reply may be from its beginning, in ids; the order stays within 53 bits
PAGE = 40
LAST = 2  # comments under a post in a list


def order_of(parent: int, comment: int) -> int:
    """Where a comment stands among all of its post's."""
    return parent * APART + min(comment - parent, APART - 1)


def _place_in(order: int) -> tuple[int, int]:
    """The thread and comment of an order."""
    thread, apart = divmod(min(max(order, 0), 2**53), APART)
    return thread, thread + apart


# -- rendering


def comment_cards(conn: Connection, place: int, subjects: Sequence[str], lang: str) -> Mapping[str, Thing]:
    """Comments by their subjects, as this place's readers may see them; where they may not, a farewell in no list."""
    ids = [post_number(subject) for subject in subjects]
    rows = conn.execute(select(Comment).where(Comment.id.in_(ids))).all()
    posts = {row.post for row in rows}
    here = (Listed.place == place, Listed.list == READABLE, Listed.post.in_(posts))
    readable = set(conn.execute(select(Listed.post).where(*here)).scalars())
    shown = [row for row in rows if row.post in readable]
    things = comment_things(conn, shown, lang) + [_gone(row, lang) for row in rows if row.post not in readable]
    return {thing.id: thing for thing in things}


def _gone(row: AnyRow, lang: str) -> Thing:
    c = {"id": row.id, "post": row.post, "order": order_of(row.parent, row.id), "rev": row.rev, "away": True}
    data = {"kind": "comment", "id": row.id, "post": row.post, "away": True}
    return Thing(f"comment-{row.id}", row.id, row.rev, render("feed/_comment.html", lang, c=c), data)


def comment_things(conn: Connection, rows: Sequence[AnyRow], lang: str) -> list[Thing]:
    """Comments rendered in the order given: one query per kind of part, whatever their number."""
    if not rows:
        return []
    standing = [row for row in rows if not (row.removed or row.hidden)]
    names = people.names(conn, {row.author for row in standing})
    reactions = reactions_of(conn, [f"comment-{row.id}" for row in standing])
    posts = {row.post for row in standing}
    answers = set(conn.execute(select(Post.answer).where(Post.id.in_(posts), Post.answer > 0)).scalars())
    return [_thing(row, names, reactions.get(f"comment-{row.id}", []), row.id in answers, lang) for row in rows]


def _thing(row: AnyRow, names: Mapping[int, Any], reactions: list[Any], is_answer: bool, lang: str) -> Thing:
    gone = bool(row.removed or row.hidden)
    c = {
        "id": row.id, "post": row.post, "thread": row.parent, "reply": row.parent != row.id, "away": False,
        "order": order_of(row.parent, row.id), "rev": row.rev, "write": row.write, "at": row.at, "edited": row.edited,
        "removed": row.removed, "hidden": row.hidden, "reason": row.hidden_reason, "likes": row.likes,
        "author": None if gone else names[row.author], "html": Markup("" if gone else row.html),
        "mentions": [] if gone else row.mentions.split(), "reactions": reactions, "answer": is_answer,
    }  # fmt: skip
    html = render("feed/_comment.html", lang, c=c)
    return Thing(f"comment-{row.id}", row.id, row.rev, html, _json(row, names, reactions, is_answer))


def _json(row: AnyRow, names: Mapping[int, Any], reactions: list[Any], is_answer: bool) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": "comment", "id": row.id, "post": row.post, "thread": row.parent}
    if row.removed or row.hidden:
        return data | {"removed": bool(row.removed), "hidden": bool(row.hidden), "reason": row.hidden_reason}
    return data | {
        "author": row.author, "name": names[row.author].name, "at": row.at, "text": row.text, "likes": row.likes,
        "edited": bool(row.edited), "mentions": row.mentions.split(), "reactions": reactions, "answer": is_answer,
        "replies": row.replies, "write": row.write,
    }  # fmt: skip


# -- reading


@dataclass(frozen=True, slots=True)
class Window:
    """Which of a post's comments: the last ones, or those before or after an order, or from a comment's thread on.
    `reply` is the comment that the form below answers."""

    before: int = 0
    after: int = 0
    at: int = 0
    reply: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A window of a post's comments. `older` and `newer` are orders to go on from, 0 at the ends."""

    rows: Sequence[AnyRow]
    older: int
    newer: int

    @property
    def reach(self) -> tuple[int, int]:
        """The first and the last order; zeros when there is nothing."""
        if not self.rows:
            return 0, 0
        first, last = self.rows[0], self.rows[-1]
        return order_of(first.parent, first.id), order_of(last.parent, last.id)


def part_of(conn: Connection, post: int, window: Window) -> Part:
    """The comments of this window, each part at most a page."""
    where = tuple_(Comment.parent, Comment.id)
    before, after = window.before, window.after
    if window.at:
        thread = conn.execute(select(Comment.parent).where(Comment.id == window.at, Comment.post == post)).scalar()
        after = order_of(thread, thread) - 1 if thread else 0
    if after:
        rows = _some(conn, post, where > _place_in(after), newest=False)
        more = order_of(rows[PAGE - 1].parent, rows[PAGE - 1].id) if len(rows) > PAGE else 0
        rows = rows[:PAGE]
        first = (rows[0].parent, rows[0].id) if rows else _place_in(after)
        earlier = _some(conn, post, where < first, newest=True, limit=1)
        return Part(rows, order_of(*first) if earlier else 0, more)
    rows = _some(conn, post, where < _place_in(before) if before else Comment.parent > 0, newest=True)
    shown = rows[:PAGE][::-1]
    return Part(shown, order_of(shown[0].parent, shown[0].id) if len(rows) > PAGE else 0, 0)


def _some(conn: Connection, post: int, which: Any, *, newest: bool, limit: int = PAGE + 1) -> list[AnyRow]:
    way = (Comment.parent.desc(), Comment.id.desc()) if newest else (Comment.parent, Comment.id)
    return list(conn.execute(select(Comment).where(Comment.post == post, which).order_by(*way).limit(limit)))


def last_of(conn: Connection, posts: Sequence[int]) -> dict[int, list[AnyRow]]:
    """The last comments of each of these posts in the order of reading. One query, one short range per post."""
    found: dict[int, list[AnyRow]] = {}
    if not posts:
        return found
    ranges = [
        select(Comment).where(Comment.post == post, Comment.removed == 0, Comment.hidden == 0)
        .order_by(Comment.parent.desc(), Comment.id.desc()).limit(LAST).subquery()
        for post in posts
    ]  # fmt: skip
    for row in conn.execute(union_all(*(select(one) for one in ranges))):
        found.setdefault(row.post, []).insert(0, row)
    return found
