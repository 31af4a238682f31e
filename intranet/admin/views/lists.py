"""Reading in a list of people: first what would happen, then it happens."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.kernel import House, Person, Refused, house, page, who

from .people import administrator

MOST_SHOWN = 300
MOST_BYTES = 900_000  # with the rest of its form it stays below the limit of a request


def _nothing(_conn: Connection, _person: Person, problem: str) -> dict[str, Any]:
    return {"planned": None, "problem": problem, "most": MOST_BYTES // 1000}


async def choose(request: Request) -> Response:
    """The form for a file."""
    await administrator(request)
    return await page(request, "admin/import.html", _nothing, "")


def _dry(conn: Connection, person: Person, text: str, the_house: House) -> dict[str, Any]:
    planned = people.plan(text, people.house_now(conn), person)
    count = Counter(line.verdict for line in planned)
    order = {"refused": 0, "changed": 1, "made": 2}
    shown = sorted((line for line in planned if line.verdict != "same"), key=lambda line: order[line.verdict])
    why = {line.number: the_house.sentence(line.refusal, person.lang) for line in shown if line.refusal}
    return {
        "planned": shown[:MOST_SHOWN], "beyond": len(shown[MOST_SHOWN:]), "why": why, "text": text, "problem": "",
        "count": {verdict: count[verdict] for verdict in ("made", "changed", "same", "refused")},
        "new_teams": _new_teams(conn, planned),
    }  # fmt: skip


def _new_teams(conn: Connection, planned: list[people.Planned]) -> list[str]:
    known = {people.fold(team.name) for team in people.teams(conn)}
    named = {team for line in planned if line.verdict in ("made", "changed") for team in line.teams or ()}
    return sorted({people.fold(team): team for team in named if people.fold(team) not in known}.values())


async def dry_run(request: Request) -> Response:
    """What the list would do. Nothing is written."""
    await administrator(request)
    try:
        text = await _text(request)
        return await page(request, "admin/import.html", _dry, text, house(request))
    except Refused as refusal:
        return await import_again(request, {}, refusal)


async def _text(request: Request) -> str:
    """The file as text: UTF-8, or what spreadsheets on Windows write. Raises Refused."""
    async with request.form(max_files=1, max_fields=4) as form:
        file: Any = form.get("file")
        data = await file.read() if isinstance(file, UploadFile) else b""
    if len(data) > MOST_BYTES:
        raise Refused(413, "too-large", limit=f"{MOST_BYTES // 1000} kB")
    if b"\0" in data:
        raise Refused(422, "malformed", reason="CSV")
    try:
        return str(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return str(data.decode("cp1252", "replace"))


async def import_again(request: Request, _fields: Mapping[str, Any], refusal: Refused) -> Response:
    """It was no list."""
    sentence = house(request).sentence(refusal, (await who(request)).lang)
    return await page(request, "admin/import.html", _nothing, sentence, status=refusal.status)


ROUTES: list[BaseRoute] = [
    Route("/admin/people/import", choose, methods=["GET"]),
    Route("/admin/people/import", dry_run, methods=["POST"]),
]
FORMS = {"people.import": import_again}
