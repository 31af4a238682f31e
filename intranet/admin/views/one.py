"""One person, for administrators: role, teams, access."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.kernel import Person, Refused, house, not_found, number, page, who

from .people import administrator

_SHOWN = ("name", "email", "title", "site", "phone", "role", "side")


def _one(conn: Connection, person: Person, wanted: int, again: Mapping[str, Any], done: str) -> dict[str, Any]:
    entry = people.person_entry(conn, person, wanted)
    if entry is None:
        raise not_found()
    values = again.get("values", {})
    own = entry.id == person.id
    within = {team.id for team in entry.teams}
    if "teams" in values:
        within = {found for team in values["teams"] if (found := number(str(team)))}
    may_role = [role for role in people.ROLES if people.may_manage(person, role)]
    return {
        "entry": entry, "shown": {name: getattr(entry, name) for name in _SHOWN} | values, "within": within,
        "teams": people.teams(conn), "may_manage": own or people.may_manage(person, entry.role), "own": own,
        "may_role": may_role if entry.role in may_role else [entry.role], "done": done,
        "problems": again.get("problems", {}), "problem": again.get("problem", ""),
    }  # fmt: skip


async def one(request: Request) -> Response:
    """The page. Raises Refused 404."""
    await administrator(request)
    done = request.query_params.get("done", "")
    return await page(request, "admin/person.html", _one, request.path_params["person"], {}, done)


async def one_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """As it was typed, with what is the matter."""
    await administrator(request)
    person = number(str(fields.get("person", "")))
    if person is None:
        raise refusal
    again = await people.again(request, fields, refusal)
    return await page(request, "admin/person.html", _one, person, again, "", status=refusal.status)


async def refused_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """A button on the page was refused: the page again, with the reason above; what is typed elsewhere is not sent."""
    await administrator(request)
    person = number(str(fields.get("person", "")))
    if person is None:
        raise refusal
    sentence = house(request).sentence(refusal, (await who(request)).lang)
    again = {"problem": sentence}
    return await page(request, "admin/person.html", _one, person, again, "", status=refusal.status)


ROUTES: list[BaseRoute] = [Route("/admin/people/{person:int}", one)]
FORMS = {
    "people.admit": one_again,
    "people.deactivate": refused_again,
    "people.reactivate": refused_again,
    "people.reset_link": refused_again,
}
