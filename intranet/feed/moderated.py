"""What moderation does with posts. Whoever calls has decided that it may; the place of the post is locked here."""

from intranet.kernel import AnyRow, Tx, not_found

from .access import held
from .actions import take_back
from .lists import relist
from .marks import mark


def hide(tx: Tx, post: int, reason: str, actor: int) -> int:
    """Out of everybody's sight but its authors' and owner's, with the reason. The seq."""
    row = _there(tx, post)
    seq = mark(tx, row, "feed.hidden", actor, hidden=tx.now, hidden_reason=reason)
    relist(tx, post)
    return seq


def restore(tx: Tx, post: int, actor: int) -> int:
    """As it was. The seq."""
    row = _there(tx, post)
    seq = mark(tx, row, "feed.restored", actor, hidden=0, hidden_reason="")
    relist(tx, post)
    return seq


def remove(tx: Tx, post: int, reason: str, actor: int) -> int:
    """A tombstone without content; its author is shown the reason. The seq."""
    row = _there(tx, post)
    seq = take_back(tx, row, actor)
    mark(tx, row, "feed.removed", actor, hidden_reason=reason)
    return seq


def _there(tx: Tx, post: int) -> AnyRow:
    row = held(tx, post)
    if row is None:
        raise not_found()
    return row
