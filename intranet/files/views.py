"""The addresses of files: bytes in, bytes out."""

from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intranet.kernel import House, Person, Refused, house, new_id, not_found, signed_in

from . import access, actions, serving
from .desk import Mismatch, desk_of
from .parts import Full, TooLong, WrongOffset


async def offset(request: Request) -> Response:
    """`HEAD /files/<upload>`: how much is here for good. Takes the turn from a connection that hangs."""
    parts = desk_of(house(request)).parts
    await parts.settled(request.path_params["upload"])
    person, upload = await _own_upload(request)
    has = upload.size if upload.file else await parts.offset(parts.path(person.id, upload.id))
    if has == upload.size and not upload.file:  # broken off after the last byte: said to be here, it has to be
        try:
            await _take_in(house(request), person, upload)
        except Mismatch:
            has = 0
    return Response(headers=_offset_headers(has, upload))


async def receive(request: Request) -> Response:
    """`PUT /files/<upload>?offset=N`: append the body; with the last byte the file is verified and here."""
    async with desk_of(house(request)).parts.arriving(request.path_params["upload"]):
        return await _receive(request)


async def _receive(request: Request) -> Response:
    person, upload = await _own_upload(request)
    start = _number(request.query_params.get("offset", ""))
    if start + _number(request.headers.get("content-length", "0")) > upload.size:
        raise Refused(413, "more-than-announced")
    if upload.file:
        return _progress(upload.size, upload, done=True)
    try:
        has = await _append(request, person, upload, start)
    except ClientDisconnect:
        return Response(status_code=408)  # nobody hears it; what arrived is kept
    if has == upload.size:
        try:
            await _take_in(house(request), person, upload)
        except Mismatch as error:
            raise Refused(422, "other-bytes", offset=0) from error
    return _progress(has, upload, done=has == upload.size)


async def _append(request: Request, person: Person, upload: Any, start: int) -> int:
    parts = desk_of(house(request)).parts
    try:
        return await parts.receive(parts.path(person.id, upload.id), start, upload.size, _body(request))
    except WrongOffset as wrong:
        raise Refused(409, "wrong-offset", offset=wrong.right) from wrong
    except TooLong as error:
        raise Refused(413, "more-than-announced") from error
    except Full as error:
        raise Refused(507, "disk-full") from error


async def _body(request: Request) -> AsyncIterator[bytes]:
    """What arrives. Uvicorn tells of a lost connection before it hands over what it has read: that is still taken."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        cycle = getattr(request.receive, "__self__", None)
        yield bytes(getattr(cycle, "body", b""))
        raise


async def _take_in(the_house: House, person: Person, upload: Any) -> None:
    """Stored, then recorded; once, however many connections bring the end. Raises Mismatch."""
    desk = desk_of(the_house)
    path = desk.parts.path(person.id, upload.id)
    async with desk.parts.alone(path):
        if (await the_house.read(access.own_upload, person, upload.id)).file:
            return
        arrived = await desk.take_in(path, upload)
        await the_house.perform(person, actions.Finish(
            id=new_id(), upload=upload.id, kind=arrived.kind, type=arrived.type, name=arrived.name,
            stored=arrived.stored,
        ))  # fmt: skip
        desk.parts.remove(path)


async def _own_upload(request: Request) -> tuple[Person, Any]:
    person = await signed_in(request)
    return person, await house(request).read(access.own_upload, person, request.path_params["upload"])


def _progress(has: int, upload: Any, *, done: bool) -> Response:
    return JSONResponse({"offset": has, "done": done}, headers=_offset_headers(has, upload))


def _offset_headers(has: int, upload: Any) -> dict[str, str]:
    return {"Upload-Offset": str(has), "Upload-Length": str(upload.size), "Cache-Control": "no-store"}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refused(422, "malformed", reason="offset")
    return int(text)


async def show(request: Request) -> Response:
    """`GET /files/<id>/<variant>/<name>`: for exactly those who may read what refers to it. The name is decoration."""
    person = await signed_in(request)
    the_house = house(request)
    places, name = the_house.places(person.id), request.path_params["file"]
    file = await the_house.read(access.found, places, the_house.may_read, person, name)
    chosen = serving.choose(file, request.path_params["variant"])
    if chosen is None:
        raise not_found()
    name = file.name if request.path_params["variant"] in ("original", "play") else f"{file.name}.webp"
    return await serving.serve(desk_of(the_house).store, chosen, name, request.headers)


ROUTES = [
    Route("/files/{upload}", offset, methods=["HEAD"]),
    Route("/files/{upload}", receive, methods=["PUT"]),
    Route("/files/{file}/{variant}/{name}", show),
]
