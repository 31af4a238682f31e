"""Home, the list of conversations, the outbox, and what the shell asks for again: navigation and jump list."""

from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from intranet.chat import shell
from intranet.kernel import Person, fragment, house, number, page, signed_in

from .jump import targets
from .lists import SHOWS, chats, home, outbox


async def home_page(request: Request) -> Response:
    """Conversations with something unread, mentions first; it ends."""
    return await page(request, "inbox/home.html", home)


async def home_part(request: Request) -> Response:
    """Home's lists alone, when something has changed."""
    return await fragment(request, "inbox/_home.html", home)


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
    return await fragment(request, "kernel/_nav.html", lambda conn, person: {**shell(conn, person), "open": opened})


async def jump(request: Request) -> Response:
    """Everything that can be jumped to, for the palette."""
    person = await signed_in(request)
    rows = await house(request).read(targets, person)
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
