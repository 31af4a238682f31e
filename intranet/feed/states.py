"""What becomes of feedback and ideas, and which comment answers a question.

A state may be changed by who takes care of the post, by editors and administrators, and by the people of the teams
that the post is addressed to. Its author may not, unless they are one of these: one does not decide one's own case.
"""

from typing import Any

from sqlalchemy import Connection, select

from intranet import audiences, people
from intranet.kernel import AnyRow, Person, Refused, Subject, Tx, Write, markdown, not_found, one_line

from . import told
from .access import authors_of, is_editor, own_post, post_for
from .comments import change, own_comment
from .contents import in_zone, moment, staff
from .lists import relist
from .marks import mark
from .models import Comment, PostState
from .writes import WITH_STATES

STATES = ("new", "seen", "planned", "done", "declined")
LONGEST_REASON = 1000


class ChangeState(Write, tag="feed.state"):
    """What has become of it, why, who takes care of it and until when. What is None stays; 0 is nobody, or no day.
    Forms send `owner_name` and, as a day or time of the organisation's zone, `due_local`; empty for nobody or none."""

    post: Subject
    state: str
    reason: str | None = None
    owner: int | None = None
    owner_name: str | None = None
    due: int | None = None
    due_local: str | None = None


class Answer(Write, tag="feed.answer"):
    """This comment answers the question; 0: none does yet."""

    post: Subject
    comment: Subject = 0


# -- states


def may_change(conn: Connection, person: Person, row: AnyRow) -> bool:
    """Who takes care of it, editors and administrators, and the teams it is addressed to."""
    if person.id == row.owner or is_editor(person):
        return True
    addressed = {line.team for line in audiences.lines_of(conn, row.place) if line.team}
    return bool(addressed & {team.id for team in people.teams_of(conn, person.id)})


def change_state(tx: Tx, person: Person, write: ChangeState) -> dict[str, Any]:
    """Every change is told to authors and followers. Raises Refused 403, 404, 409, 410, 413, 422."""
    row = own_post(tx, person, write.post)
    if row.kind not in WITH_STATES:
        raise Refused(409, "no-state")
    if not may_change(tx.conn, person, row):
        raise Refused(403, "not-allowed")
    if write.state not in STATES:
        raise Refused(422, "malformed", reason="state")
    now = _wanted(tx, write, row)
    if now == {name: getattr(row, name) for name in now}:
        return {"place": row.place, "post": row.id}
    seq = mark(tx, row, "feed.changed", person.id, state_at=tx.now, **now)
    tx.add(PostState, {"post": row.id, "rev": row.rev + 1, "person": person.id, "at": tx.now, **now})
    relist(tx, row.id)
    if row.owner and row.owner != now["owner"]:
        tx.mine(row.owner, f"post/{row.id}")  # they may not read it any more
    if now["owner"]:
        tx.mine(now["owner"], f"post/{row.id}")
    told.state_changed(tx, row, now["owner"], person.id)
    return {"place": row.place, "seq": seq, "post": row.id}


def _wanted(tx: Tx, write: ChangeState, row: AnyRow) -> dict[str, Any]:
    reason = _reason(row.reason if write.reason is None and write.state == row.state else write.reason or "")
    if write.state == "declined" and not reason:
        raise Refused(422, "reason-missing")
    owner = _owner(tx, write, row)
    return {"state": write.state, "reason": reason, "owner": owner, "due": _due(tx, write, row)}


def _owner(tx: Tx, write: ChangeState, row: AnyRow) -> int:
    owner = int(row.owner) if write.owner is None else write.owner
    if write.owner is None and write.owner_name is not None:
        owner = _called(tx, one_line(write.owner_name), row)
    if owner and owner != row.owner:
        staff(tx, [owner])
    return owner


def _called(tx: Tx, name: str, row: AnyRow) -> int:
    """Who is called so, if it is one only; who has it already stays. Raises Refused 422."""
    if not name:
        return 0
    owner = people.names(tx.conn, [row.owner]).get(row.owner) if row.owner else None
    if owner is not None and owner.name == name:
        return owner.id
    called = people.PersonRow
    which = (called.name == name, called.active, called.role != "guest")
    found = list(tx.read(select(called.id).where(*which).limit(2)).scalars())
    if len(found) != 1:
        raise Refused(422, "name-unclear")
    return int(found[0])


def _due(tx: Tx, write: ChangeState, row: AnyRow) -> int:
    if write.due_local is None:
        return int(row.due) if write.due is None else _ahead(tx, write.due, row)
    local = f"{write.due_local}T23:59" if len(write.due_local) == len("2026-12-01") else write.due_local
    return _ahead(tx, in_zone(local, tx.settings.zone) if local else 0, row)


def _ahead(tx: Tx, due: int, row: AnyRow) -> int:
    """A day that stands there already may have passed."""
    return due if due == row.due else moment(tx, due, "")


def _reason(text: str) -> str:
    """As plain text. Raises Refused 413, 422."""
    try:
        clean = markdown.clean(text).strip()
    except markdown.UnreadableError as error:
        raise Refused(422, "malformed", reason="reason") from error
    if len(clean) > LONGEST_REASON:
        raise Refused(413, "text-too-long", limit=LONGEST_REASON)
    return clean


def history(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """Step by step what became of a post, for who reads it. Raises Refused 404."""
    row = post_for(conn, person, number)
    if row.removed or row.kind not in WITH_STATES:
        raise not_found()
    rows = conn.execute(select(PostState).where(PostState.post == number).order_by(PostState.rev)).all()
    names = people.names(conn, {one.person for one in rows} | {one.owner for one in rows if one.owner})
    first = {"state": "new", "reason": "", "at": row.at, "by": None, "owner": None, "due": 0}
    steps = [
        {"state": one.state, "reason": one.reason, "at": one.at, "by": names.get(one.person),
         "owner": names.get(one.owner), "due": one.due} for one in rows
    ]  # fmt: skip
    return {"post": row, "steps": [first, *steps], "may_change": may_change(conn, person, row)}


# -- answers


def answer(tx: Tx, person: Person, write: Answer) -> dict[str, Any]:
    """Who asked says which comment it was, or an editor does. Raises Refused 403, 404, 409, 410."""
    row = own_post(tx, person, write.post)
    if row.kind != "question":
        raise Refused(409, "no-question")
    if person.id not in authors_of(tx.conn, row) and not is_editor(person):
        raise Refused(403, "not-yours")
    chosen = None
    if write.comment:
        post, chosen = own_comment(tx, person, write.comment)
        if post.id != row.id or chosen.hidden:
            raise not_found()
    now = chosen.id if chosen is not None else 0
    if now == row.answer:
        return {"place": row.place, "post": row.id}
    seq = mark(tx, row, "feed.changed", person.id, answer=now)
    for one in (row.answer, now):
        shown = tx.read(select(Comment).where(Comment.id == one)).first() if one else None
        if shown is not None:
            change(tx, row, shown, "feed.comment_marked", person.id)
    if chosen is not None:
        told.answered(tx, row, chosen.author, person.id)
    return {"place": row.place, "seq": seq, "post": row.id, "comment": now}
