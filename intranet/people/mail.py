"""The mails of this room: a link for a new password, and invitations. Plain text, in the reader's language."""

import re
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

import aiosmtplib
from sqlalchemy import Connection, select

from intranet.kernel import (
    SYSTEM,
    AnyRow,
    House,
    JobKind,
    Person,
    Refused,
    _,
    clock,
    hashed,
    job_write_id,
    render,
    words,
)

from .actions.recovering import reset_owner
from .invitations import Invited, open_invitations
from .lines import names
from .links import mailed
from .models import PersonRow
from .writes import MailReset

SECONDS = 30
SUBJECT_RESET = _("A new password for {organisation}")
SUBJECT_INVITATION = _("{name} invites to {organisation}")


async def send_reset(house: House, payload: dict[str, Any], job: int) -> None:
    """The link, if somebody active has this address; nobody learns whether. The same link at every attempt."""
    found = await house.read(_account, payload["email"])
    if found is None or not house.settings.smtp_host:
        return
    write = job_write_id(job)
    token = house.keys.token(found.id, write, "reset")
    await house.perform(SYSTEM, MailReset(id=write, person=found.id, secret=hashed(token)))
    subject = words(found.lang).gettext(SUBJECT_RESET).format(organisation=house.settings.name)
    context = {"name": found.name, "link": f"{_base(house)}/reset/{token}", "organisation": house.settings.name}
    await _send(house, payload["email"], subject, _text("people/mail_reset.txt", found.lang, context))


async def send_invitation(house: House, payload: dict[str, Any], job: int) -> None:
    """The link, unless it was withdrawn or used meanwhile. Its reader has no language here yet: the house's."""
    token = house.keys.token(payload["by"], payload["write"], "invitation")
    found: Invited | None = next(iter(await house.read(open_invitations, token)), None)
    if found is None or not found.email or not house.settings.smtp_host:
        return
    letter = {"name": found.name, "by": found.by, "link": f"{_base(house)}/invitation/{token}", "first": False}
    await _invite(house, found.email, house.settings.language, found.until, letter)


async def send_first(house: House, payload: dict[str, Any], job: int) -> None:
    """The link of somebody whom a list has made, unless it was used or replaced meanwhile."""
    token = house.keys.token(payload["by"], payload["write"], mailed(payload["person"]))
    found = await house.read(_waiting, token)
    by = (await house.read(names, [payload["by"]])).get(payload["by"])
    if found is None or by is None or not house.settings.smtp_host:
        return
    letter = {"name": found.name, "by": by.name, "link": f"{_base(house)}/reset/{token}", "first": True}
    await _invite(house, found.email, found.lang, found.until, letter)


async def _invite(house: House, to: str, lang: str, until: int, letter: dict[str, Any]) -> None:
    name = house.settings.name
    subject = words(lang).gettext(SUBJECT_INVITATION).format(name=letter["by"], organisation=name)
    context = letter | {"days": max(1, round((until - clock.now()) / clock.DAY)), "organisation": name}
    await _send(house, to, subject, _text("people/mail_invitation.txt", lang, context))


def _waiting(conn: Connection, token: str) -> AnyRow | None:
    try:
        found = reset_owner(conn, token)
    except Refused:
        return None
    return found if found.first else None


def _account(conn: Connection, email: str) -> Person | None:
    row = conn.execute(
        select(PersonRow.id, PersonRow.name, PersonRow.lang).where(PersonRow.email == email, PersonRow.active)
    ).first()
    return Person(row.id, row.name, lang=row.lang) if row else None


def _base(house: House) -> str:
    """Never what a request said: a forged Host must not lead anybody's link elsewhere."""
    settings = house.settings
    return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"


def _text(template: str, lang: str, context: dict[str, Any]) -> str:
    return re.sub(r"\n{3,}", "\n\n", render(template, lang, **context)).strip() + "\n"


async def _send(house: House, to: str, subject: str, text: str) -> None:
    settings = house.settings
    message = EmailMessage()
    sender = settings.smtp_from or settings.smtp_user
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    await aiosmtplib.send(
        message, hostname=settings.smtp_host, port=settings.smtp_port, username=settings.smtp_user or None,
        password=settings.smtp_password or None, use_tls=settings.smtp_tls == "tls",
        start_tls=settings.smtp_tls == "starttls", timeout=SECONDS,
    )  # fmt: skip


JOBS = [
    JobKind("people.mail_reset", send_reset),
    JobKind("people.mail_invitation", send_invitation),
    JobKind("people.mail_first", send_first),
]
