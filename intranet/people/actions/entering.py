"""Coming in: the first owner, a password, an invitation; and going out."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from intranet.kernel import Installation, Person, Refused, Tx, clock, hashed, not_found, tidy
from intranet.people.checks import clean_email, clean_password
from intranet.people.models import Invitation, PersonRow
from intranet.people.passwords import hash_of, is_right
from intranet.people.throttle import forgive
from intranet.people.writes import Accept, Enter, Make, OpenSetUp, SetUp, SignIn, SignOut

from .common import cleaned, end_sessions, join_team, new_person, open_session, set_teams

SET_UP = "set_up"
MADE = ("name", "email", "role", "side", "title", "site", "phone", "lang")


@dataclass(frozen=True, slots=True)
class Entrance:
    """What `prepare` made: a hash to store, or whether the password is right; and the secret of the new session."""

    secret: str
    hash: str = ""
    right: bool = False


def has_owner(conn: Connection) -> bool:
    """Whether the house has ever had an owner; until then the set-up link works."""
    return conn.execute(select(PersonRow.id).where(PersonRow.role == "owner").limit(1)).first() is not None


# -- set up


def open_set_up(tx: Tx, _person: Person, write: OpenSetUp) -> None:
    """Keep the hash of the link that the start prints, as long as nobody owns the house."""
    if has_owner(tx.conn):
        raise Refused(409, "set-up-done")
    tx.upsert(Installation, {"key": SET_UP, "value": write.secret})


def make(tx: Tx, person: Person, write: Make) -> dict[str, Any]:
    """An account as its maker says, for tools of the house: sample company, tests."""
    values = cleaned({name: getattr(write, name) for name in MADE})
    made = new_person(tx, {**values, "zone": write.zone}, write.hash)
    set_teams(tx, made, set(write.teams), max(person.id, 0))
    return {"place": made, "person": made}


def must_open_set_up(conn: Connection, token: str) -> None:
    """Raises Refused 409 when the house has an owner, 404 for another link than the one that was printed."""
    if has_owner(conn):
        raise Refused(409, "set-up-done")
    stored = conn.execute(select(Installation.value).where(Installation.key == SET_UP)).scalar()
    if not stored or not secrets.compare_digest(stored, hashed(token)):
        raise Refused(404, "link-dead")


def load_set_up(conn: Connection, _person: Person, write: SetUp) -> bool:
    """Whether the costly hash is worth it. Refusing is left to the verb: a repeat is answered from its receipt."""
    try:
        must_open_set_up(conn, write.token)
    except Refused:
        return False
    return True


def hash_new(write: SetUp | Accept, worth: bool) -> Entrance:
    """The hash of a good password. Raises Refused 422."""
    password = clean_password(write.password, write.email, tidy(write.name))
    return Entrance(secrets.token_hex(32), hash_of(password) if worth else "")


def made_hash(tx: Tx) -> str:
    """The hash that was prepared. Raises Refused 409 if it was not thought worth it, but now would be."""
    if not tx.prepared.hash:
        raise Refused(409, "conflict")
    return str(tx.prepared.hash)


def set_up(tx: Tx, _person: Person, write: SetUp) -> dict[str, Any]:
    """The first account owns the house; the link is spent."""
    must_open_set_up(tx.conn, write.token)
    values = cleaned({"name": write.name, "email": write.email, "side": write.side, "lang": write.lang})
    if tx.change(delete(Installation).where(Installation.key == SET_UP)) != 1:
        raise Refused(404, "link-dead")  # another node was first
    owner = new_person(tx, {**values, "role": "owner"}, made_hash(tx))
    open_session(tx, owner, tx.prepared.secret, write.device)
    return {"place": owner, "set_session": tx.prepared.secret}


# -- sign in and out


def account_of(_person: Person, write: SignIn) -> str:
    """Whose password is tried."""
    return tidy(write.email).lower()[:254]


def load_sign_in(conn: Connection, _person: Person, write: SignIn) -> str:
    """The stored hash, or nothing."""
    account = tidy(write.email).lower()[:254]
    stored = conn.execute(select(PersonRow.password).where(PersonRow.email == account, PersonRow.active)).scalar()
    return stored or ""


def check_password(write: SignIn, stored: str) -> Entrance:
    """The same work for somebody unknown."""
    return Entrance(secrets.token_hex(32), right=is_right(stored, write.password[:1000]), hash=stored)


def sign_in(tx: Tx, person: Person, write: SignIn) -> dict[str, Any]:
    """A new session. The hash must still be the one that was checked: it may have changed meanwhile."""
    account = tidy(write.email).lower()[:254]
    row = tx.read(
        select(PersonRow.id)
        .where(PersonRow.email == account, PersonRow.active)
        .where(PersonRow.password != "", PersonRow.password == tx.prepared.hash)
    ).first()
    if row is None or not tx.prepared.right:
        raise Refused(401, "sign-in-wrong")
    forgive(tx, "sign-in", account, person.address)
    open_session(tx, row.id, tx.prepared.secret, write.device)
    return {"place": row.id, "set_session": tx.prepared.secret, "goto": inside(write.next)}


def enter(tx: Tx, _person: Person, write: Enter) -> dict[str, Any]:
    """A session for who is named. Raises Refused 404 for nobody active."""
    if tx.read(select(PersonRow.id).where(PersonRow.id == write.person, PersonRow.active)).first() is None:
        raise not_found()
    open_session(tx, write.person, write.secret, write.device)
    return {"place": write.person}


def inside(path: str) -> str:
    """A path on this server, or the start page: a link must not lead elsewhere."""
    good = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and len(path) < 2000
    return path if good else "/"


def sign_out(tx: Tx, person: Person, _write: SignOut) -> dict[str, Any]:
    """End the session that asks; without one there is nothing to end."""
    if person.session:
        end_sessions(tx, person.id, only=person.session)
    return {"clear_session": True}


# -- invitation


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation says."""

    id: int
    by: int
    name: str
    email: str
    role: str
    team_id: int | None
    many: bool


def invitation(conn: Connection, token: str) -> Invited:
    """The open invitation of this link. Raises Refused 404."""
    columns = (getattr(Invitation, name) for name in Invited.__slots__)
    row = conn.execute(
        select(*columns).where(Invitation.secret == hashed(token), Invitation.until > clock.now())
    ).first()  # fmt: skip
    if row is None:
        raise Refused(404, "link-dead")
    return Invited(*row)


def load_accept(conn: Connection, _person: Person, write: Accept) -> bool:
    """Whether the costly hash is worth it; see `load_set_up`."""
    try:
        found = invitation(conn, write.token)
        email = clean_email(found.email or write.email)
    except Refused:
        return False
    return conn.execute(select(PersonRow.id).where(PersonRow.email == email)).first() is None


def accept(tx: Tx, person: Person, write: Accept) -> dict[str, Any]:
    """Make the account, join the team; a single invitation is spent by exactly one."""
    found = invitation(tx.conn, write.token)
    email = found.email or write.email
    values = cleaned({"name": write.name, "email": email, "side": write.side, "lang": write.lang})
    if not found.many and tx.change(delete(Invitation).where(Invitation.id == found.id)) != 1:
        raise Refused(404, "link-dead")
    made = new_person(tx, {**values, "role": found.role}, made_hash(tx))
    if found.team_id and found.role != "guest":
        join_team(tx, found.team_id, made, made)
    forgive(tx, "accept", "", person.address)
    open_session(tx, made, tx.prepared.secret, write.device)
    return {"place": made, "set_session": tx.prepared.secret}
