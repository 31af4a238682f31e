"""Everybody, searched and filtered; inviting; and the page that shows a link once."""

from collections.abc import Mapping
from typing import Any

import segno
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.kernel import Person, Refused, base_url, house, page, signed_in, who

PAGE = 200
STATES = ("invited", "deactivated")


async def administrator(request: Request) -> Person:
    """Who asks, if they administer. Raises Refused 401, 403."""
    person = await signed_in(request)
    people.must_administer(person)
    return person


# -- the list


def _list(
    conn: Connection, person: Person, asked: people.Narrowed, state: str, read_in: Mapping[str, str], can_mail: bool
) -> dict[str, Any]:
    found = people.everybody(conn, person, asked, state=state, limit=PAGE + 1)
    return {
        "entries": found[:PAGE], "more": asked.start + PAGE if len(found) > PAGE else 0, "asked": asked,
        "state": state, "totals": people.totals(conn), "invitations": people.open_invitations(conn),
        "read_in": read_in, "can_mail": can_mail,
        "lacking": len(people.without_link(conn, person)) if state == "invited" or read_in else 0,
        **_inviting(conn, person, {}),
    }  # fmt: skip


async def listed(request: Request) -> Response:
    """Everybody, with what is open."""
    await administrator(request)
    query = request.query_params
    state = query.get("state", "")
    done = {name: query[name] for name in ("made", "changed", "refused", "sent") if query.get(name, "").isdecimal()}
    arguments = (
        people.narrowed(request),
        state if state in STATES else "",
        done,
        bool(house(request).settings.smtp_host),
    )
    return await page(request, "admin/people.html", _list, *arguments)


async def let_in_again(request: Request, _fields: Mapping[str, Any], refusal: Refused) -> Response:
    """Nobody waits, or there is no mail: the list of those who are invited says so."""
    await administrator(request)
    sentence = house(request).sentence(refusal, (await who(request)).lang)
    arguments = (people.EVERYBODY, "invited", {"problem": sentence}, bool(house(request).settings.smtp_host))
    return await page(request, "admin/people.html", _list, *arguments, status=refusal.status)


# -- inviting


def _inviting(conn: Connection, person: Person, again: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "teams": people.teams(conn), "may_role": [role for role in ("member", "guest", "editor", "administrator")
                                                  if people.may_manage(person, role)],
        "values": again.get("values", {}), "problems": again.get("problems", {}), "problem": again.get("problem", ""),
    }  # fmt: skip


async def invite(request: Request) -> Response:
    """The form on a page of its own, where the sheet cannot open."""
    await administrator(request)
    return await page(request, "admin/invite.html", _inviting, {})


async def invite_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """As it was typed, with what is the matter."""
    await administrator(request)
    again = await people.again(request, fields, refusal, known=("email", "name"))
    return await page(request, "admin/invite.html", _inviting, again, status=refusal.status)


# -- a link, shown once


def _link(conn: Connection, person: Person, tokens: tuple[str, str]) -> dict[str, Any]:
    """Whom the link is for. Raises Refused 404 when neither is a link (any more)."""
    invitation, reset = tokens
    found = next(iter(people.open_invitations(conn, invitation)), None)
    if found is not None:
        return {"path": f"/invitation/{invitation}", "name": found.title, "until": found.until, "invited": found}
    owner = people.reset_owner(conn, reset)
    return {"path": f"/reset/{reset}", "name": owner.name, "until": owner.until, "invited": None, "person": owner.id}


def _drawn(_conn: Connection, _person: Person, context: dict[str, Any]) -> dict[str, Any]:
    return context


async def link(request: Request) -> Response:
    """The link that a write of this administrator made, with its picture, this one time. Raises Refused 404."""
    person = await administrator(request)
    write = request.path_params["id"]
    keys = house(request).keys
    tokens = (keys.token(person.id, write, "invitation"), keys.token(person.id, write, "reset"))
    context = await house(request).read(_link, person, tokens)
    context["link"] = context["qr"] = ""
    if await people.first_time(request, write):
        context["link"] = base_url(request) + context["path"]
        context["qr"] = segno.make(context["link"], error="m").svg_data_uri(scale=5, border=2, light="#fff")
    context["mailed"] = bool(house(request).settings.smtp_host and context["invited"] and context["invited"].email)
    return await page(request, "admin/link.html", _drawn, context)


ROUTES: list[BaseRoute] = [
    Route("/admin/people", listed),
    Route("/admin/invite", invite),
    Route("/admin/link/{id}", link),
]
FORMS = {"people.invite": invite_again, "people.let_in": let_in_again}
