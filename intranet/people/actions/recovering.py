"""A new password: by mail, by an administrator's link, or with the old one."""

import secrets
from typing import Any

from sqlalchemy import Connection, delete, select, update

from intranet.kernel import AnyRow, Person, Refused, Tx, clock, hashed, not_found
from intranet.people.access import known, must_administer, must_be_here, must_manage
from intranet.people.checks import clean_email, clean_password
from intranet.people.links import mailed, purpose, without_link
from intranet.people.models import PersonRow, Reset
from intranet.people.passwords import hash_of, is_right
from intranet.people.throttle import forgive
from intranet.people.writes import ChangePassword, LetIn, MailReset, ResetLink, ResetRequest
from intranet.people.writes import Reset as ResetWrite

from .common import end_sessions, open_session
from .entering import Entrance, made_hash

LINK_LASTS = 3 * clock.DAY
MAIL_LASTS = clock.HOUR
FIRST_LASTS = 14 * clock.DAY  # as invitations do
MOST_HANDED = 200  # on one page, with a picture each
_OWNER = (
    PersonRow.id,
    PersonRow.name,
    PersonRow.email,
    PersonRow.lang,
    Reset.until,
    (PersonRow.password == "").label("first"),
)


def reset_link(tx: Tx, person: Person, write: ResetLink) -> dict[str, Any]:
    """A link that an administrator hands over. It opens once; using it signs the person out everywhere else."""
    row = known(tx.conn, write.person)
    must_manage(person, row.role)
    must_be_here(person)
    if not row.active:
        raise not_found()
    token = tx.token(write, "reset")
    _keep(tx, row.id, hashed(token), LINK_LASTS)
    return {"link": f"/reset/{token}"}


def let_in(tx: Tx, person: Person, write: LetIn) -> dict[str, Any]:
    """Links as `reset_link` makes them, for everybody who waits for one; on a page only as many as fit there."""
    must_administer(person)
    must_be_here(person)
    if write.mail and not tx.settings.smtp_host:
        raise Refused(422, "mail-off")
    waiting = without_link(tx.conn, person)[: None if write.mail else MOST_HANDED]
    if not waiting:
        raise Refused(409, "nobody-waits")
    tx.change(delete(Reset).where(Reset.until < tx.now))
    for one, _email in waiting:
        token = tx.token(write, mailed(one) if write.mail else purpose(one))
        tx.add(Reset, {"secret": hashed(token), "person_id": one, "until": tx.now + FIRST_LASTS})
        if write.mail:
            tx.job("people.mail_first", {"by": person.id, "write": write.id, "person": one})
    sent = f"/admin/people?state=invited&sent={len(waiting)}"
    return {"goto": sent if write.mail else f"/admin/links/{write.id}"}


def account_of(_person: Person, write: ResetRequest) -> str:
    """Whose mail it would be."""
    return write.email.strip().lower()[:254]


def reset_request(tx: Tx, _person: Person, write: ResetRequest) -> None:
    """A job finds out whether there is such an account: the answer is the same and as quick for everybody."""
    tx.job("people.mail_reset", {"email": clean_email(write.email)})


def mail_reset(tx: Tx, _person: Person, write: MailReset) -> None:
    """Keep the hash of the link that a mail will carry."""
    _keep(tx, write.person, write.secret, MAIL_LASTS)


def _keep(tx: Tx, person: int, secret: str, lasts: int) -> None:
    tx.change(delete(Reset).where((Reset.person_id == person) | (Reset.until < tx.now)))
    tx.add(Reset, {"secret": secret, "person_id": person, "until": tx.now + lasts})


def reset_owner(conn: Connection, token: str) -> AnyRow:
    """Whose password this link changes: id, name, address, until when, whether it is the first. Raises Refused 404."""
    row = conn.execute(
        select(*_OWNER)
        .join(Reset, Reset.person_id == PersonRow.id)
        .where(Reset.secret == hashed(token), Reset.until > clock.now(), PersonRow.active)
    ).first()
    if row is None:
        raise Refused(404, "link-dead")
    return row


def load_reset(conn: Connection, _person: Person, write: ResetWrite) -> str | None:
    """The account's address, or None when the link is dead."""
    try:
        return str(reset_owner(conn, write.token).email)
    except Refused:
        return None


def hash_reset(write: ResetWrite, email: str | None) -> Entrance:
    """The new hash, if the link is alive. Raises Refused 422."""
    password = clean_password(write.password, email or "")
    return Entrance(secrets.token_hex(32), hash_of(password) if email else "")


def reset(tx: Tx, person: Person, write: ResetWrite) -> dict[str, Any]:
    """Spend the link; every session and token ends, this device comes in."""
    row = reset_owner(tx.conn, write.token)
    if tx.change(delete(Reset).where(Reset.secret == hashed(write.token))) != 1:
        raise Refused(404, "link-dead")
    _set_password(tx, row.id, made_hash(tx))
    end_sessions(tx, row.id)
    forgive(tx, "reset", "", person.address)
    forgive(tx, "sign-in", row.email, "")
    open_session(tx, row.id, tx.prepared.secret, write.device)
    return {"place": row.id, "set_session": tx.prepared.secret, "goto": "/welcome" if row.first else "/"}


def load_change(conn: Connection, person: Person, _write: ChangePassword) -> tuple[str, str]:
    """The stored hash and the address."""
    row = known(conn, person.id)
    return row.password, row.email


def check_and_hash(write: ChangePassword, loaded: tuple[str, str]) -> tuple[bool, str, str]:
    """Whether the old one is right, its hash, and the new one's. Raises Refused 422."""
    stored, email = loaded
    new = clean_password(write.new, email)
    right = is_right(stored, write.old[:1000])
    return right, stored, hash_of(new) if right else ""


def change_password(tx: Tx, person: Person, _write: ChangePassword) -> None:
    """Every other device is signed out; access tokens stay, they are a list of their own."""
    right, stored, new = tx.prepared
    must_be_here(person)
    if not right or known(tx.conn, person.id).password != stored:
        raise Refused(403, "password-wrong")
    forgive(tx, "change-password", str(person.id), person.address)
    _set_password(tx, person.id, new)
    end_sessions(tx, person.id, tokens=False, but=person.session)


def _set_password(tx: Tx, person: int, new: str) -> None:
    tx.change(update(PersonRow).where(PersonRow.id == person).values(password=new))
    tx.change(delete(Reset).where(Reset.person_id == person))
