"""Drafts on all devices of a person, and messages that wait for their time."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from intranet.channels import inside
from intranet.kernel import SYSTEM, House, Person, Refused, Tx, job_write_id, not_found
from intranet.people import person_of

from .models import Draft, Scheduled
from .writes import FURTHEST, LONGEST, Post, SaveDraft, Schedule, Sent, Unschedule, clean_text

MOST_SCHEDULED = 100


def save_draft(tx: Tx, person: Person, write: SaveDraft) -> dict[str, Any]:
    """The newest edit wins; what another device had meanwhile is kept beside it. Raises Refused 404, 403, 413."""
    inside(tx.conn, person, tx.place)
    if len(write.text) > LONGEST:
        raise Refused(413, "text-too-long", limit=LONGEST)
    this = (Draft.person == person.id, Draft.channel == tx.place, Draft.topic == write.topic)
    row = tx.read(select(Draft).where(*this)).first()
    other, rev = "", 0
    if row is not None:
        changed_elsewhere = row.rev != write.base and row.text not in ("", write.text)
        other = row.text if changed_elsewhere and write.text else (row.other if write.text else "")
        rev = row.rev
    tx.upsert(Draft, {
        "person": person.id, "channel": tx.place, "topic": write.topic, "text": write.text, "other": other,
        "rev": rev + 1,
    })  # fmt: skip
    key = f"draft/{tx.place}/{write.topic}"
    tx.mine(person.id, key)
    return {"mine": [key]}


def schedule(tx: Tx, person: Person, write: Schedule) -> dict[str, Any]:
    """Keep a message until its time. Raises Refused 404, 403, 413, 422."""
    inside(tx.conn, person, tx.place)
    text = clean_text(write.text, empty=False)
    if not tx.now < write.at <= tx.now + FURTHEST:
        raise Refused(422, "not-ahead")
    waiting = tx.read(select(Scheduled.id).where(Scheduled.person == person.id).limit(MOST_SCHEDULED)).all()
    if len(waiting) >= MOST_SCHEDULED:
        raise Refused(429, "too-many-scheduled", limit=MOST_SCHEDULED)
    scheduled = tx.conn.execute(
        insert(Scheduled).values(
            person=person.id, channel=tx.place, at=write.at, text=text, topic=write.topic, reply_to=write.reply_to,
            refused="",
        ).returning(Scheduled.id)
    ).scalar_one()  # fmt: skip
    tx.job("chat.send", {"scheduled": scheduled}, at=write.at, key=f"chat.send/{scheduled}")
    key = f"sched/{scheduled}"
    tx.mine(person.id, key)
    return {"scheduled": scheduled, "mine": [key]}


def unschedule(tx: Tx, person: Person, write: Unschedule) -> dict[str, Any]:
    """Don't send it. Raises Refused 404: it went out already, or is somebody else's."""
    this = (Scheduled.id == write.scheduled, Scheduled.person == person.id)
    if not tx.change(delete(Scheduled).where(*this)):
        raise not_found()
    key = f"sched/{write.scheduled}"
    tx.mine(person.id, key)
    return {"mine": [key]}


def sent(tx: Tx, _person: Person, write: Sent) -> None:
    """Gone when it went out; kept with the reason when it was refused."""
    row = tx.read(select(Scheduled).where(Scheduled.id == write.scheduled)).first()
    if row is None:
        return
    if write.refused:
        tx.change(update(Scheduled).where(Scheduled.id == row.id).values(refused=write.refused))
    else:
        tx.change(delete(Scheduled).where(Scheduled.id == row.id))
    tx.mine(row.person, f"sched/{row.id}")


async def send_now(house: House, payload: dict[str, Any], job: int) -> None:
    """The job at its time: post as the author would, with a client id of its own, then let the row go."""
    found = await house.read(_waiting, payload["scheduled"])
    if found is None:
        return
    row, author = found
    refused = ""
    try:
        await house.perform(author, Post(
            id=job_write_id(job), place=row.channel, text=row.text, topic=row.topic, reply_to=row.reply_to
        ))  # fmt: skip
    except Refused as refusal:
        if refusal.status >= 500:
            raise
        refused = refusal.code
    await house.perform(SYSTEM, Sent(id=job_write_id(job, "sent"), scheduled=row.id, refused=refused))


def _waiting(conn: Connection, scheduled: int) -> tuple[Any, Person] | None:
    row = conn.execute(select(Scheduled).where(Scheduled.id == scheduled, Scheduled.refused == "")).first()
    author = person_of(conn, row.person) if row else None
    return (row, author) if row is not None and author is not None else None
