"""The first screen: where to begin, for a new colleague and for the first owner."""

from typing import Any

from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import House, Person, house, page, signed_in
from intranet.people.access import HIGH
from intranet.people.directory import Narrowed, directory, person_entry
from intranet.people.lines import names, teams
from intranet.people.models import PersonRow

MOST_FACES = 6


async def welcome(request: Request) -> Response:
    """Three first steps. The first owner, alone so far, gets people in and opens a channel."""
    person = await signed_in(request)
    if person.role == "owner" and await house(request).read(_is_alone):
        step = "channel" if request.query_params.get("step") == "channel" else "people"
        return await page(request, "people/first_steps.html", _first_steps, step)
    return await page(request, "people/welcome.html", _welcome, house(request))


def _is_alone(conn: Connection) -> bool:
    return len(conn.execute(select(PersonRow.id).limit(2)).all()) < 2


def _first_steps(conn: Connection, _person: Person, step: str) -> dict[str, Any]:
    return {"step": step, "teams": teams(conn)}


def _welcome(conn: Connection, person: Person, the_house: House) -> dict[str, Any]:
    visible = the_house.companions(person.id) if person.is_guest else None
    entry = person_entry(conn, person, person.id)
    asked = Narrowed(team=entry.teams[0].id) if entry and entry.teams else Narrowed()
    faces = [one for one in directory(conn, person, visible, asked=asked, limit=MOST_FACES + 1) if one.id != person.id]
    managers = select(PersonRow.id).where(PersonRow.role.in_(HIGH), PersonRow.active, PersonRow.id != person.id)
    helper = None if person.is_guest else conn.execute(managers.order_by(PersonRow.id).limit(1)).scalar()
    return {"entry": entry, "near": faces[:MOST_FACES], "helper": names(conn, [helper]).get(helper) if helper else None}


ROUTES: list[BaseRoute] = [Route("/welcome", welcome)]
