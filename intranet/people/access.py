"""Who speaks, and who may do what to whom."""

from collections.abc import Sequence
from typing import cast, get_args

from sqlalchemy import Connection, bindparam, select

from intranet.kernel import AnyRow, AnySelect, Person, Ready, Refused, Role, Side, Standing, clock, hashed, not_found

from .models import PersonRow, Session

ROLES: tuple[str, ...] = get_args(Role)
SIDES: tuple[str, ...] = get_args(Side)
HIGH = ("owner", "administrator")
_ACTOR = (PersonRow.id, PersonRow.name, PersonRow.role, PersonRow.lang, PersonRow.side)
SESSION_DAYS = 90  # a device that was not here for so long is signed out


def today(now: int | None = None) -> int:
    """Days since 1970, in UTC: as precisely as sessions know time."""
    return (clock.now() if now is None else now) // clock.DAY


def authenticate(conn: Connection, kind: str, secret: str) -> Person | None:
    """Who holds this cookie or token, if they are active and the session is not revoked or forgotten."""
    row = conn.execute(_open_sessions().where(Session.secret == hashed(secret), Session.kind == kind)).first()
    return _person(row, row.session) if row else None


def sessions(conn: Connection, people: Sequence[int]) -> dict[str, Person]:
    """Who speaks by each open session of these people, as they are now."""
    rows = conn.execute(_open_sessions().where(Session.person_id.in_(people)))
    return {row.session: _person(row, row.session) for row in rows}


def _open_sessions() -> AnySelect:
    return (
        select(*_ACTOR, Session.id.label("session"))
        .join(Session, Session.person_id == PersonRow.id)
        .where(PersonRow.active, (Session.kind == "token") | (Session.seen >= today() - SESSION_DAYS))
    )


def person_of(conn: Connection, person_id: int) -> Person | None:
    """The actor with this id if active, speaking by no session: for jobs and the house's own tools."""
    row = conn.execute(select(*_ACTOR).where(PersonRow.id == person_id, PersonRow.active)).first()
    return _person(row, "") if row else None


def _person(row: AnyRow, session: str) -> Person:
    return Person(row.id, row.name, cast(Role, row.role), row.lang, cast(Side, row.side), session)


_STANDING = Ready(
    select(PersonRow.id, PersonRow.role, PersonRow.active, Session.id.label("session"))
    .outerjoin(Session, (Session.person_id == PersonRow.id) & Session.id.in_(bindparam("sessions", expanding=True)))
    .where(PersonRow.id.in_(bindparam("ids", expanding=True)))
)


def actors(conn: Connection, ids: Sequence[int], sessions: Sequence[str]) -> Standing:
    """Role and whether active, as they are now, and which of these sessions have not been ended."""
    rows = _STANDING.all(conn, {"ids": ids, "sessions": sessions})
    return {row.id: (row.role, row.active) for row in rows}, {row.session for row in rows if row.session}


def known(conn: Connection, person_id: int) -> AnyRow:
    """A person's whole row. Raises Refused 404."""
    row = conn.execute(select(*PersonRow.__table__.columns).where(PersonRow.id == person_id)).first()
    if row is None:
        raise not_found()
    return row


def must_administer(person: Person) -> None:
    """Raises Refused 403 for everybody but owners and administrators."""
    if not person.is_admin:
        raise Refused(403, "not-allowed")


def may_manage(person: Person, role: str) -> bool:
    """Owners manage everybody; administrators everybody below administrators."""
    return person.role == "owner" or (person.role == "administrator" and role not in HIGH)


def must_manage(person: Person, role: str) -> None:
    """Raises Refused 403 unless `person` may change somebody of this role, or give it."""
    must_administer(person)
    if not may_manage(person, role):
        raise Refused(403, "only-owners")


def must_keep_owner(conn: Connection, person_id: int) -> None:
    """Raises Refused 409 when this is the last active owner. Locks the owners, so that two can't leave at once."""
    rows = conn.execute(
        select(PersonRow.id).where(PersonRow.role == "owner", PersonRow.active).order_by(PersonRow.id).with_for_update()
    )
    if [row.id for row in rows] == [person_id]:
        raise Refused(409, "last-owner")


def must_be_here(person: Person) -> None:
    """Raises Refused 403 for access tokens: a stolen one must not be able to make itself lasting."""
    if person.session.startswith("t"):
        raise Refused(403, "not-by-token")
