"""Channels' own pages: browse, make, settings and members, and the jump list."""

from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.kernel import Person, house, page, signed_in

from .access import companions, found_or_admin
from .lists import members, mine_in, title_of, to_join


def _browse(conn: Connection, person: Person) -> dict[str, Any]:
    lines = mine_in(conn, person)
    return {
        "to_join": to_join(conn, person),
        "joined": [line for line in lines if line.kind != "direct" and not line.archived],
        "archived": [line for line in lines if line.archived],
    }


async def browse(request: Request) -> Response:
    """Every channel one may join or is in."""
    return await page(request, "channels/browse.html", _browse)


def _new(conn: Connection, person: Person) -> dict[str, Any]:
    visible = companions(person.id) if person.is_guest else None
    return {
        "people": [line for line in people.directory(conn, person, visible) if line.id != person.id],
        "teams": people.teams(conn) if person.is_admin else [],
    }


async def new(request: Request) -> Response:
    """Make a channel, or begin a conversation."""
    return await page(request, "channels/new.html", _new)


def _settings(conn: Connection, person: Person, channel: int) -> dict[str, Any]:
    row = found_or_admin(conn, person, channel)
    title, others = title_of(conn, person, row)
    inside = row.role is not None
    listed = members(conn, channel) if inside or row.kind == "public" else []
    visible = companions(person.id) if person.is_guest else None
    there = {line.id for line, _ in listed}
    return {
        "channel": row, "title": title, "others": others, "members": listed, "inside": inside,
        "may_shape": row.kind != "direct" and (row.role == "moderator" or person.is_admin),
        "may_add": inside and row.kind != "direct" and not person.is_guest
        and (row.kind == "public" or row.role == "moderator"),
        "may_remove": row.role == "moderator" and row.kind != "direct",
        "addable": [line for line in people.directory(conn, person, visible) if line.id not in there],
    }  # fmt: skip


async def settings(request: Request) -> Response:
    """Name, description, members and what one may do about them."""
    return await page(request, "channels/settings.html", _settings, request.path_params["channel"])


def _jump(conn: Connection, person: Person) -> list[dict[str, Any]]:
    visible = companions(person.id) if person.is_guest else None
    lines = [*mine_in(conn, person), *([] if person.is_guest else to_join(conn, person))]
    rows = [
        {"kind": line.kind, "name": line.title, "sub": line.description, "href": line.href}
        for line in lines
        if not line.archived
    ]
    rows += [
        {"kind": "person", "name": one.name, "sub": one.title, "href": f"/p/{one.id}"}
        for one in people.directory(conn, person, visible)
    ]
    return rows


async def jump(request: Request) -> Response:
    """Everything that can be jumped to, for the palette."""
    person = await signed_in(request)
    rows = await house(request).read(_jump, person)
    return JSONResponse(rows, headers={"Cache-Control": "no-store"})


ROUTES: list[BaseRoute] = [
    Route("/channels", browse),
    Route("/channels/new", new),
    Route("/c/{channel:int}/settings", settings),
    Route("/jump.json", jump),
]
