"""Reporting, the reports to decide about, and the trail."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import files, people
from intranet.kernel import Person, Refused, house, number, page, signed_in, who

from .access import must_decide, seen_by
from .actions import LONGEST_REASON, NEXT
from .models import Report, Trail
from .things import href, thing_for, tiles
from .told import kind_of

PAGE = 100
MOST_DECIDED = 50


# -- reporting


def _asked(conn: Connection, person: Person, subject: str, again: Mapping[str, str]) -> dict[str, Any]:
    thing = thing_for(conn, person, subject)
    return {
        "thing": thing, "kind": kind_of(subject), "html": Markup(thing.html),
        "files": files.tiles_html(tiles(conn, thing), person.lang), "back": href(subject),
        "author": people.names(conn, [thing.author])[thing.author], "most": LONGEST_REASON,
        "own": thing.author == person.id, "reason": "", "problem": "", **again,
    }  # fmt: skip


def _sent(_conn: Connection, _person: Person, subject: str) -> dict[str, Any]:
    return {"back": href(subject) if "-" in subject[:-1] else "/"}


async def report(request: Request) -> Response:
    """What would be kept, and the words why. Raises Refused 404, 403 when the person does not read it."""
    subject = request.query_params.get("thing", "")[:60]
    if request.query_params.get("sent"):
        await signed_in(request)
        return await page(request, "moderation/sent.html", _sent, subject if _is_thing(subject) else "")
    return await page(request, "moderation/report.html", _asked, subject, {})


def _is_thing(subject: str) -> bool:
    return subject.replace("-", "").isalnum() and subject.isascii() and subject[-1:].isdigit()


async def report_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The words did not do."""
    if refusal.status in (401, 404) or refusal.code == "join-first":
        raise refusal
    sentence = house(request).sentence(refusal, (await who(request)).lang)
    again = {"reason": str(fields.get("reason", "")), "problem": sentence}
    return await page(
        request, "moderation/report.html", _asked, str(fields.get("subject", "")), again, status=refusal.status
    )


# -- deciding


def _reports(conn: Connection, person: Person, again: Mapping[str, Any]) -> dict[str, Any]:
    must_decide(conn, person)
    first = select(Report).where(Report.state == "open", seen_by(person)).order_by(Report.id).limit(PAGE + 1)
    waits = conn.execute(first).all()
    more, waits = len(waits) > PAGE, waits[:PAGE]
    decided = conn.execute(
        select(Report).where(Report.state != "open", seen_by(person)).order_by(Report.decided_at.desc(), Report.id)
        .limit(MOST_DECIDED)
    ).all()  # fmt: skip
    tiles = files.tiles_of(conn, "report", [row.id for row in (*waits, *decided)])
    ids = {one for row in (*waits, *decided) for one in (row.author, row.reporter, row.decided_by) if one}
    return {
        "waits": waits, "more": more, "decided": decided, "names": people.names(conn, ids),
        "kind_of": kind_of, "next": NEXT, "html": {row.id: Markup(row.html) for row in (*waits, *decided)},
        "files": {report: files.tiles_html(some, person.lang) for report, some in tiles.items()},
        "most": LONGEST_REASON, "problem": "", "at": 0, "reason": "", **again,
    }  # fmt: skip


async def reports(request: Request) -> Response:
    """What waits for a decision, then what was decided. Raises Refused 403."""
    return await page(request, "moderation/reports.html", _reports, {})


async def decide_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """It was refused: the page again with the sentence at its report."""
    if refusal.status in (401, 404):
        raise refusal
    sentence = house(request).sentence(refusal, (await who(request)).lang)
    again = {
        "problem": sentence, "at": number(str(fields.get("report", ""))) or 0, "reason": str(fields.get("reason", ""))
    }  # fmt: skip
    return await page(request, "moderation/reports.html", _reports, again, status=refusal.status)


# -- the trail


def _trail(conn: Connection, person: Person, before: int) -> dict[str, Any]:
    people.must_administer(person)
    older = [Trail.id < before] if before else []
    rows = conn.execute(select(Trail).where(*older).order_by(Trail.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    ids = {one for row in shown for one in (row.actor, row.author) if one}
    return {
        "rows": shown, "names": people.names(conn, ids), "kind_of": kind_of, "before": before,
        "older": shown[-1].id if len(rows) > PAGE else 0,
    }  # fmt: skip


async def trail(request: Request) -> Response:
    """Who did what, when and why. Raises Refused 403 for everybody but administrators."""
    before = number(request.query_params.get("before", "")) or 0
    return await page(request, "moderation/trail.html", _trail, before)


ROUTES: list[BaseRoute] = [
    Route("/report", report),
    Route("/admin/reports", reports),
    Route("/admin/trail", trail),
]
FORMS = {"moderation.report": report_again, "moderation.decide": decide_again}
