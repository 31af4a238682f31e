"""Everybody the reader may see, and one of them."""

from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import House, Person, house, not_found, page
from intranet.people.access import SIDES, may_manage
from intranet.people.directory import Narrowed, directory, person_entry
from intranet.people.lines import sites, teams

PAGE = 200


def narrowed(request: Request) -> Narrowed:
    """What the reader asks for, from the address; what makes no sense is left out."""
    query = request.query_params
    side, team, start = query.get("side", ""), query.get("team", ""), query.get("start", "")
    return Narrowed(
        text=query.get("text", "").strip()[:100], side=side if side in SIDES else "", site=query.get("site", "")[:120],
        team=_number(team), start=_number(start),
    )  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _people(conn: Connection, person: Person, the_house: House, asked: Narrowed) -> dict[str, Any]:
    visible = the_house.companions(person.id) if person.is_guest else None
    found = directory(conn, person, visible, asked=asked, limit=PAGE + 1)
    return {
        "entries": found[:PAGE], "more": asked.start + PAGE if len(found) > PAGE else 0, "asked": asked,
        "teams": [] if person.is_guest else teams(conn), "sites": [] if person.is_guest else sites(conn),
    }  # fmt: skip


async def people(request: Request) -> Response:
    """The directory."""
    return await page(request, "people/directory.html", _people, house(request), narrowed(request))


def _person(conn: Connection, viewer: Person, the_house: House, person: int) -> dict[str, Any]:
    visible = the_house.companions(viewer.id) if viewer.is_guest else None
    entry = person_entry(conn, viewer, person, visible)
    if entry is None:
        raise not_found()
    common = the_house.common(conn, viewer, person) if person != viewer.id else []
    return {
        "entry": entry,
        "is_me": person == viewer.id,
        "common": common,
        "may_manage": may_manage(viewer, entry.role),
    }


async def person(request: Request) -> Response:
    """One person: how to reach them, and what there is in common."""
    return await page(request, "people/person.html", _person, house(request), request.path_params["person"])


ROUTES: list[BaseRoute] = [Route("/people", people), Route("/p/{person:int}", person)]
