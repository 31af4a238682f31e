"""What several verbs of this room do."""

import secrets
from typing import Any

from sqlalchemy import delete, select, update

from intranet.kernel import Refused, Tx, fold, hashed
from intranet.people.access import SESSION_DAYS, today
from intranet.people.checks import (
    clean_email,
    clean_lang,
    clean_line,
    clean_name,
    clean_phone,
    clean_role,
    clean_side,
    clean_zone,
)
from intranet.people.models import PersonRow, Session, TeamMember

CLEAN = {
    "name": clean_name, "email": clean_email, "role": clean_role, "side": clean_side, "title": clean_line,
    "site": clean_line, "phone": clean_phone, "lang": clean_lang, "zone": clean_zone,
}  # fmt: skip
FOLDED = ("name", "title", "site", "email")
STANDS_BY = {"side", "site", "role"}


def cleaned(values: dict[str, Any]) -> dict[str, Any]:
    """Those that are given, tidied. Raises Refused 422."""
    return {name: CLEAN[name](value) for name, value in values.items() if value is not None}


def new_person(tx: Tx, values: dict[str, Any], password: str = "") -> int:
    """A person with a place of their own. `values` are cleaned. Raises Refused 409 for an address that is taken."""
    row = {"role": "member", "side": "office", "title": "", "site": "", "phone": "", "lang": "de", "zone": "", **values}
    must_be_free(tx, row["email"])
    row |= {"photo": "", "active": True, "password": password, "folded": folded(row)}
    row["id"] = tx.new_place("person")
    tx.add(PersonRow, row)
    stands_anew(tx, row["id"], 0)
    return int(row["id"])


def change_person(tx: Tx, row: Any, values: dict[str, Any], actor: int) -> bool:
    """Write what differs from the person's row; whether anything did. Raises Refused 409 for a taken address."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return False
    if "email" in changed:
        must_be_free(tx, changed["email"])
    known = {name: getattr(row, name) for name in FOLDED}
    changed["folded"] = folded(known | changed)
    tx.change(update(PersonRow).where(PersonRow.id == row.id).values(**changed))
    tx.mine(row.id, "profile")
    if changed.get("role") == "guest":
        tx.record_later(0, "people.became_guest", str(row.id), actor)
    if changed.keys() & STANDS_BY:
        stands_anew(tx, row.id, actor)
    return True


def stands_anew(tx: Tx, person: int, actor: int) -> None:
    """Whoever is addressed by side, site, role, team or at all may be another now: rooms above follow this."""
    tx.mine(person, "profile")
    tx.record_later(0, "people.changed", str(person), actor)


def folded(row: dict[str, Any]) -> str:
    """What a search looks through."""
    return fold(" ".join(row[name] for name in FOLDED))


def must_be_free(tx: Tx, email: str) -> None:
    """Raises Refused 409 if somebody has this address."""
    if tx.read(select(PersonRow.id).where(PersonRow.email == email)).first():
        raise Refused(409, "email-taken")


def open_session(tx: Tx, person: int, secret: str, device: str) -> str:
    """A signed-in device; those that were not here for long are forgotten on the way."""
    day = today(tx.now)
    forgotten = (Session.kind == "cookie") & (Session.seen < day - SESSION_DAYS)
    tx.change(delete(Session).where(Session.person_id == person, forgotten))
    return add_session(tx, person, "cookie", secret, device.strip()[:80])


def add_session(tx: Tx, person: int, kind: str, secret: str, label: str) -> str:
    """A session or token; its id."""
    day = today(tx.now)
    session = kind[0].replace("c", "s") + secrets.token_hex(8)
    row = {"id": session, "person_id": person, "kind": kind, "secret": hashed(secret), "label": label}
    tx.add(Session, row | {"made": day, "seen": day})
    return session


def end_sessions(tx: Tx, person: int, *, tokens: bool = True, but: str = "", only: str = "") -> int:
    """End sessions (and tokens) and tell open sockets; how many."""
    which = (Session.person_id == person) & (Session.id != but)
    if not tokens:
        which &= Session.kind == "cookie"
    if only:
        which &= Session.id == only
    ended = [row.id for row in tx.read(select(Session.id).where(which))]
    tx.change(delete(Session).where(Session.id.in_(ended)))
    for session in ended:
        tx.announce("revoked", session)
    if ended:
        tx.mine(person, "session")  # the announcement may be lost, and other nodes do not hear it
    return len(ended)


# -- teams


def join_team(tx: Tx, team: int, person: int, actor: int) -> None:
    """In, and logged in the team's place, so that whoever follows the team (its channels) can."""
    tx.add(TeamMember, {"team_id": team, "person_id": person})
    tx.record_later(team, "people.team_joined", str(person), actor)


def leave_team(tx: Tx, team: int, person: int, actor: int) -> None:
    """Out, and logged."""
    if tx.change(delete(TeamMember).where(TeamMember.team_id == team, TeamMember.person_id == person)):
        tx.record_later(team, "people.team_left", str(person), actor)


def set_teams(tx: Tx, person: int, wanted: set[int], actor: int) -> bool:
    """Exactly these teams; whether anything changed."""
    have = {row.team_id for row in tx.read(select(TeamMember.team_id).where(TeamMember.person_id == person))}
    for team in sorted(wanted - have):
        join_team(tx, team, person, actor)
    for team in sorted(have - wanted):
        leave_team(tx, team, person, actor)
    if wanted != have:
        tx.mine(person, "profile")
    return wanted != have
