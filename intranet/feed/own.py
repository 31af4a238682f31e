"""The reader's own on posts and comments: what they like, follow, have put aside and acknowledged."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from .models import Acknowledged, Following, Reacted, Saved

KEYS = ("like/", "follow/", "saved/", "ack/")


def mine(conn: Connection, person: int, keys: Sequence[str]) -> dict[str, Any]:
    """`like/post-17`: emojis; `follow/`, `saved/` and `ack/post-17`: true or nothing. One query per kind of key."""
    asked: dict[str, list[str]] = {}
    for key in keys:
        word, _, subject = key.partition("/")
        asked.setdefault(word, []).append(subject)
    found: dict[str, Any] = {}
    for subject, emoji in _likes(conn, person, asked.get("like", [])):
        found.setdefault(f"like/{subject}", []).append(emoji)
    for word, model in (("follow", Following), ("saved", Saved), ("ack", Acknowledged)):
        posts = [int(one[5:]) for one in asked.get(word, []) if one.startswith("post-") and one[5:].isdigit()]
        if posts:
            theirs = select(model.post).where(model.person == person, model.post.in_(posts))
            theirs = theirs.where(Following.follows == 1) if model is Following else theirs
            found |= {f"{word}/post-{post}": True for post in conn.execute(theirs).scalars()}
    return found


def _likes(conn: Connection, person: int, subjects: Sequence[str]) -> list[tuple[str, str]]:
    if not subjects:
        return []
    rows = conn.execute(
        select(Reacted.subject, Reacted.emoji).where(Reacted.person == person, Reacted.subject.in_(subjects))
    )
    return sorted((row.subject, row.emoji) for row in rows)


def own_on(conn: Connection, person: int, posts: Sequence[int], comments: Sequence[int] = ()) -> Mapping[str, Any]:
    """All of it for a page's island: four queries, whatever their number."""
    about = [f"post-{post}" for post in posts]
    keys = [f"{word}{subject}" for word in KEYS for subject in about]
    return mine(conn, person, [*keys, *(f"like/comment-{one}" for one in comments)])
