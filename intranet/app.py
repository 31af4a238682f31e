"""The only file that knows every room: a readable list that becomes a Starlette application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from intranet import (
    audiences,
    channels,
    chat,
    customers,
    described,
    feed,
    files,
    hub,
    inbox,
    moderation,
    notices,
    people,
    polls,
    search,
)
from intranet.admin import room as admin_room
from intranet.kernel import House, Room
from intranet.kernel import jobs as kernel_jobs
from intranet.kernel import static as kernel_static
from intranet.kernel.config import Settings
from intranet.kernel.do import do
from intranet.kernel.guard import BodyLimit, Crashes, OriginCheck, SecurityHeaders
from intranet.kernel.jobs import Runner
from intranet.kernel.receipts import receipts
from intranet.kernel.web import HANDLERS, on_crash

ROOMS: list[Room] = [
    kernel_static.room,
    kernel_jobs.room,
    people.room,
    channels.room,
    audiences.room,
    files.room,
    customers.room,
    notices.room,
    chat.room,
    feed.room,
    polls.room,
    inbox.room,
    search.room,
    moderation.room,
    admin_room,
]


def make_app(settings: Settings) -> Starlette:
    """The application of one process. Its lifespan starts and stops the house."""
    house = House(settings, ROOMS)
    runner = Runner(house)
    the_hub = hub.Hub(house, hub.make_bell(settings, house.keys))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await house.start()
        await the_hub.start()
        await runner.start()
        for room in ROOMS:
            if room.starts is not None:
                await room.starts(house)
        try:
            yield
        finally:
            await runner.stop()
            await the_hub.stop()
            await house.stop()

    routes: list[BaseRoute] = [
        Route("/do", do, methods=["POST"]),
        Route("/receipts", receipts, methods=["POST"]),
        *hub.routes(the_hub),
        *described.routes(ROOMS),
    ]
    for room in ROOMS:
        routes += room.routes
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers=HANDLERS,
        middleware=[
            Middleware(SecurityHeaders, https=settings.public_url.startswith("https:")),
            Middleware(Crashes, answer=on_crash),
            Middleware(OriginCheck, public_url=settings.public_url, refuse=_foreign),
            Middleware(BodyLimit, refuse=_too_large),
        ],
    )
    app.state.house = house
    app.state.hub = the_hub
    app.state.runner = runner
    return app


def _foreign() -> JSONResponse:
    title = "The request came from another site and was not carried out."
    document = {"type": "/problems/foreign-origin", "title": title, "status": 403, "code": "foreign-origin"}
    return JSONResponse(document, 403, media_type="application/problem+json")


def _too_large() -> JSONResponse:
    document = {"type": "/problems/too-large", "title": "Too large: 1 MB at most.", "status": 413, "code": "too-large"}
    return JSONResponse(document, 413, media_type="application/problem+json")
