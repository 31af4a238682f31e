"""Home, and the list of conversations."""

from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import Person, page

from .lists import conversations


def _home(conn: Connection, person: Person) -> dict[str, Any]:
    return conversations(conn, person, unread_only=True)


async def home(request: Request) -> Response:
    """Conversations with something unread, mentions first; it ends."""
    return await page(request, "inbox/home.html", _home)


def _chats(conn: Connection, person: Person) -> dict[str, Any]:
    return conversations(conn, person, unread_only=False)


async def chats(request: Request) -> Response:
    """All conversations: what is unread, favourites, the rest."""
    return await page(request, "channels/chats.html", _chats)


def _nothing(_conn: Connection, _person: Person) -> dict[str, Any]:
    return {}


async def outbox(request: Request) -> Response:
    """What this device has not sent yet; the browser fills it."""
    return await page(request, "kernel/outbox.html", _nothing)


async def capture(request: Request) -> Response:
    """A new message: photo or voice first, then where it goes."""
    return await page(request, "chat/capture.html", _chats)


ROUTES: list[BaseRoute] = [
    Route("/", home),
    Route("/chats", chats),
    Route("/outbox", outbox),
    Route("/new", capture),
]
