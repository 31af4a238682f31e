"""Acknowledging a post. It is kept that a person has, never when: so nothing is logged but in their own place."""

from typing import Any

from sqlalchemy import Connection, func, select

from intranet import audiences, notices, people
from intranet.kernel import AnyRow, Person, Refused, Subject, Tx, Write, clock, not_found

from . import told
from .access import authors_of, own_post, post_for
from .by_team import shares
from .models import Acknowledged, AckReminder

MOST_REMINDERS = 3
PAUSE = clock.DAY


class Acknowledge(Write, tag="feed.acknowledge"):
    """Read and understood."""

    post: Subject


class Remind(Write, tag="feed.remind"):
    """Tell those who have not acknowledged a post once more."""

    post: Subject


def acknowledge(tx: Tx, person: Person, write: Acknowledge) -> dict[str, Any]:
    """Once and for good; again changes nothing. Raises Refused 403, 404, 410."""
    post = own_post(tx, person, write.post)
    if not is_asked(tx.conn, person, post):
        raise Refused(403, "not-asked")
    tx.upsert(Acknowledged, {"post": post.id, "person": person.id})
    notices.clear(tx, told.ack_key(post.id), [person.id])
    key = f"ack/post-{post.id}"
    tx.mine(person.id, key)
    return {"post": post.id, "mine": [key]}


def remind(tx: Tx, person: Person, write: Remind) -> dict[str, Any]:
    """By its authors, once a day and three times at most. Raises Refused 403, 404, 409, 410.

    Not 429, after which a device tries again by itself: nobody wants a reminder that goes out tomorrow unasked.
    """
    post = own_post(tx, person, write.post)
    if person.id not in authors_of(tx.conn, post):
        raise Refused(403, "not-yours")
    if not post.ack or post.hidden or post.expired:
        raise Refused(409, "nothing-asked")
    before = tx.read(select(AckReminder).where(AckReminder.post == post.id)).first()
    if before is not None and before.times >= MOST_REMINDERS:
        raise Refused(409, "reminded-enough", limit=MOST_REMINDERS)
    if before is not None and tx.now < before.at + PAUSE:
        raise Refused(409, "reminded-lately")
    missing = asked_of(tx.conn, post) - done_of(tx.conn, post.id)
    told.remind(tx, post, missing, person.id)
    times = before.times + 1 if before is not None else 1
    tx.upsert(AckReminder, {"post": post.id, "at": tx.now, "times": times})
    return {"post": post.id, "reminded": len(missing), "left": MOST_REMINDERS - times}


# -- reading


def asked_of(conn: Connection, post: AnyRow) -> set[int]:
    """Of whom it is asked: who is in the audience now, without those who wrote it."""
    return set(audiences.members(conn, post.place)) - authors_of(conn, post)


def done_of(conn: Connection, post: int) -> set[int]:
    """Who has acknowledged."""
    return set(conn.execute(select(Acknowledged.person).where(Acknowledged.post == post)).scalars())


def overview(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """For its authors: how many have, of all and by team; by name where the post says so. Raises Refused 404."""
    post = post_for(conn, person, number)
    if not post.ack or post.removed or person.id not in authors_of(conn, post):
        raise not_found()
    asked, done = asked_of(conn, post), done_of(conn, number)
    reminded = conn.execute(select(AckReminder).where(AckReminder.post == number)).first()
    teams = {team.id: team.name for team in people.teams(conn)}
    shown = [
        {"team": one.team, "name": teams[one.team], "asked": one.asked, "done": one.done}
        for one in shares(asked, done, _members(conn))
    ]
    times = reminded.times if reminded is not None else 0
    return {
        "post": post.id, "asked": len(asked), "done": len(asked & done), "teams": shown,
        "have": _names(conn, asked & done) if post.ack_names else None,
        "have_not": _names(conn, asked - done) if post.ack_names else None,
        "reminders_left": MOST_REMINDERS - times, "reminded_at": reminded.at if reminded is not None else 0,
        "may_remind": times < MOST_REMINDERS and (reminded is None or clock.now() >= reminded.at + PAUSE)
        and bool(asked - done),
    }  # fmt: skip


def _members(conn: Connection) -> dict[int, set[int]]:
    member = people.TeamMember
    found: dict[int, set[int]] = {}
    for row in conn.execute(select(member.team_id, member.person_id)):
        found.setdefault(row.team_id, set()).add(row.person_id)
    return found


def _names(conn: Connection, some: set[int]) -> list[people.PersonLine]:
    return sorted(people.names(conn, some).values(), key=lambda line: people.fold(line.name))


def count_of(conn: Connection, post: AnyRow) -> tuple[int, int]:
    """How many have acknowledged, and of how many it is asked: two counts for the post's page."""
    member = audiences.AudienceMember
    authors = authors_of(conn, post)
    asked = select(func.count()).select_from(member).where(
        member.audience == post.place, member.person.not_in(authors)
    )  # fmt: skip
    done = asked.join(Acknowledged, (Acknowledged.person == member.person) & (Acknowledged.post == post.id))
    return conn.execute(done).scalar_one(), conn.execute(asked).scalar_one()


def is_asked(conn: Connection, person: Person, post: AnyRow) -> bool:
    """Whether this person is asked to acknowledge the post."""
    if not post.ack or post.removed or person.id in authors_of(conn, post):
        return False
    return audiences.is_in(conn, person.id, post.place)
