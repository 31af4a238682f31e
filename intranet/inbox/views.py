"""Home, the list of conversations, the outbox, and what the shell asks for again: navigation and jump list."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from intranet import notices
from intranet.chat import shell
from intranet.kernel import SYSTEM, Person, Refused, fragment, house, new_id, number, page, signed_in

from .jump import found, targets
from .lists import SHOWS, chats, home, outbox


async def home_page(request: Request) -> Response:
    """Conversations with something unread, mentions first; it ends."""
    return await _home(request, page, "inbox/home.html")


async def home_part(request: Request) -> Response:
    """Home's lists alone, when something has changed."""
    return await _home(request, fragment, "inbox/_home.html")


async def _home(request: Request, show: Callable[..., Awaitable[Response]], template: str) -> Response:
    """What could not be drawn, because the reader may not read it any more, does not wait for them any more."""
    stale: list[str] = []
    response = await show(request, template, home, house(request).notices, stale)
    if stale:
        reader = await signed_in(request)
        with suppress(Refused):  # reading goes on when nothing can be written
            await house(request).perform(SYSTEM, notices.Sweep(id=new_id(), person=reader.id, keys=stale))
    return response


def _show(request: Request) -> str:
    show = request.query_params.get("show", "")
    return show if show in SHOWS else ""


async def chats_page(request: Request) -> Response:
    """All conversations: what is unread, favourites, the rest."""
    return await page(request, "channels/chats.html", chats, _show(request))


async def chats_part(request: Request) -> Response:
    """The list of conversations alone, when something has changed."""
    return await fragment(request, "channels/_chats.html", chats, _show(request))


async def navigation(request: Request) -> Response:
    """The navigation's lists with their counts, when memberships or names have changed."""
    opened = number(request.query_params.get("open", "")) or 0
    return await fragment(request, "kernel/_nav.html", _navigation, opened)


def _navigation(conn: Connection, person: Person, opened: int) -> dict[str, Any]:
    return {**shell(conn, person), **notices.shell(conn, person), "open": opened}


async def jump(request: Request) -> Response:
    """Everything that can be jumped to, for the palette."""
    person = await signed_in(request)
    text = request.query_params.get("q", "").strip()[:100]
    rows = await house(request).read(*((found, person, text) if text else (targets, person)))
    return JSONResponse(rows, headers={"Cache-Control": "no-store"})


async def outbox_page(request: Request) -> Response:
    """What this device has not sent yet, which the browser fills in, and what waits for its time."""
    return await page(request, "kernel/outbox.html", outbox)


def _capture(conn: Connection, person: Person) -> dict[str, Any]:
    found = chats(conn, person, "")
    return {**found, "rest": [*found["channels"], *found["direct"]]}


async def capture(request: Request) -> Response:
    """A new message: photo or voice first, then where it goes."""
    return await page(request, "chat/capture.html", _capture)


ROUTES: list[BaseRoute] = [
    Route("/", home_page),
    Route("/part/home", home_part),
    Route("/chats", chats_page),
    Route("/part/chats", chats_part),
    Route("/part/nav", navigation),
    Route("/jump.json", jump),
    Route("/outbox", outbox_page),
    Route("/new", capture),
]
