"""Channels' own pages: browse, make, settings and members."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.kernel import Person, Refused, house, number, page, who

from .access import able, companions, found_or_admin, is_led
from .lists import members, mine_in, size_of, title_of, to_join, to_manage

MOST_OFFERED = 40  # people in a list to choose from; a name narrows it


def _browse(conn: Connection, person: Person, text: str) -> dict[str, Any]:
    lines = [line for line in mine_in(conn, person) if line.kind != "direct"]
    wanted = people.fold(text)

    def fits(line: Any) -> bool:
        return wanted in people.fold(f"{line.title} {line.description}")

    return {
        "text": text, "to_join": list(filter(fits, to_join(conn, person))),
        "joined": [line for line in lines if fits(line) and not line.archived],
        "archived": [line for line in lines if fits(line) and line.archived],
        "managed": list(filter(fits, to_manage(conn, person))),
    }  # fmt: skip


async def browse(request: Request) -> Response:
    """Every channel one may join or is in."""
    return await page(request, "channels/browse.html", _browse, request.query_params.get("find", "")[:80])


# -- choosing people


def _chosen(values: Sequence[Any]) -> list[int]:
    return [found for one in values if (found := number(str(one)))]


def _offer(conn: Connection, person: Person, text: str, chosen: Sequence[int], there: set[int]) -> dict[str, Any]:
    """People to choose from: those chosen already, then who fits the text; `there` are in it and not offered."""
    visible = companions(person.id) if person.is_guest else None
    fitting = people.find(conn, person, text, visible, limit=MOST_OFFERED + len(there) + 1)
    named = people.names(conn, chosen) if chosen and not person.is_guest else {}
    taken = [line for line in named.values() if line.active and line.id not in there]
    offered = [line for line in fitting if line.id not in there and line.id not in named]
    return {"find": text, "taken": taken, "offered": offered[:MOST_OFFERED], "more": len(offered) > MOST_OFFERED}


# -- making one


def _new(conn: Connection, person: Person, fields: Mapping[str, Any], problem: str) -> dict[str, Any]:
    return {
        **_offer(conn, person, str(fields.get("_find", ""))[:80], _chosen(fields.get("people", ())), {person.id}),
        "teams": people.teams(conn) if person.is_admin else [], "problem": problem,
        "fields": {name: str(fields.get(name, "")) for name in ("name", "kind", "history", "description", "team")},
    }  # fmt: skip


async def new(request: Request) -> Response:
    """Make a channel. The address keeps what is chosen while one looks for people."""
    query = request.query_params
    return await page(request, "channels/new.html", _new, {**query, "people": query.getlist("people")}, "")


async def direct(request: Request) -> Response:
    """Begin a conversation with one or several people."""
    query = request.query_params
    return await page(request, "channels/direct.html", _new, {**query, "people": query.getlist("people")}, "")


async def new_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The form as it was sent, with what is wrong."""
    return await page(request, "channels/new.html", _new, fields, await _said(request, refusal), status=refusal.status)


async def _said(request: Request, refusal: Refused) -> str:
    return house(request).sentence(refusal, (await who(request)).lang)


# -- settings and members


def _channel(conn: Connection, person: Person, channel: int) -> dict[str, Any]:
    row = found_or_admin(conn, person, channel)
    title, others = title_of(conn, person, row)
    inside, moderates = row.role is not None, row.role == "moderator"
    return {
        "channel": row, "title": title, "others": others, "inside": inside, "size": size_of(conn, channel),
        "may_shape": row.kind != "direct" and (moderates or person.is_admin),
        "may_add": inside and not row.archived and row.kind != "direct" and not person.is_guest
        and (row.kind == "public" or moderates),
        "may_remove": moderates and row.kind != "direct",
    }  # fmt: skip


def _settings(
    conn: Connection, person: Person, channel: int, fields: Mapping[str, Any] | None, problem: str
) -> dict[str, Any]:
    found = _channel(conn, person, channel)
    row = found["channel"]
    team = next((team.name for team in people.teams(conn) if team.id == row.team), "") if row.team else ""
    return {
        **found,
        "team": team,
        "fields": fields or {},
        "problem": problem,
        "leaderless": _leaderless(conn, person, row),
    }


def _leaderless(conn: Connection, person: Person, row: Any) -> list[people.PersonLine] | None:
    """Whom an administrator may appoint where nobody moderates any more; None while somebody does."""
    if not person.is_admin or row.kind == "direct":
        return None
    standing = able(conn, row.id)
    return None if is_led(standing) else [line for line, _role in standing]


async def settings(request: Request) -> Response:
    """Name, description, and what one may do with the channel."""
    return await page(request, "channels/settings.html", _settings, request.path_params["channel"], None, "")


async def settings_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The form as it was sent, with what is wrong. Raises Refused where there is no such page."""
    place = number(str(fields.get("place", "")))
    if refusal.status in (403, 404) or not place:
        raise refusal
    said = await _said(request, refusal)
    return await page(request, "channels/settings.html", _settings, place, fields, said, status=refusal.status)


def _members(conn: Connection, person: Person, channel: int, text: str, chosen: Sequence[int]) -> dict[str, Any]:
    found = _channel(conn, person, channel)
    listed = members(conn, channel) if found["inside"] else []
    there = {line.id for line, _role in listed}
    asks = found["may_add"] or (found["channel"].kind == "direct" and not person.is_guest)
    offer = _offer(conn, person, text, chosen, there) if asks else {}
    return {**found, "members": listed, "asks": asks, **offer}


async def members_page(request: Request) -> Response:
    """Who is in, and bringing people in."""
    query = request.query_params
    text, chosen = query.get("_find", "")[:80], _chosen(query.getlist("people"))
    return await page(request, "channels/members.html", _members, request.path_params["channel"], text, chosen)


ROUTES: list[BaseRoute] = [
    Route("/channels", browse),
    Route("/channels/new", new),
    Route("/channels/direct", direct),
    Route("/c/{channel:int}/settings", settings),
    Route("/c/{channel:int}/members", members_page),
]
