"""Who decides about reports, and which of them a person sees."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, false, or_, select, true

from intranet import people
from intranet.channels import Member
from intranet.kernel import AnyRow, Person, Refused, not_found

from .models import Report


def _moderated(person: Any) -> ColumnElement[bool]:
    """The condition that a report is about a message of a channel that this person moderates."""
    own = select(Member.channel).where(Member.person == person, Member.role == "moderator")
    return and_(Report.subject.startswith("m-"), Report.place.in_(own))


def seen_by(person: Person) -> ColumnElement[bool]:
    """The condition for the reports that a person decides about: administrators all, moderators their channels'."""
    if person.is_admin:
        return true()
    return false() if person.is_guest else _moderated(person.id)


def must_decide(conn: Connection, person: Person) -> None:
    """Raises Refused 403 for who neither administers nor moderates anything."""
    if person.is_admin:
        return
    own = select(Member.channel).where(Member.person == person.id, Member.role == "moderator").limit(1)
    if person.is_guest or conn.execute(own).first() is None:
        raise Refused(403, "not-allowed")


def report_for(conn: Connection, person: Person, report: int) -> AnyRow:
    """A report that this person decides about; to others there is none. Raises Refused 404."""
    row = conn.execute(select(Report).where(Report.id == report, seen_by(person))).first()
    if row is None:
        raise not_found()
    return row


def deciders(conn: Connection, subject: str, place: int) -> set[int]:
    """Who is told of a report: administrators, and of a message the channel's moderators."""
    found = set(conn.execute(select(people.PersonRow.id).where(_administers())).scalars())
    if subject.startswith("m-"):
        own = select(Member.person).where(Member.channel == place, Member.role == "moderator")
        moderators = people.names(conn, list(conn.execute(own).scalars()))
        found |= {one.id for one in moderators.values() if one.role != "guest"}
    return found


def _administers() -> ColumnElement[bool]:
    return and_(people.PersonRow.role.in_(people.HIGH), people.PersonRow.active)


def may_see_files(person: int, report: ColumnElement[int]) -> ColumnElement[bool]:
    """The readable rule of a report's files: of those who decide about it."""
    is_admin = exists().where(people.PersonRow.id == person, _administers())
    is_guest = exists().where(people.PersonRow.id == person, people.PersonRow.role == "guest")
    return exists().where(Report.id == report, or_(is_admin, and_(_moderated(person), ~is_guest)))
