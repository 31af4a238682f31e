"""One change of what a post shows: its event, its rev, and word to those who read it from outside its audience."""

from typing import Any

from sqlalchemy import select, update

from intranet import audiences
from intranet.kernel import AnyRow, Tx

from .access import authors_of
from .models import Post


def mark(tx: Tx, row: AnyRow, kind: str, actor: int, *, at: int = 0, **values: Any) -> int:
    """Change the post's row by `values` and say so in its place, which `own_post` has locked. The seq."""
    seq = tx.record(row.place, kind, f"post-{row.id}", actor, at)
    tx.change(update(Post).where(Post.id == row.id).values(rev=Post.rev + 1, **values))
    tell_outside(tx, row)
    return seq


def tell_outside(tx: Tx, row: AnyRow) -> None:
    """Authors and the owner who are not in the audience hear it in their own place, and fetch the card."""
    for person in outside(tx, row):
        tx.mine(person, f"post/{row.id}")


def outside(tx: Tx, row: AnyRow) -> list[int]:
    """Who reads this post although they are not in its audience, sorted."""
    readers = authors_of(tx.conn, row) | ({row.owner} if row.owner else set())
    member = audiences.AudienceMember
    inside = select(member.person).where(member.audience == row.place, member.person.in_(sorted(readers)))
    return sorted(readers - set(tx.read(inside).scalars()))
