"""What every page and endpoint shares: who asks, one read snapshot per page, refusals in words."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast
from urllib.parse import quote

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, ProgrammingError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from .errors import Refused, not_found
from .house import House, new_id
from .html import render
from .i18n import negotiate
from .outcome import is_of_the_write
from .person import NOBODY, SYSTEM, Person

log = structlog.get_logger(__name__)
COOKIE = "binnen"
SESSION_DAYS = 90


def house(request: HTTPConnection) -> House:
    """The house this request is in."""
    return cast(House, request.app.state.house)


def is_https(request: HTTPConnection) -> bool:
    """Whether people reach this installation over TLS."""
    public = house(request).settings.public_url
    return public.startswith("https:") if public else request.url.scheme in ("https", "wss")


def base_url(request: HTTPConnection) -> str:
    """The address as people open it, without a slash at the end."""
    return house(request).settings.public_url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"


def cookie_name(request: HTTPConnection) -> str:
    """`__Host-` where TLS allows it, so that no sub-domain can set it."""
    return f"__Host-{COOKIE}" if is_https(request) else COOKIE


def set_session(request: HTTPConnection, response: Response, secret: str) -> Response:
    """The session's secret leaves as a cookie only, out of reach for scripts."""
    response.set_cookie(
        cookie_name(request), secret, max_age=SESSION_DAYS * 86400, httponly=True, samesite="lax",
        secure=is_https(request), path="/",
    )  # fmt: skip
    return response


async def who(request: HTTPConnection) -> Person:
    """The person who asks, by cookie or bearer token; NOBODY when neither is good. Cached for the request."""
    state = request.scope.setdefault("state", {})
    if "person" not in state:
        state["person"] = await _authenticate(request)
    return cast(Person, state["person"])


async def _authenticate(request: HTTPConnection) -> Person:
    the_house = house(request)
    authenticate = the_house.authenticate
    header = request.headers.get("authorization", "")
    kind, secret = ("token", header[7:]) if header.startswith("Bearer ") else ("cookie", "")
    if kind == "cookie":
        secret = request.cookies.get(cookie_name(request), "")
    person = await the_house.read(authenticate, kind, secret) if secret and authenticate else None
    if person is None:
        return _stranger(request)
    note = the_house.seen(person) if the_house.seen else None
    if note is not None:
        with suppress(Refused):  # reading goes on when nothing can be written
            await the_house.perform(SYSTEM, note)
    return replace(person, address=_address(request))


def _stranger(request: HTTPConnection) -> Person:
    """Nobody, in the language that the browser asks for."""
    accepted, wish = request.headers.get("accept-language", ""), request.cookies.get("lang", "")
    lang = negotiate(accepted, wish, house(request).settings.language)
    return replace(NOBODY, lang=lang, address=_address(request))


