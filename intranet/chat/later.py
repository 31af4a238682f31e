"""Messages that wait for their time."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, select, update

from intranet.channels import may_write
from intranet.kernel import SYSTEM, AnyRow, House, Person, Refused, Tx, job_write_id, not_found
from intranet.people import person_of

from .access import topic_in
from .actions import post
from .models import Scheduled
from .writes import FURTHEST, Due, Reschedule, Schedule, Unschedule, Unsent, clean_text, clean_topic

MOST_SCHEDULED = 100
CHANGED = "planned-otherwise"


def schedule(tx: Tx, person: Person, write: Schedule) -> dict[str, Any]:
    """Keep a message until its time. Raises Refused 404, 403, 413, 422, 429."""
    channel = may_write(tx, person, tx.place)
    text = clean_text(write.text, empty=False)
    _must_be_ahead(tx, write.at)
    if write.topic:
        topic_in(tx.conn, channel, write.topic)
    have = select(func.count()).select_from(Scheduled).where(Scheduled.person == person.id)
    if tx.read(have).scalar_one() >= MOST_SCHEDULED:
        raise Refused(429, "too-many-scheduled", limit=MOST_SCHEDULED)
    scheduled = tx.make(Scheduled, {
        "person": person.id, "channel": tx.place, "at": write.at, "text": text, "topic": write.topic,
        "topic_name": clean_topic(write.topic_name) if write.topic_name else "", "reply_to": write.reply_to,
        "refused": "",
    })  # fmt: skip
    _send_at(tx, scheduled, write.at)
    return _changed(tx, person, scheduled)


def reschedule(tx: Tx, person: Person, write: Reschedule) -> dict[str, Any]:
    """Another text or time. Raises Refused 404 when it went out already or is somebody else's; 413, 422."""
    row = tx.read(select(Scheduled).where(*_own(person, write.scheduled))).first()
    if row is None:
        raise not_found()
    text = row.text if write.text is None else clean_text(write.text, empty=False)
    at = write.at or (_in_zone(write.local, tx.settings.zone) if write.local else row.at)
    if at != row.at or row.refused:
        _must_be_ahead(tx, at)
        _send_at(tx, row.id, at)
    tx.change(update(Scheduled).where(Scheduled.id == row.id).values(text=text, at=at, refused=""))
    return _changed(tx, person, row.id)


def unschedule(tx: Tx, person: Person, write: Unschedule) -> dict[str, Any]:
    """Don't send it. Raises Refused 404: it went out already, or is somebody else's."""
    if not tx.change(delete(Scheduled).where(*_own(person, write.scheduled))):
        raise not_found()
    return _changed(tx, person, write.scheduled)


def due(tx: Tx, person: Person, write: Due) -> dict[str, Any]:
    """Post it and let the row go, together. Raises Refused 409 when the plan is another by now, else as posting."""
    as_planned = select(Scheduled.id).where(
        *_own(person, write.scheduled), Scheduled.at == write.at, Scheduled.text == write.text, Scheduled.refused == ""
    )
    if tx.read(as_planned).first() is None:
        raise Refused(409, CHANGED)
    posted = post(tx, person, write)
    tx.change(delete(Scheduled).where(Scheduled.id == write.scheduled))
    tx.mine(person.id, f"sched/{write.scheduled}")
    return posted


def unsent(tx: Tx, _person: Person, write: Unsent) -> None:
    """Kept, with the reason."""
    row = tx.read(select(Scheduled).where(Scheduled.id == write.scheduled)).first()
    if row is None:
        return
    tx.change(update(Scheduled).where(Scheduled.id == row.id).values(refused=write.refused))
    tx.mine(row.person, f"sched/{row.id}")


def planned(conn: Connection, person: Person) -> list[AnyRow]:
    """What waits for its time, the next first. One query."""
    own = select(Scheduled).where(Scheduled.person == person.id)
    return list(conn.execute(own.order_by(Scheduled.at, Scheduled.id)).all())


async def send_now(house: House, payload: dict[str, Any], job: int) -> None:
    """The job at its time: post as the author would, with a client id of its own. Called off meanwhile, it does not."""
    while (found := await house.read(_waiting, payload["scheduled"], payload["at"])) is not None:
        row, author = found
        try:
            await house.perform(author, Due(
                id=job_write_id(job), place=row.channel, text=row.text, topic=row.topic, topic_name=row.topic_name,
                reply_to=row.reply_to, scheduled=row.id, at=row.at,
            ))  # fmt: skip
        except Refused as refusal:
            if refusal.code == CHANGED:
                continue  # written anew since it was read
            if refusal.status >= 500:
                raise
            unsent = Unsent(id=job_write_id(job, "unsent"), scheduled=row.id, refused=refusal.code)
            await house.perform(SYSTEM, unsent)
        return


# -- parts


def _own(person: Person, scheduled: int) -> tuple[Any, Any]:
    return Scheduled.id == scheduled, Scheduled.person == person.id


def _must_be_ahead(tx: Tx, at: int) -> None:
    if not tx.now < at <= tx.now + FURTHEST:
        raise Refused(422, "not-ahead")


def _send_at(tx: Tx, scheduled: int, at: int) -> None:
    """A job for this very time: one for an earlier plan finds another time in the row, and does nothing."""
    tx.job("chat.send", {"scheduled": scheduled, "at": at}, at=at, key=f"chat.send/{scheduled}/{at}")


def _changed(tx: Tx, person: Person, scheduled: int) -> dict[str, Any]:
    key = f"sched/{scheduled}"
    tx.mine(person.id, key)
    return {"scheduled": scheduled, "mine": [key]}


def _in_zone(local: str, zone: str) -> int:
    try:
        moment = dt.datetime.fromisoformat(local)
    except ValueError as error:
        raise Refused(422, "malformed", reason="local") from error
    return int(moment.replace(tzinfo=moment.tzinfo or ZoneInfo(zone)).timestamp() * 1000)


def _waiting(conn: Connection, scheduled: int, at: int) -> tuple[Any, Person] | None:
    row = conn.execute(
        select(Scheduled).where(Scheduled.id == scheduled, Scheduled.at == at, Scheduled.refused == "")
    ).first()
    author = person_of(conn, row.person) if row else None
    return (row, author) if row is not None and author is not None else None
