"""What people change about themselves, and what administrators change about others."""

import re
from typing import Any

import msgspec
from sqlalchemy import delete, update

from intranet.kernel import Person, Refused, Tx, hashed, not_found, tidy
from intranet.kernel import clock as kernel_clock
from intranet.people.access import (
    HIGH,
    known,
    must_administer,
    must_be_here,
    must_keep_owner,
    must_manage,
)
from intranet.people.checks import clean_email, clean_role
from intranet.people.models import Invitation, PersonRow, Reset
from intranet.people.writes import (
    Admit,
    Deactivate,
    Invite,
    Photo,
    Profile,
    Reactivate,
    RevokeInvitation,
)

from .common import change_person, cleaned, end_sessions, must_be_free, set_teams, stands_anew
from .teams import known_teams

LONGEST_INVITATION = 90


# -- oneself


def profile(tx: Tx, person: Person, write: Profile) -> dict[str, Any]:
    """The own profile; role, address and teams are the administrators'."""
    values = cleaned(_given(write, "name", "title", "site", "phone", "side", "lang", "zone"))
    change_person(tx, known(tx.conn, person.id), values, person.id)
    return {"mine": ["profile"]}


def photo(tx: Tx, person: Person, write: Photo) -> dict[str, Any]:
    """Its bytes lie in the person's own folder already; another hash than one of theirs shows nothing."""
    if write.photo and not re.fullmatch(r"[0-9a-f]{32}", write.photo):
        raise Refused(422, "photo-odd")
    tx.change(update(PersonRow).where(PersonRow.id == person.id).values(photo=write.photo))
    tx.mine(person.id, "profile")
    return {"mine": ["profile"]}


# -- others


def admit(tx: Tx, person: Person, write: Admit) -> dict[str, Any]:
    """An administrator changes somebody; of owners and administrators only an owner does."""
    must_administer(person)
    row = known(tx.conn, write.person)
    values = cleaned(_given(write, "name", "email", "role", "side", "title", "site", "phone"))
    role = values.get("role", row.role)
    if (role, values.get("email", row.email)) != (row.role, row.email):
        must_be_here(person)  # an address of one's own or a higher role would outlast the token
    if row.id != person.id or role != row.role:
        must_manage(person, row.role)
        must_manage(person, role)
    if row.role == "owner" and role != "owner" and row.active:
        must_keep_owner(tx.conn, row.id)
    change_person(tx, row, values, person.id)
    _set_teams(tx, person, row.id, role, write.teams)
    if role != row.role:
        _role_changed(tx, row.id, role)
    return {"goto": f"/admin/people/{row.id}?done=saved"}


def _set_teams(tx: Tx, person: Person, changed: int, role: str, teams: list[int] | None) -> None:
    wanted = known_teams(tx.conn, teams or [])
    if role == "guest" and wanted:
        raise Refused(422, "guest-in-team")
    if teams is not None or role == "guest":
        set_teams(tx, changed, wanted, person.id)


def _role_changed(tx: Tx, person: int, role: str) -> None:
    if role not in HIGH:
        tx.change(delete(Invitation).where(Invitation.by == person))


def deactivate(tx: Tx, person: Person, write: Deactivate) -> dict[str, Any]:
    """Sessions, tokens and links end at once; what the person wrote keeps its name."""
    row = known(tx.conn, write.person)
    if row.id == person.id:
        raise Refused(409, "not-oneself")
    must_manage(person, row.role)
    if row.role == "owner" and row.active:
        must_keep_owner(tx.conn, row.id)
    tx.change(update(PersonRow).where(PersonRow.id == row.id).values(active=False))
    tx.change(delete(Reset).where(Reset.person_id == row.id))
    tx.change(delete(Invitation).where(Invitation.by == row.id))
    end_sessions(tx, row.id)
    tx.record_later(0, "people.deactivated", str(row.id), person.id)
    stands_anew(tx, row.id, person.id)
    return {"goto": f"/admin/people/{row.id}"}


def reactivate(tx: Tx, person: Person, write: Reactivate) -> dict[str, Any]:
    """The account is as it was; signing in goes by the old password or a new link."""
    row = known(tx.conn, write.person)
    must_manage(person, row.role)
    tx.change(update(PersonRow).where(PersonRow.id == row.id).values(active=True))
    stands_anew(tx, row.id, person.id)
    return {"goto": f"/admin/people/{row.id}"}


# -- invitations


def invite(tx: Tx, person: Person, write: Invite) -> dict[str, Any]:
    """A link. With an address it lets one in and is mailed where mail is set up; with a team alone it lets many in."""
    must_be_here(person)
    must_manage(person, clean_role(write.role))
    email = clean_email(write.email) if write.email.strip() else ""
    team = next(iter(known_teams(tx.conn, [write.team])), None)
    if email:
        must_be_free(tx, email)
    elif team is None:
        raise Refused(422, "invite-nobody")
    if write.role == "guest" and team is not None:
        raise Refused(422, "guest-in-team")
    if (write.role in HIGH and not email) or write.role == "owner":
        raise Refused(422, "invite-high")
    if not 1 <= write.days <= LONGEST_INVITATION:
        raise Refused(422, "days-odd")
    token = tx.token(write, "invitation")
    row = {
        "secret": hashed(token), "by": person.id, "name": tidy(write.name)[:80], "email": email, "role": write.role,
        "team_id": team, "many": not email, "made": tx.now, "until": tx.now + write.days * kernel_clock.DAY,
    }  # fmt: skip
    tx.change(delete(Invitation).where(Invitation.until < tx.now - 30 * kernel_clock.DAY))
    tx.add(Invitation, row)
    if email:
        tx.job("people.mail_invitation", {"by": person.id, "write": write.id})
    return {"link": f"/invitation/{token}"}


def revoke_invitation(tx: Tx, person: Person, write: RevokeInvitation) -> None:
    """Any administrator may: a link that lets people in is everybody's matter."""
    must_administer(person)
    if not tx.change(delete(Invitation).where(Invitation.id == write.invitation)):
        raise not_found()


def _given(write: Any, *names: str) -> dict[str, Any]:
    values = msgspec.structs.asdict(write)
    return {name: values[name] for name in names}
