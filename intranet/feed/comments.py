"""What people say to a post: a comment, or a reply to one; said better, taken back; and closed.

A comment's `parent` is the comment whose thread it is in: its own id where it begins one. So a thread is a range, and
a reply to a reply is in the same thread.
"""

from typing import Any

from sqlalchemy import Connection, delete, select, update

from intranet import notices, people
from intranet.kernel import AnyRow, Person, Refused, Subject, Tx, Write, markdown, not_found, number

from . import told
from .access import authors_of, is_editor, own_post
from .marks import mark, tell_outside
from .models import Comment, CommentEarlier, Post, Reacted, ReactedCount

LONGEST = 5_000  # characters of one comment


class Say(Write, tag="feed.comment"):
    """Comment a post, or reply to a comment of it."""

    post: Subject
    text: str
    reply_to: Subject = 0


class Edit(Write, tag="feed.comment_edit"):
    """Say it better."""

    comment: Subject
    text: str


class Remove(Write, tag="feed.comment_remove"):
    """Take a comment back: a tombstone stays."""

    comment: Subject


class Close(Write, tag="feed.comments_close"):
    """Nothing more is said to this post, or again."""

    post: Subject
    closed: bool = True


# -- before the queue


def may_mention(write: Say | Edit) -> bool:
    """Whether there is an @ to resolve."""
    return "@" in write.text


def names_for(conn: Connection, _person: Person, _write: Say | Edit) -> people.Names:
    """Whom one can name. Only read when somebody may be mentioned."""
    return people.names_of_all(conn)


def is_light(write: Say | Edit) -> bool:
    """Short texts are rendered at once; code and tables go to a worker thread."""
    return len(write.text) < 1000 and "```" not in write.text and "|" not in write.text


def rendered(write: Say | Edit, names: people.Names | None) -> tuple[str, markdown.Rendered]:
    """The text with its mentions resolved, and as it is shown. Raises Refused 413, 422."""
    text = write.text[: LONGEST + 1].strip("\n").rstrip()
    if not text.strip():
        raise Refused(422, "empty-text")
    if len(text) > LONGEST:
        raise Refused(413, "text-too-long", limit=LONGEST)
    try:
        text = names.resolve(text) if names else text
        shown = markdown.render(text)
    except markdown.UnreadableError as error:
        raise Refused(422, "malformed", reason="text") from error
    if not shown.plain.strip():
        raise Refused(422, "empty-text")
    return text, shown


# -- finding


def own_comment(tx: Tx, person: Person, ref: Subject) -> tuple[AnyRow, AnyRow]:
    """The post and its comment that a write names by its id or client id, if the person may read it; locked.

    Raises Refused 404, 410.
    """
    wanted = ref if isinstance(ref, int) else number(ref)
    which = Comment.id == wanted
    if wanted is None:
        which = (Comment.author == person.id) & (Comment.write == str(ref))
    found = tx.read(select(Comment.id, Comment.post).where(which)).first()
    if found is None:
        raise not_found()
    post = own_post(tx, person, found.post)
    row = tx.read(select(Comment).where(Comment.id == found.id)).one()
    if row.removed or (row.hidden and row.author != person.id):
        raise Refused(410, "comment-removed")
    return post, row


def _must_be_open(post: AnyRow) -> None:
    if post.comments_closed or post.hidden:
        raise Refused(403, "comments-closed")


# -- verbs


def say(tx: Tx, person: Person, write: Say) -> dict[str, Any]:
    """Comment a post. Raises Refused 403, 404, 410, 413, 422."""
    post = own_post(tx, person, write.post)
    _must_be_open(post)
    thread = _thread(tx, person, post, write.reply_to)
    text, shown = tx.prepared
    targets = shown.mentions - {"all"}
    comment = tx.make(Comment, {
        "post": post.id, "parent": thread, "author": person.id, "write": write.id, "at": tx.now, "text": text,
        "html": shown.html, "plain": shown.plain, "mentions": " ".join(sorted(targets)), "edited": 0, "hidden": 0,
        "hidden_reason": "", "removed": 0, "replies": 0, "likes": 0, "rev": 1,
    })  # fmt: skip
    if thread:
        _reply_counts(tx, thread, 1)
    else:
        tx.change(update(Comment).where(Comment.id == comment).values(parent=comment))
    seq = tx.record(post.place, "feed.commented", f"comment-{comment}", person.id, tx.now)
    mark(tx, post, "feed.counted", person.id, comments=Post.comments + 1)
    told.follow(tx, post.id, [person.id])
    told.commented(tx, post, comment, targets, person.id)
    mine = [f"follow/post-{post.id}"]
    return {"place": post.place, "seq": seq, "post": post.id, "comment": comment, "mine": mine}


