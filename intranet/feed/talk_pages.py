"""What the pages about comments, likes and what one has put aside load."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Connection, select, union

from intranet import audiences, notices, people
from intranet.kernel import AnyRow, Person, not_found

from . import acks, likes, states, told
from .access import READABLE, authors_of, is_editor, post_for
from .models import Comment, CommentEarlier, Listed
from .own import own_on
from .talk import Window, comment_things, last_of, order_of, part_of

MOST_OFFERED = 50  # people to give a post to, beside who is typed


def talk(conn: Connection, person: Person, number: int, window: Window) -> dict[str, Any]:
    """A window of what was said to a post. Raises Refused 404."""
    return talk_of(conn, person, post_for(conn, person, number), window)


def talk_of(conn: Connection, person: Person, row: AnyRow, window: Window) -> dict[str, Any]:
    """The same for a post that was found; of one taken back nothing is left."""
    if row.removed:
        return {"talk": None}
    part = part_of(conn, row.id, window)
    start, end = part.reach
    ids = [one.id for one in part.rows]
    return {
        "talk": {
            "post": row.id, "place": row.place, "ids": ids,
            "comments": _html(conn, part.rows, person.lang), "older": part.older,
            "newer": part.newer, "from": start, "to": end, "closed": bool(row.comments_closed or row.hidden),
            "answering": _answering(conn, row, window.reply),
            "mine": own_on(conn, person.id, [], ids),
        }
    }  # fmt: skip


def _answering(conn: Connection, row: AnyRow, reply: int) -> dict[str, Any] | None:
    """Whom the form below answers."""
    which = (Comment.id == reply, Comment.post == row.id, Comment.removed == 0, Comment.hidden == 0)
    found = conn.execute(select(Comment.id, Comment.author).where(*which)).first() if reply else None
    return {"id": found.id, "author": people.names(conn, [found.author])[found.author]} if found else None


def last_said(conn: Connection, person: Person, posts: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Under each of these posts the last comments, as their list on a page: four queries for all."""
    rows = last_of(conn, list(posts))
    shown = _html(conn, [row for some in rows.values() for row in some], person.lang)
    found, at = {}, 0
    for post, some in rows.items():
        found[post] = {
            "comments": shown[at : at + len(some)], "from": order_of(some[0].parent, some[0].id),
            "to": order_of(some[-1].parent, some[-1].id), "ids": [row.id for row in some],
        }  # fmt: skip
        at += len(some)
    return found


def _html(conn: Connection, rows: Iterable[AnyRow], lang: str) -> list[Markup]:
    return [Markup(thing.html) for thing in comment_things(conn, list(rows), lang)]


def post_extra(conn: Connection, person: Person, row: AnyRow, window: Window, zone: str) -> dict[str, Any]:
    """What a post's page shows beside the post: comments, the reader's own, and what its authors and owners may do."""
    own = dict(own_on(conn, person.id, [row.id]))
    own[f"like/post-{row.id}"] = likes.LIKE in own.get(f"like/post-{row.id}", [])
    is_author = person.id in authors_of(conn, row)
    done, asked = acks.count_of(conn, row) if row.ack and is_author and not row.removed else (0, 0)
    shown = talk_of(conn, person, row, window)
    return {
        **shown, "own": own, "seen": _told(conn, person, row, shown["talk"]), "acks": {"done": done, "asked": asked},
        "is_asked": acks.is_asked(conn, person, row), "may_answer": is_author or is_editor(person),
        **_state_form(conn, person, row, zone),
    }  # fmt: skip


def people_here(conn: Connection, person: Person, number: int, text: str) -> dict[str, Any]:
    """Whom one can name in a post and under it: who may read it. Raises Refused 404."""
    row = post_for(conn, person, number)
    places = select(Listed.place.label("person")).where(Listed.post == number, Listed.list == READABLE)
    member = audiences.AudienceMember
    inside = select(member.person).where(member.audience.in_(places))
    readers = union(inside, places).subquery()  # of the places themselves those that are persons
    return audiences.among(conn, select(readers.c.person), audiences.teams_in(conn, row.place), text)


