"""The list of devices and access tokens, and how they end."""

from typing import Any

from sqlalchemy import func, select, update

from intranet.kernel import Person, Refused, Tx, not_found
from intranet.people.access import known, must_be_here, must_manage, today
from intranet.people.checks import clean_name
from intranet.people.models import Session
from intranet.people.writes import MakeToken, RevokeSession, Seen, Shown

from .common import add_session, end_sessions

MOST_TOKENS = 20
TOKEN_MARK = "binnen_"  # noqa: S105 a mark by which leaked tokens are recognised, not a secret


def revoke_session(tx: Tx, person: Person, write: RevokeSession) -> dict[str, Any]:
    """Open sockets of what ends are closed at once."""
    if write.person and write.person != person.id:
        row = known(tx.conn, write.person)
        must_manage(person, row.role)
        end_sessions(tx, row.id)
        return {"goto": f"/admin/people/{row.id}?done=signed-out"}
    if write.others:
        end_sessions(tx, person.id, tokens=False, but=person.session)
        return {"goto": "/me/sessions?done=others"}
    if not write.session or not end_sessions(tx, person.id, only=write.session):
        raise not_found()
    own = write.session == person.session
    return {"clear_session": own, "goto": "/sign-in" if own else "/me/sessions"}


def make_token(tx: Tx, person: Person, write: MakeToken) -> dict[str, Any]:
    """The secret leaves in this answer; only its hash stays."""
    must_be_here(person)
    have = select(func.count()).select_from(Session).where(Session.person_id == person.id, Session.kind == "token")
    if tx.read(have).scalar_one() >= MOST_TOKENS:
        raise Refused(422, "too-many-tokens", most=MOST_TOKENS)
    secret = TOKEN_MARK + tx.token(write, "access")
    session = add_session(tx, person.id, "token", secret, clean_name(write.name))
    return {"token": secret, "session": session}


def seen(tx: Tx, _person: Person, write: Seen) -> None:
    """The session was used today: the day, and nothing finer."""
    day = today(tx.now)
    tx.change(update(Session).where(Session.id == write.session, Session.seen < day).values(seen=day))


def shown(_tx: Tx, _person: Person, _write: Shown) -> None:
    """Nothing: its receipt is the memory that a secret was on the screen once."""
