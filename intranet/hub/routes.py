"""The hub's two addresses: the socket, and catching up by plain HTTP."""

from contextlib import suppress
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from intranet.kernel import GONE, LANGUAGES, House, Person, Refused, house, is_foreign, not_found, signed_in, who

from . import catchup, frames
from .hub import Hub


def routes(hub: Hub) -> list[BaseRoute]:
    """For the app to mount."""
    return [WebSocketRoute("/ws", partial(socket, hub)), Route("/catchup", catch_up)]


async def socket(hub: Hub, websocket: WebSocket) -> None:
    """Accept, or close with a code that says why; then the wire has the connection and this returns."""
    with suppress(OSError, WebSocketDisconnect):  # the client is gone again: nobody to tell
        await _greet(hub, websocket)


async def _greet(hub: Hub, websocket: WebSocket) -> None:
    if is_foreign(websocket.headers, hub.house.settings.public_url, strict=True):
        await websocket.close()  # before it is accepted: 403
        return
    try:
        person = await who(websocket)
    except GONE:
        await websocket.accept()
        await websocket.close(1013, "later")
        return
    await websocket.accept()
    if person.id == 0:
        await websocket.close(4401, "signed out")
        return
    if person.session in hub.over:  # it ended while this came in
        await websocket.close(4403, "session ended")
        return
    if hub.sockets[person.id] >= hub.house.settings.sockets_per_person:
        await websocket.close(4429, "too many")
        return
    hub.welcome(person, websocket.scope["extensions"]["wire"])


async def catch_up(request: Request) -> Response:
    """`GET /catchup?place=17&epoch=e&after=480`: the frames that the socket would have written."""
    person = await signed_in(request)
    query = request.query_params
    try:
        place, after = int(query["place"]), int(query["after"])
    except (KeyError, ValueError) as error:
        raise Refused(422, "malformed", reason="place, epoch, after") from error
    lang = query.get("lang", person.lang)
    dialect = "json" if query.get("dialect") == "json" else catchup.html(lang if lang in LANGUAGES else "en")
    cursor = (query.get("epoch", ""), after)
    body = await house(request).read_hot(read_catch_up, house(request), person, place, cursor, dialect)
    return Response(msgspec.json.encode(body), media_type="application/json", headers={"Cache-Control": "no-store"})


def read_catch_up(
    conn: Connection, the_house: House, person: Person, place: int, cursor: frames.Cursor, dialect: str
) -> dict[str, Any]:
    """What one person may see of a place after a cursor, as JSON."""
    if place == person.id:
        page, joined, dialect = catchup.mine_after(conn, the_house, place, cursor), 0, "mine"
    else:
        places = the_house.places(person.id).subquery()
        since = conn.execute(select(places.c.joined).where(places.c.place == place)).scalar()
        if since is None:
            raise not_found()
        page, joined = catchup.frames_after(conn, the_house, place, cursor, {dialect}), int(since)
    if page.reset:
        return {"reset": True}
    shown = [frames.payload_of(entry.bytes_for(dialect, joined)) for entry in page.entries]
    return {"frames": shown, "complete": page.complete}