def _address(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""


async def signed_in(request: HTTPConnection) -> Person:
    """The person who asks. Raises Refused 401 when nobody is signed in."""
    person = await who(request)
    if person.id == 0:
        raise Refused(401, "signed-out")
    return person


Loader = Callable[..., dict[str, Any]]


async def page(request: Request, template: str, load: Loader | None = None, *args: Any, status: int = 200) -> Response:
    """A page for who is signed in: content, shell and cursor from one snapshot."""
    person = await signed_in(request)
    context = await house(request).read(_load_page, house(request), person, load, args)
    return respond(request, template, person, context, status)


async def bare_page(
    request: Request, template: str, load: Loader | None = None, *args: Any, status: int = 200
) -> Response:
    """A page without the shell, also for nobody: sign-in, set-up, invitation."""
    person = await who(request)
    context = await house(request).read(lambda conn: load(conn, person, *args)) if load else {}
    return respond(request, template, person, context, status)


async def fragment(request: Request, template: str, load: Loader, *args: Any) -> Response:
    """A piece of a page, for who is signed in."""
    person = await signed_in(request)
    context = await house(request).read(load, person, *args)
    return respond(request, template, person, context, 200)


def _load_page(
    conn: Connection, the_house: House, person: Person, load: Loader | None, args: tuple[Any, ...]
) -> dict[str, Any]:
    context: dict[str, Any] = {}
    for room in the_house.rooms:
        if room.shell is not None:
            context.update(room.shell(conn, person))
    context.update(load(conn, person, *args) if load else {})
    return context


def respond(request: Request, template: str, person: Person, context: dict[str, Any], status: int) -> Response:
    """Render with what every template may use: me, organisation, path, new_id, limits."""
    settings = house(request).settings
    shared = {
        "me": person, "organisation": settings.name, "path": request.url.path, "new_id": new_id,
        "demo": settings.demo, "limits": {"files": settings.files_per_message, "bytes": settings.file_limit},
    }  # fmt: skip
    html = render(template, person.lang, **{**shared, **context})
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Content-Language": person.lang})


# -- refusals


def wants_json(request: Request) -> bool:
    """Whether the answer goes to a program rather than onto a page."""
    accept = request.headers.get("accept", "")
    if "application/json" in accept or request.headers.get("content-type", "").startswith("application/json"):
        return True
    return "text/html" not in accept


def problem(request: Request, person: Person, refusal: Refused, write_id: str = "") -> JSONResponse:
    """RFC 9457 problem document: the sentence in the reader's language, the code for programs."""
    document = {
        "type": f"/problems/{refusal.code}", "title": house(request).sentence(refusal, person.lang),
        "status": refusal.status, "code": refusal.code,
    }  # fmt: skip
    if write_id:
        document["id"] = write_id
    document |= {key: value for key, value in refusal.params.items() if key not in document}
    headers = {"Cache-Control": "no-store"}
    if refusal.status in (429, 503):
        headers["Retry-After"] = str(refusal.params.get("retry_after", 5))
    return JSONResponse(document, refusal.status, headers, media_type="application/problem+json")


async def on_refused(request: Request, error: Exception) -> Response:
    """A refusal as problem document or as a page with the next step."""
    refusal = cast(Refused, error)
    if refusal.status >= 500:  # who asks is not worth another failure
        request.scope.setdefault("state", {}).setdefault("person", _stranger(request))
    try:
        person = await who(request)
    except Refused:
        person = _stranger(request)
    if wants_json(request):
        return problem(request, person, refusal)
    if refusal.status == 401:
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
    context: dict[str, Any] = {}
    if person.id and refusal.status < 500:  # with the navigation, unless it is the database that fails
        context = await house(request).read(_load_page, house(request), person, None, ())
    context |= {"refusal": refusal, "sentence": house(request).sentence(refusal, person.lang)}
    return respond(request, "kernel/error.html", person, context, refusal.status)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own errors in the same two shapes."""
    status = cast(HTTPException, error).status_code
    code = {404: "not-found", 405: "method", 413: "too-large"}.get(status, "malformed")
    response = await on_refused(request, Refused(status, code, reason=str(status), limit="1 MB"))
    response.headers.update(cast(HTTPException, error).headers or {})
    return response


async def on_database_error(request: Request, error: Exception) -> Response:
    """The database is gone: 503, in words, and nothing of the error's text."""
    if isinstance(error, OverflowError) or (isinstance(error, DBAPIError) and is_of_the_write(error)):
        return await on_refused(request, not_found())  # an id that no database can hold names nothing
    log.error("database error", kind=type(error).__name__)
    return await on_refused(request, Refused(503, "database-gone"))


async def on_crash(request: Request, error: Exception) -> Response:
    """Our fault: a note in the log and on the page, nothing else."""
    return await on_refused(request, noted(error, "request failed", method=request.method))


def noted(error: Exception, event: str, **about: str) -> Refused:
    """Our fault in the log, and the refusal that names the line. No address in `about`: one may hold a secret."""
    note = secrets.token_hex(2).upper()
    log.error(event, note=note, exc_info=error, **about)
    return Refused(500, "server", note=note)


async def on_hung_up(request: Request, _error: Exception) -> Response:
    """The client went away in the middle of its request: nobody's fault, and nobody hears the answer."""
    return Response(status_code=408)


HANDLERS = {
    Refused: on_refused, HTTPException: on_http_error, DBAPIError: on_database_error,
    OverflowError: on_database_error, ProgrammingError: on_crash, ClientDisconnect: on_hung_up,
}  # fmt: skip
