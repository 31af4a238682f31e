"""Which posts a person reads: one rule for pages, frames, files, search, shares and polls.

A person reads a post if they are in its audience now while it is public there, or as its author, co-author or owner.
Both are rows of `post_listed` under the list "": in the audience's place, and in each of those people's own places.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, exists, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from intranet import audiences, people
from intranet.kernel import AnyRow, AnySelect, Event, Person, Refused, Subject, Tx, not_found, number

from .models import DraftAuthor, Listed, NewsWriter, Post, PostAuthor, PostDraft

READABLE = ""  # the list of all that a place's readers may read


def places(person: int) -> Subquery:
    """The places whose posts this person reads, their own among them: one column."""
    theirs = audiences.places(person).subquery()
    return union_all(select(theirs.c.place), select(literal(person).label("place"))).subquery()


def readable(person: int) -> AnySelect:
    """The ids of all posts that this person may read."""
    own = places(person)
    return select(Listed.post).where(Listed.list == READABLE, Listed.place.in_(select(own.c.place))).distinct()


def is_readable(person: int, post: Any) -> ColumnElement[bool]:
    """The condition that this person may read the post whose id is in this column, for use in other queries."""
    own, listed = places(person), aliased(Listed)  # the column may be of the same table
    return exists().where(listed.post == post, listed.list == READABLE, listed.place.in_(select(own.c.place)))


def post_for(conn: Connection, person: Person, ref: int) -> AnyRow:
    """The post if this person may read it. Raises Refused 404."""
    row = conn.execute(select(Post).where(Post.id == ref, is_readable(person.id, Post.id))).first()
    if row is None:
        raise not_found()
    return row


def own_post(tx: Tx, person: Person, ref: Subject) -> AnyRow:
    """The post that a write names, by its id or by the client id of the write that made it, if the person may read it.

    Its place is locked from here on: what is said about it is recorded there. Raises Refused 404, 410.
    """
    wanted = ref if isinstance(ref, int) else number(ref)
    if wanted is None:
        wanted = _made_by(tx, person, str(ref))
    while not tx.is_locked((row := post_for(tx.conn, person, wanted)).place):
        tx.lock([row.place])  # and look again: it may have gone elsewhere while its place was waited for
    if row.removed:
        raise Refused(410, "post-removed")
    return row


def held(tx: Tx, post: int) -> AnyRow | None:
    """The post as it is, with the place locked that it is in; None where there is none, or no more than a tombstone."""
    this = select(Post).where(Post.id == post, Post.removed == 0)
    while (row := tx.read(this).first()) is not None and not tx.is_locked(row.place):
        tx.lock([row.place])
    return row


def _made_by(tx: Tx, person: Person, ref: str) -> int:
    """What became of a write of this person's, as author or as who published for the author. Raises Refused 404."""
    found = tx.read(select(Post.id).where(Post.author == person.id, Post.write == ref)).scalar()
    made = tx.resolve(person, ref) if found is None else None
    if made is not None:
        subject = tx.read(select(Event.subject).where(Event.place == made[0], Event.seq == made[1])).scalar() or ""
        found = number(str(subject).removeprefix("post-"))
    if found is None:
        raise not_found()
    return int(found)


def is_own_draft(person: int, draft: Any) -> ColumnElement[bool]:
    """The condition that this person writes the draft whose id is in this column, alone or with others."""
    other = aliased(PostDraft)  # the column may be of the same table
    together = select(DraftAuthor.draft).where(DraftAuthor.person == person, DraftAuthor.draft == draft)
    alone = select(other.id).where(other.author == person, other.id == draft)
    return or_(alone.exists(), together.exists())


def authors_of(conn: Connection, row: AnyRow) -> set[int]:
    """Who writes this post: its author and those who write it together."""
    together = select(PostAuthor.person).where(PostAuthor.post == row.id)
    return {row.author, *conn.execute(together).scalars()}


def is_editor(person: Person) -> bool:
    """Whether this person looks after the company's news."""
    return person.is_admin or person.role == "editor"


def may_edit(conn: Connection, person: Person, row: AnyRow) -> bool:
    """Its authors may; of news the editors too."""
    if person.id in authors_of(conn, row):
        return True
    return row.kind == "news" and is_editor(person)


def must_edit(tx: Tx, person: Person, ref: Subject) -> AnyRow:
    """The post, for who may edit it. Raises Refused 404, 403, 410."""
    row = own_post(tx, person, ref)
    if not may_edit(tx.conn, person, row):
        raise Refused(403, "not-yours")
    return row


def may_write_news(conn: Connection, person: Person) -> bool:
    """Editors, and whom they allow: a person, or a team's people."""
    if person.is_guest:
        return False
    if is_editor(person):
        return True
    targets = [str(person.id), *(f"t{team.id}" for team in people.teams_of(conn, person.id))]
    return conn.execute(select(NewsWriter.target).where(NewsWriter.target.in_(targets))).first() is not None


def post_number(subject: str) -> int:
    """The id at the end of an element id: "post-17"."""
    return int(subject.rsplit("-", 1)[1])
