"""What moderation does with comments. Whoever calls has decided that it may; the place of the post is locked here."""

from sqlalchemy import select

from intranet.kernel import AnyRow, Tx, not_found

from .comments import change, take_back
from .marks import mark
from .models import Comment, Post


def hide(tx: Tx, comment: int, reason: str, actor: int) -> int:
    """Out of everybody's sight, with the reason; it answers no question any more. The seq."""
    post, row = _there(tx, comment)
    seq = change(tx, post, row, "feed.comment_hidden", actor, hidden=tx.now, hidden_reason=reason)
    if not row.hidden:
        answer = {"answer": 0} if post.answer == row.id else {}
        mark(tx, post, "feed.counted", actor, comments=Post.comments - 1, **answer)
    return seq


def restore(tx: Tx, comment: int, actor: int) -> int:
    """As it was. The seq."""
    post, row = _there(tx, comment)
    seq = change(tx, post, row, "feed.comment_restored", actor, hidden=0, hidden_reason="")
    if row.hidden:
        mark(tx, post, "feed.counted", actor, comments=Post.comments + 1)
    return seq


def remove(tx: Tx, comment: int, reason: str, actor: int) -> int:
    """A tombstone without content but the reason. The seq."""
    post, row = _there(tx, comment)
    take_back(tx, post, row, actor)
    return change(tx, post, row, "feed.comment_removed", actor, hidden_reason=reason)


def _there(tx: Tx, comment: int) -> tuple[AnyRow, AnyRow]:
    row = tx.read(select(Comment).where(Comment.id == comment, Comment.removed == 0)).first()
    if row is None:
        raise not_found()
    tx.lock([tx.read(select(Post.place).where(Post.id == row.post)).scalar_one()])
    post = tx.read(select(Post).where(Post.id == row.post)).one()
    tx.lock([post.place])
    return post, tx.read(select(Comment).where(Comment.id == comment)).one()
