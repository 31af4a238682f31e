"""The pages before the door: signing in, the first account, an invitation, a new password."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import LANGUAGES, Refused, house, is_https, respond, who
from intranet.people.actions.entering import has_owner, inside, invitation, must_open_set_up
from intranet.people.actions.recovering import reset_owner
from intranet.people.devices import device_name
from intranet.people.lines import names

from .again import problems
from .demo import demo_people

YEAR = 365 * 86400


async def door_page(request: Request, template: str, here: str, context: dict[str, Any], status: int = 200) -> Response:
    """A page without the shell. `here` is its own address: there the language links lead, by `?lang=`."""
    person = await who(request)
    wish = request.query_params.get("lang", "")
    if wish in LANGUAGES and person.id == 0:
        person = replace(person, lang=wish)
    agent = request.headers.get("user-agent", "")
    shared = {"here": here, "device": device_name(agent), "can_mail": bool(house(request).settings.smtp_host)}
    response = respond(request, template, person, shared | context, status)
    if wish in LANGUAGES:
        response.set_cookie("lang", wish, max_age=YEAR, httponly=True, samesite="lax", secure=is_https(request))
    return response


async def _closed(request: Request, refusal: Refused) -> Response:
    """A link that leads nowhere (any more) says why, and shows the way on."""
    person = await who(request)
    sentence = house(request).sentence(refusal, person.lang)
    return await door_page(request, "people/closed.html", "/sign-in", {"sentence": sentence}, refusal.status)


# -- sign in


async def sign_in(request: Request) -> Response:
    """The sign-in page; who is signed in already goes on to where they wanted."""
    person = await who(request)
    to = inside(request.query_params.get("next", "/"))
    if person.id:
        return RedirectResponse(to, 303)
    return await _sign_in(request, {"next": to})


async def sign_in_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The address stays, the password does not."""
    context = await problems(request, fields, refusal, known=())
    to = inside(str(fields.get("next", "/")))
    return await _sign_in(request, {**context, "email": fields.get("email", ""), "next": to}, refusal.status)


async def _sign_in(request: Request, context: dict[str, Any], status: int = 200) -> Response:
    shown = await house(request).read(demo_people) if house(request).settings.demo else []
    also = {"demo_people": shown, "has_owner": await house(request).read(has_owner)}
    return await door_page(request, "people/sign_in.html", "/sign-in", {**also, **context}, status)


# -- the first account


async def set_up(request: Request) -> Response:
    """The first owner's form, behind the link that the first start printed."""
    token = request.path_params["token"]
    try:
        await house(request).read(must_open_set_up, token)
    except Refused as refusal:
        return await _closed(request, refusal)
    return await door_page(request, "people/set_up.html", f"/set-up/{token}", {"token": token})


async def set_up_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """As it was typed."""
    if refusal.code in ("link-dead", "set-up-done"):
        return await _closed(request, refusal)
    token = str(fields.get("token", ""))
    context = await problems(request, fields, refusal)
    return await door_page(request, "people/set_up.html", f"/set-up/{token}", context | {"token": token}, 422)


# -- an invitation


def _invited(conn: Connection, token: str) -> dict[str, Any]:
    found = invitation(conn, token)
    by = names(conn, [found.by]).get(found.by)
    return {"token": token, "invited_by": by.name if by else "", "email": found.email, "name": found.name}


async def accept(request: Request) -> Response:
    """A name and a password, and it begins. Who is signed in is asked to sign out first."""
    token = request.path_params["token"]
    person = await who(request)
    try:
        context = await house(request).read(_invited, token)
    except Refused as refusal:
        return await _closed(request, refusal)
    return await door_page(request, "people/accept.html", f"/invitation/{token}", {**context, "inside": person.id > 0})


async def accept_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """As it was typed; a link that died meanwhile says so."""
    token = str(fields.get("token", ""))
    try:
        found = await house(request).read(_invited, token)
    except Refused as dead:
        return await _closed(request, dead)
    context = await problems(request, fields, refusal)
    return await door_page(request, "people/accept.html", f"/invitation/{token}", {**found, **context}, refusal.status)


# -- a new password


async def reset_request(request: Request) -> Response:
    """Ask for a link by mail, or read who can make one."""
    asked = request.query_params.get("sent") == "1"
    return await door_page(request, "people/reset.html", "/reset", {"asked": asked})


async def reset_request_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """An address that is none, or too many tries."""
    context = await problems(request, fields, refusal)
    return await door_page(request, "people/reset.html", "/reset", context, refusal.status)


def _resetting(conn: Connection, token: str) -> dict[str, Any]:
    row = reset_owner(conn, token)
    return {"token": token, "owner": row.name, "email": row.email, "first": row.first}


async def reset(request: Request) -> Response:
    """Choose a password by a link."""
    token = request.path_params["token"]
    try:
        context = await house(request).read(_resetting, token)
    except Refused as refusal:
        return await _closed(request, refusal)
    return await door_page(request, "people/reset.html", f"/reset/{token}", context)


async def reset_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The password did not do."""
    token = str(fields.get("token", ""))
    try:
        found = await house(request).read(_resetting, token)
    except Refused as dead:
        return await _closed(request, dead)
    context = await problems(request, fields, refusal)
    return await door_page(request, "people/reset.html", f"/reset/{token}", {**found, **context}, refusal.status)


ROUTES: list[BaseRoute] = [
    Route("/sign-in", sign_in),
    Route("/set-up/{token}", set_up),
    Route("/invitation/{token}", accept),
    Route("/reset", reset_request),
    Route("/reset/{token}", reset),
]
FORMS = {
    "people.sign_in": sign_in_again,
    "people.set_up": set_up_again,
    "people.accept": accept_again,
    "people.reset_request": reset_request_again,
    "people.reset": reset_again,
}
