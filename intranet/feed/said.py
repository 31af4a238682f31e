"""Posts and comments as plain text, for the index of the search and for showing what it found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from .access import READABLE, is_readable
from .models import Comment, Listed, Post, PostText


@dataclass(frozen=True, slots=True)
class Said:
    """What is written in a post or a comment. `readers` are the places whose readers may find it."""

    id: int
    post: int
    place: int
    author: int
    at: int
    kind: str  # of its post
    title: str  # in its first language; of a comment that of the post
    versions: tuple[tuple[str, str, str], ...]  # (language, title, text), the first language first
    readers: tuple[int, ...]


def posts_said(conn: Connection, ids: Collection[int]) -> list[Said]:
    """These posts, without those that were taken back. Whoever asks looks who may read them."""
    rows = conn.execute(select(Post).where(Post.id.in_(ids), Post.removed == 0).order_by(Post.id)).all()
    others: dict[int, list[tuple[str, str, str]]] = {}
    for one in conn.execute(select(PostText).where(PostText.post.in_(ids)).order_by(PostText.post, PostText.lang)):
        others.setdefault(one.post, []).append((one.lang, one.title, one.plain))
    readers = _readers(conn, ids)
    return [
        Said(
            row.id, row.id, row.place, row.author, row.at, row.kind, row.title,
            ((row.lang, row.title, row.plain), *others.get(row.id, ())), readers.get(row.id, ()),
        ) for row in rows
    ]  # fmt: skip


def comments_said(conn: Connection, ids: Collection[int]) -> list[Said]:
    """These comments, without those that were taken back or hidden, or whose post was."""
    columns = select(Comment, Post.place, Post.kind, Post.title).join(Post, Post.id == Comment.post)
    there = (Comment.id.in_(ids), Comment.removed == 0, Comment.hidden == 0, Post.removed == 0)
    rows = conn.execute(columns.where(*there).order_by(Comment.id)).all()
    readers = _readers(conn, {row.post for row in rows})
    return [
        Said(
            row.id, row.post, row.place, row.author, row.at, row.kind, row.title, (("", "", row.plain),),
            readers.get(row.post, ()),
        ) for row in rows
    ]  # fmt: skip


def comments_of(conn: Connection, posts: Collection[int]) -> list[int]:
    """The ids of all comments of these posts."""
    return list(conn.execute(select(Comment.id).where(Comment.post.in_(posts)).order_by(Comment.id)).scalars())


def readable_among(conn: Connection, person: int, ids: Collection[int]) -> set[int]:
    """Those of these posts that this person may read now."""
    return set(conn.execute(select(Post.id).where(Post.id.in_(ids), is_readable(person, Post.id))).scalars())


def all_posts(conn: Connection) -> Sequence[tuple[int, int, int]]:
    """(at, place, id) of every post, the newest first."""
    rows = conn.execute(
        select(Post.at, Post.place, Post.id).where(Post.removed == 0).order_by(Post.at.desc(), Post.id.desc())
    )
    return [(row.at, row.place, row.id) for row in rows]


def all_comments(conn: Connection) -> Sequence[tuple[int, int, int]]:
    """(at, place, id) of every comment, the newest first."""
    there = select(Comment.at, Post.place, Comment.id).join(Post, Post.id == Comment.post).where(Comment.removed == 0)
    rows = conn.execute(there.order_by(Comment.at.desc(), Comment.id.desc()))
    return [(row.at, row.place, row.id) for row in rows]


def _readers(conn: Connection, posts: Collection[int]) -> dict[int, tuple[int, ...]]:
    rows = conn.execute(
        select(Listed.post, Listed.place).where(Listed.post.in_(posts), Listed.list == READABLE).order_by(Listed.place)
    )
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        found[row.post] = (*found.get(row.post, ()), row.place)
    return found
