"""The own devices and access tokens, as their list shows them."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from intranet.kernel import Person, hashed, not_found

from .access import SESSION_DAYS, today
from .models import Session


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in device or a token; days since 1970."""

    id: str
    label: str
    made: int
    seen: int
    this: bool


def devices(conn: Connection, person: Person) -> list[Device]:
    """Where the person is signed in: this device first, then by last use."""
    listed = _listed(conn, person, "cookie", today() - SESSION_DAYS)
    return sorted(listed, key=lambda one: (not one.this, -one.seen, -one.made, one.id))


def tokens(conn: Connection, person: Person) -> list[Device]:
    """The person's access tokens, the newest first."""
    return sorted(_listed(conn, person, "token", 0), key=lambda one: (-one.made, one.label))


def token_of(conn: Connection, person: Person, secret: str) -> str:
    """What the person's token with this secret is called. Raises Refused 404."""
    own = (Session.person_id == person.id) & (Session.kind == "token") & (Session.secret == hashed(secret))
    label = conn.execute(select(Session.label).where(own)).scalar()
    if label is None:
        raise not_found()
    return str(label)


def _listed(conn: Connection, person: Person, kind: str, since: int) -> list[Device]:
    rows = conn.execute(
        select(Session.id, Session.label, Session.made, Session.seen)
        .where(Session.person_id == person.id, Session.kind == kind, Session.seen >= since)
    )  # fmt: skip
    return [Device(row.id, row.label, row.made, row.seen, row.id == person.session) for row in rows]