def _told(conn: Connection, person: Person, row: AnyRow, shown: Any) -> dict[str, Any]:
    """What this reader was told of the post and of the comments shown, has not done with, and sees by looking here; and
    of which kinds such things are."""
    keys = [told.key_of(kind, f"post-{row.id}") for kind in told.SEEN]
    keys += [told.key_of(told.NAMED_THERE, f"comment-{one}") for one in (shown["ids"] if shown else ())]
    waiting = notices.room.mine(conn, person.id, [f"notice/{key}" for key in keys]) if notices.room.mine else {}
    open_ones = {key.removeprefix("notice/"): value for key, value in waiting.items() if not value["done"]}
    return {"kinds": [*told.SEEN, told.NAMED_THERE], "told": open_ones}


def _state_form(conn: Connection, person: Person, row: AnyRow, zone: str) -> dict[str, Any]:
    """Who may say what becomes of it is offered whom it can be given to."""
    may = bool(row.state) and not row.removed and states.may_change(conn, person, row)
    staff = _candidates(conn, person, row) if may else []
    due = dt.datetime.fromtimestamp(row.due / 1000, ZoneInfo(zone)).date().isoformat() if row.due else ""
    return {"may_change_state": may, "staff": staff, "due_day": due}


def _candidates(conn: Connection, person: Person, row: AnyRow) -> list[people.PersonLine]:
    """Whom it is likely to be given to: who has it, who reads this, their teams and the addressed ones, who commented.
    Anybody else is typed by name."""
    teams = {team.id for team in people.teams_of(conn, person.id)}
    teams |= {line.team for line in audiences.lines_of(conn, row.place) if line.team}
    member, spoke = people.TeamMember, select(Comment.author.label("person")).where(Comment.post == row.id)
    near = union(select(member.person_id.label("person")).where(member.team_id.in_(teams)), spoke).subquery()
    ids = conn.execute(select(near.c.person).limit(MOST_OFFERED)).scalars()
    lines = people.names(conn, {row.owner, person.id, *ids} - {0}).values()
    return sorted((one for one in lines if one.active and one.role != "guest"), key=lambda one: people.fold(one.name))


# -- one comment


def comment_for(conn: Connection, person: Person, number: int) -> AnyRow:
    """A comment if this person may read it. Raises Refused 404."""
    row = conn.execute(select(Comment).where(Comment.id == number, Comment.removed == 0)).first()
    if row is None or (row.hidden and row.author != person.id):
        raise not_found()
    if post_for(conn, person, row.post).removed:
        raise not_found()
    return row


def comment_page(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """A comment with all that this reader may do with it. Raises Refused 404."""
    row = comment_for(conn, person, number)
    post = post_for(conn, person, row.post)
    answers = post.kind == "question" and (person.id in authors_of(conn, post) or is_editor(person))
    own = own_on(conn, person.id, [], [number]).get(f"like/comment-{number}", [])
    return {
        "comment": row, "post": post, "thing": _html(conn, [row], person.lang)[0], "may_answer": answers,
        "liked": likes.LIKE in own, "is_own": row.author == person.id,
        "closed": bool(post.comments_closed or post.hidden), "reactions": likes.reactors(conn, f"comment-{number}"),
    }  # fmt: skip


def source(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """What its author wrote, to be changed. Raises Refused 404."""
    row = comment_for(conn, person, number)
    if row.author != person.id:
        raise not_found()
    return {"text": row.text, "rev": row.rev, "post": row.post}


def earlier_comment(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """Former texts of a comment, for its author. Raises Refused 404."""
    row = comment_for(conn, person, number)
    if row.author != person.id:
        raise not_found()
    rows = conn.execute(
        select(CommentEarlier).where(CommentEarlier.comment == number).order_by(CommentEarlier.rev.desc())
    )
    texts = [{"html": Markup(one.html), "until": one.until} for one in rows]
    return {"comment": row, "html": Markup(row.html), "texts": texts}


def reactors(conn: Connection, person: Person, post: int, comment: int) -> dict[str, Any]:
    """Who reacted with what to a post or a comment. Raises Refused 404."""
    if comment:
        comment_for(conn, person, comment)
        return {"reactions": likes.reactors(conn, f"comment-{comment}")}
    if post_for(conn, person, post).removed:
        raise not_found()
    return {"reactions": likes.reactors(conn, f"post-{post}")}
