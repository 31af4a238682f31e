"""Reading in a list of people: first what would happen, then it happens."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.kernel import House, Person, Refused, fold, house, page, spreadsheet, who

from .people import administrator

MOST_SHOWN = 300


def _nothing(_conn: Connection, _person: Person, problem: str) -> dict[str, Any]:
    return {"planned": None, "problem": problem, "most": spreadsheet.MOST_BYTES // 1000}


async def choose(request: Request) -> Response:
    """The form for a file."""
    await administrator(request)
    return await page(request, "admin/import.html", _nothing, "")


def _dry(conn: Connection, person: Person, text: str, the_house: House) -> dict[str, Any]:
    planned = people.plan(people.read_list(text), people.house_now(conn), person)
    count = Counter(line.verdict for line in planned)
    order = {"refused": 0, "changed": 1, "made": 2}
    shown = sorted((line for line in planned if line.verdict != "same"), key=lambda line: order[line.verdict])
    why = {line.line: the_house.sentence(line.refusal, person.lang) for line in shown if line.refusal}
    return {
        "planned": shown[:MOST_SHOWN], "beyond": len(shown[MOST_SHOWN:]), "why": why, "text": text, "problem": "",
        "count": {verdict: count[verdict] for verdict in ("made", "changed", "same", "refused")},
        "new_teams": _new_teams(conn, planned),
    }  # fmt: skip


def _new_teams(conn: Connection, planned: list[people.Planned]) -> list[str]:
    known = {fold(team.name) for team in people.teams(conn)}
    named = {team for line in planned if line.verdict in ("made", "changed") for team in line.teams or ()}
    return sorted({fold(team): team for team in named if fold(team) not in known}.values())


async def dry_run(request: Request) -> Response:
    """What the list would do. Nothing is written."""
    await administrator(request)
    try:
        text = await spreadsheet.uploaded(request)
        return await page(request, "admin/import.html", _dry, text, house(request))
    except Refused as refusal:
        return await import_again(request, {}, refusal)


async def import_again(request: Request, _fields: Mapping[str, Any], refusal: Refused) -> Response:
    """It was no list."""
    sentence = house(request).sentence(refusal, (await who(request)).lang)
    return await page(request, "admin/import.html", _nothing, sentence, status=refusal.status)


ROUTES: list[BaseRoute] = [
    Route("/admin/people/import", choose, methods=["GET"]),
    Route("/admin/people/import", dry_run, methods=["POST"]),
]
FORMS = {"people.import": import_again}
