"""Reporting, deciding, and forgetting what was kept for deciding."""

from typing import Any

from sqlalchemy import func, select, update

from intranet import files, notices
from intranet.kernel import SYSTEM, AnyRow, House, Person, Refused, Tx, clock, job_write_id

from .access import deciders, report_for
from .models import Report, Trail
from .things import ACTS, keep_files, thing_for
from .writes import Decide, Forget, ReportIt

LONGEST_REASON = 500
MOST_OPEN = 20  # reports of one person that nobody has looked at yet
KEPT_DAYS = 90
FORGET = "moderation.forget"
NEXT = {"open": ("kept", "hidden", "removed"), "hidden": ("restored", "removed")}


def clean_reason(text: str, *, needed: bool) -> str:
    """Words of the person who reports or decides. Raises Refused 422."""
    reason = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if needed and not reason:
        raise Refused(422, "reason-missing")
    if len(reason) > LONGEST_REASON:
        raise Refused(422, "reason-long", most=LONGEST_REASON)
    return reason


def report_it(tx: Tx, person: Person, write: ReportIt) -> dict[str, Any]:
    """Keep the thing as it stands and tell who decides. Raises Refused 404, 403, 409, 422."""
    thing = thing_for(tx.conn, person, write.subject)
    if thing.author == person.id:
        raise Refused(422, "report-own")
    reason = clean_reason(write.reason, needed=True)
    mine = (Report.reporter == person.id, Report.state == "open")
    if tx.read(select(Report.id).where(*mine, Report.subject == thing.subject)).first():
        raise Refused(409, "report-twice")
    if tx.read(select(func.count()).select_from(Report).where(*mine)).scalar_one() >= MOST_OPEN:
        raise Refused(409, "report-many", most=MOST_OPEN)
    report = tx.make(Report, {
        "subject": thing.subject, "place": thing.place, "author": thing.author, "said_at": thing.at,
        "title": thing.title, "html": thing.html, "reporter": person.id, "reason": reason, "at": tx.now,
        "state": "open", "decided_by": 0, "decided_at": 0, "decision": "",
    })  # fmt: skip
    keep_files(tx, thing, report, person.id)
    _note(tx, person.id, "reported", thing.subject, thing.author, reason)
    told = deciders(tx.conn, thing.subject, thing.place) - {thing.author}
    notices.tell(tx, told, "report", f"report-{report}", key=_key(report), actor=person.id)
    return {"report": report, "goto": f"/report?thing={thing.subject}&sent=1"}


def decide(tx: Tx, person: Person, write: Decide) -> dict[str, Any]:
    """Do it, close what is open about the thing, tell author and reporters. Raises Refused 404, 403, 409, 422."""
    row = report_for(tx.conn, person, write.report)
    if row.author == person.id:
        raise Refused(403, "decide-own")
    if write.outcome not in NEXT.get(row.state, ()):
        raise Refused(409, "conflict")
    reason = clean_reason(write.reason, needed=write.outcome in ("hidden", "removed"))
    if write.outcome in ACTS:
        try:
            ACTS[write.outcome](tx, row.subject, reason, person.id)
        except Refused as refusal:
            raise Refused(409, "thing-gone") from refusal
    about = tx.read(select(Report).where(Report.subject == row.subject, Report.state == row.state)).all()
    tx.change(
        update(Report).where(Report.id.in_([one.id for one in about]))
        .values(state=write.outcome, decided_by=person.id, decided_at=tx.now, decision=reason)
    )  # fmt: skip
    _note(tx, person.id, write.outcome, row.subject, row.author, reason)
    _tell(tx, person, row, about, write.outcome)
    return {"report": row.id, "goto": "/admin/reports"}


def _tell(tx: Tx, person: Person, row: AnyRow, about: Any, outcome: str) -> None:
    for one in about:
        notices.clear(tx, _key(one.id))
        notices.tell(tx, [one.reporter], "outcome", f"report-{one.id}", key=f"{_key(one.id)}/outcome", actor=person.id)
        tx.job(FORGET, {"report": one.id}, at=tx.now + KEPT_DAYS * clock.DAY, key=f"{FORGET}/{one.id}")
    if outcome != "kept":
        key = f"{row.subject}/moderated"
        notices.tell(tx, [row.author], "moderated", f"report-{row.id}", key=key, actor=person.id)


def _key(report: int) -> str:
    return f"report-{report}"


def _note(tx: Tx, actor: int, act: str, subject: str, author: int, reason: str) -> None:
    tx.add(Trail, {"at": tx.now, "actor": actor, "act": act, "subject": subject, "author": author, "reason": reason})


def forget(tx: Tx, _person: Person, write: Forget) -> None:
    """What stood there is gone from the report; that it was reported and what was decided stays."""
    row = tx.read(select(Report.reporter, Report.state).where(Report.id == write.report)).one()
    if row.state != "open":
        tx.change(update(Report).where(Report.id == write.report).values(title="", html="", reason=""))
        files.drop_tiles(tx, row.reporter, write.report, thing="report")


async def forget_now(house: House, payload: dict[str, Any], job: int) -> None:
    """The job that does it."""
    await house.perform(SYSTEM, Forget(id=job_write_id(job), report=int(payload["report"])))
