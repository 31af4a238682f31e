"""The reader's own: drafts, posts they read from outside; and the hole that a shared post is for everybody else."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from markupsafe import Markup
from sqlalchemy import Connection, select

from intranet.kernel import render

from . import own
from .access import is_own_draft, is_readable, post_number
from .models import Post, PostDraft


def mine(conn: Connection, person: int, keys: Sequence[str]) -> Mapping[str, Any]:
    """`post/<id>`: the rev of a post that changed outside one's audiences; `post-draft/<key>`: the draft as it is;
    and what one does with posts, as `own.mine` says."""
    drafts = [key.split("/", 1)[1] for key in keys if key.startswith("post-draft/")]
    posts = [int(one) for key in keys if key.startswith("post/") and (one := key.split("/", 1)[1]).isdigit()]
    found: dict[str, Any] = own.mine(conn, person, [key for key in keys if key.startswith(own.KEYS)])
    if drafts:
        rows = conn.execute(select(PostDraft).where(PostDraft.key.in_(drafts), is_own_draft(person, PostDraft.id)))
        for row in rows:
            found[f"post-draft/{row.key}"] = {
                "rev": row.rev, "kind": row.kind, "title": row.title, "text": row.text, "other": row.other,
                "editor": row.editor, "at": row.at, "refused": row.refused, "id": row.id,
                "content": msgspec.json.decode(row.content),
            }  # fmt: skip
    if posts:
        rows = conn.execute(select(Post.id, Post.rev).where(Post.id.in_(posts), is_readable(person, Post.id)))
        found |= {f"post/{row.id}": row.rev for row in rows}
    return found


def holes(_conn: Connection, _place: int, references: Sequence[str], lang: str) -> dict[str, Markup]:
    """A post shared into a place: not everybody there may read it, so each browser asks for its card."""
    return {one: Markup(render("feed/_hole.html", lang, post=post_number(one))) for one in references}
