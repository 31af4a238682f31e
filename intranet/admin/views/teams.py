"""Teams: all of them, and one with its people."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.kernel import Person, Refused, not_found, number, page

from .people import administrator

MOST_OFFERED = 12


def _teams(conn: Connection, _person: Person, again: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "teams": people.teams(conn), "sizes": people.team_sizes(conn), "values": again.get("values", {}),
        "problems": again.get("problems", {}), "problem": again.get("problem", ""),
    }  # fmt: skip


async def teams(request: Request) -> Response:
    """All teams by name, and a new one."""
    await administrator(request)
    return await page(request, "admin/teams.html", _teams, {})


async def teams_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The name did not do."""
    await administrator(request)
    again = await people.again(request, fields, refusal, known=("name",), team="name")
    return await page(request, "admin/teams.html", _teams, again, status=refusal.status)


def _team(conn: Connection, person: Person, wanted: int, text: str, again: Mapping[str, Any]) -> dict[str, Any]:
    team = next((one for one in people.teams(conn) if one.id == wanted), None)
    if team is None:
        raise not_found()
    members = people.entries_of(conn, person, people.people_of_team(conn, team.id))
    within = {entry.id for entry in members}
    asked = people.Narrowed(text=text)
    found = people.everybody(conn, person, asked, limit=MOST_OFFERED + len(within))
    offered = [entry for entry in found if entry.id not in within and entry.role != "guest"]
    return {
        "team": team, "members": members, "offered": offered[:MOST_OFFERED], "text": text,
        "shown_name": again.get("values", {}).get("name", team.name),
        "problems": again.get("problems", {}), "problem": again.get("problem", ""),
    }  # fmt: skip


async def team(request: Request) -> Response:
    """Who is in, and who could be. Raises Refused 404."""
    await administrator(request)
    text = request.query_params.get("text", "").strip()[:100]
    return await page(request, "admin/team.html", _team, request.path_params["team"], text, {})


async def team_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """Another name that did not do, or somebody who can't be in a team."""
    await administrator(request)
    wanted = number(str(fields.get("team", "")))
    if wanted is None:
        raise refusal
    again = await people.again(
        request, fields, refusal, known=("name",), **{"team": "name"} if "name" in fields else {}
    )
    return await page(request, "admin/team.html", _team, wanted, "", again, status=refusal.status)


ROUTES: list[BaseRoute] = [Route("/admin/teams", teams), Route("/admin/teams/{team:int}", team)]
FORMS = {
    "people.team_make": teams_again,
    "people.team_change": team_again,
    "people.team_members": team_again,
}
