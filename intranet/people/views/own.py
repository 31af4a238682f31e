"""One's own pages: profile, devices, password, access tokens."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import Person, Refused, house, page, signed_in
from intranet.people.access import today
from intranet.people.checks import zones
from intranet.people.directory import person_entry
from intranet.people.sessions import devices, token_of, tokens
from intranet.people.writes import Shown

from .again import problems

_PROFILE = ("name", "title", "site", "phone", "side", "lang", "zone")
_TOKEN = "access"  # noqa: S105 the purpose a secret is derived for


# -- profile


def _profile(conn: Connection, person: Person, house_zone: str, again: Mapping[str, Any], done: str) -> dict[str, Any]:
    entry = person_entry(conn, person, person.id)
    shown = {name: getattr(entry, name) for name in _PROFILE} | again.get("values", {})
    return {
        "entry": entry, "shown": shown, "zones": sorted(zones()), "house_zone": house_zone, "done": done,
        "problems": again.get("problems", {}), "problem": again.get("problem", ""),
    }  # fmt: skip


async def profile(request: Request) -> Response:
    """Name, what one does, where, and the portrait."""
    zone, done = house(request).settings.zone, request.query_params.get("done", "")
    return await page(request, "people/profile.html", _profile, zone, {}, done)


async def profile_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """As it was typed, with what is the matter."""
    again = await problems(request, fields, refusal)
    zone = house(request).settings.zone
    return await page(request, "people/profile.html", _profile, zone, again, "", status=refusal.status)


# -- devices, password, tokens


def _sessions(conn: Connection, person: Person, again: Mapping[str, Any], done: str) -> dict[str, Any]:
    return {
        "sessions": devices(conn, person), "tokens": tokens(conn, person), "today": today(), "done": done,
        "values": again.get("values", {}), "problems": again.get("problems", {}), "problem": again.get("problem", ""),
    }  # fmt: skip


async def sessions(request: Request) -> Response:
    """Where one is signed in, the password, and access for programs."""
    return await page(request, "people/sessions.html", _sessions, {}, request.query_params.get("done", ""))


async def password_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The old one was wrong, or the new one does not do; both are typed again."""
    where = "old" if refusal.code == "password-wrong" else "new"
    again = await problems(request, fields, refusal, password=where)
    return await page(request, "people/sessions.html", _sessions, again, "", status=refusal.status)


async def token_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The name did not do, or there are too many."""
    again = await problems(request, fields, refusal)
    return await page(request, "people/sessions.html", _sessions, again, "", status=refusal.status)


def _token(conn: Connection, person: Person, secret: str, first: bool) -> dict[str, Any]:
    return {"name": token_of(conn, person, secret), "secret": secret if first else ""}


async def token(request: Request) -> Response:
    """A new access token's secret, on this one page, this one time. Raises Refused 404 for what is no token."""
    person = await signed_in(request)
    write = request.path_params["id"]
    secret = "binnen_" + house(request).keys.token(person.id, write, _TOKEN)
    await house(request).read(token_of, person, secret)
    first = await is_first_time(request, write)
    return await page(request, "people/token.html", _token, secret, first)


async def is_first_time(request: Request, write: str) -> bool:
    """Whether the secret of this write has not been shown yet; from now on it has. The receipt remembers."""
    person = await signed_in(request)
    seen = str(uuid.uuid5(uuid.NAMESPACE_OID, f"shown {write}"))
    return not (await house(request).perform(person, Shown(id=seen))).repeat


ROUTES: list[BaseRoute] = [
    Route("/me", profile),
    Route("/me/sessions", sessions),
    Route("/me/token/{id}", token),
]
FORMS = {
    "people.profile": profile_again,
    "people.change_password": password_again,
    "people.make_token": token_again,
}