def _thread(tx: Tx, person: Person, post: AnyRow, reply_to: Subject) -> int:
    if not reply_to:
        return 0
    other, row = own_comment(tx, person, reply_to)
    if other.id != post.id:
        raise not_found()
    return int(row.parent)


def _reply_counts(tx: Tx, thread: int, by: int) -> None:
    tx.change(update(Comment).where(Comment.id == thread).values(replies=Comment.replies + by))


def edit(tx: Tx, person: Person, write: Edit) -> dict[str, Any]:
    """One's own, while comments are open; the earlier text is kept for its author.

    Raises Refused 403, 404, 410, 413, 422.
    """
    post, row = own_comment(tx, person, write.comment)
    if row.author != person.id:
        raise Refused(403, "not-yours")
    _must_be_open(post)
    text, shown = tx.prepared
    targets = shown.mentions - {"all"}
    tx.add(CommentEarlier, {"comment": row.id, "rev": row.rev, "html": row.html, "until": tx.now})
    seq = change(
        tx, post, row, "feed.comment_edited", person.id, text=text, html=shown.html, plain=shown.plain,
        mentions=" ".join(sorted(targets)), edited=tx.now,
    )  # fmt: skip
    if post.answer == row.id:
        mark(tx, post, "feed.counted", person.id)  # which shows it
    told.mentioned(tx, post, row.id, targets - set(row.mentions.split()), person.id)
    return {"place": post.place, "seq": seq, "post": post.id, "comment": row.id}


def change(tx: Tx, post: AnyRow, row: AnyRow, kind: str, actor: int, **values: Any) -> int:
    """Change the comment's row by `values` and say so in its post's place, which is locked. The seq."""
    seq = tx.record(post.place, kind, f"comment-{row.id}", actor)
    tx.change(update(Comment).where(Comment.id == row.id).values(rev=Comment.rev + 1, **values))
    tell_outside(tx, post)
    return seq


def remove(tx: Tx, person: Person, write: Remove) -> dict[str, Any]:
    """Its author takes it back, also when comments are closed. Raises Refused 403, 404, 410."""
    post, row = own_comment(tx, person, write.comment)
    if row.author != person.id:
        raise Refused(403, "not-yours")
    return {"place": post.place, "seq": take_back(tx, post, row, person.id), "post": post.id, "comment": row.id}


def take_back(tx: Tx, post: AnyRow, row: AnyRow, actor: int) -> int:
    """Leave a tombstone without content. The post's place is locked. The seq."""
    seq = change(
        tx, post, row, "feed.comment_removed", actor, text="", html="", plain="", mentions="", edited=0, likes=0,
        removed=tx.now,
    )  # fmt: skip
    tx.change(delete(CommentEarlier).where(CommentEarlier.comment == row.id))
    for model in (Reacted, ReactedCount):
        tx.change(delete(model).where(model.subject == f"comment-{row.id}"))
    if row.parent != row.id:
        _reply_counts(tx, row.parent, -1)
    values: dict[str, Any] = {} if row.hidden else {"comments": Post.comments - 1}
    mark(tx, post, "feed.counted", actor, **values, **({"answer": 0} if post.answer == row.id else {}))
    notices.clear(tx, told.key_of(told.NAMED_THERE, f"comment-{row.id}"))
    return seq


def close(tx: Tx, person: Person, write: Close) -> dict[str, Any]:
    """The post's authors close or open its comments, of news the editors too. Raises Refused 403, 404, 410."""
    post = own_post(tx, person, write.post)
    if person.id not in authors_of(tx.conn, post) and not (post.kind == "news" and is_editor(person)):
        raise Refused(403, "not-yours")
    seq = mark(tx, post, "feed.changed", person.id, comments_closed=int(write.closed))
    return {"place": post.place, "seq": seq, "post": post.id}
