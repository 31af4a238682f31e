"""Taking in a portrait, and showing it to those who may see the person."""

import asyncio
import re
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import House, Person, Refused, house, new_id, not_found, signed_in, up_to
from intranet.people.access import must_be_here
from intranet.people.directory import photo_of
from intranet.people.lines import photo_address
from intranet.people.photos import MOST_BYTES, forget_others, keep, make_portrait, path_of
from intranet.people.writes import Photo

from .own import profile_again

_HASH = re.compile(r"[0-9a-f]{32}")
DAY = 86400
_busy: set[int] = set()  # people whose portrait is being made


async def take(request: Request) -> Response:
    """`POST /people/photo`, a form with the file `photo`: the new portrait; or `gone=1`: none from now on."""
    person = await signed_in(request)
    must_be_here(person)
    try:
        portrait = await _portrait(request, person)
    except Refused as refusal:
        return await profile_again(request, {}, refusal)
    the_house = house(request)
    photo = await asyncio.to_thread(keep, the_house.folder, person.id, portrait) if portrait else ""
    await the_house.perform(person, Photo(id=new_id(), photo=photo))
    await asyncio.to_thread(forget_others, the_house.folder, person.id, photo)
    return RedirectResponse("/me?done=photo", 303)


async def _portrait(request: Request, person: Person) -> bytes:
    """One of a person at a time: each holds its bytes and waits for a process."""
    if person.id in _busy:
        raise Refused(429, "too-many")
    _busy.add(person.id)
    try:
        data = await _read(request)
        return await make_portrait(data) if data else b""
    finally:
        _busy.discard(person.id)


async def _read(request: Request) -> bytes:
    """The picture's bytes, or none where it shall go; whatever Content-Length says, not more than the limit."""
    limited = up_to(request.receive, MOST_BYTES, Refused(413, "photo-large"))
    async with Request(request.scope, limited).form(max_files=1, max_fields=4) as form:
        if form.get("gone") == "1":
            return b""
        file: Any = form.get("photo")
        data = await file.read() if isinstance(file, UploadFile) else b""
    if not data:
        raise Refused(422, "photo-none")
    return bytes(data)


def _seen(conn: Connection, viewer: Person, the_house: House, person: int) -> str | None:
    return photo_of(conn, viewer, person, the_house.companions(viewer.id) if viewer.is_guest else None)


async def show(request: Request) -> Response:
    """The portrait; an earlier one's address leads to the one of today."""
    viewer = await signed_in(request)
    person, wanted = request.path_params["person"], request.path_params["photo"]
    photo = await house(request).read(_seen, viewer, house(request), person)
    if not photo or not _HASH.fullmatch(wanted):
        raise not_found()
    if photo != wanted:
        return RedirectResponse(photo_address(person, photo), 302, headers={"Cache-Control": "no-store"})
    path = path_of(house(request).folder, person, photo)
    if not await asyncio.to_thread(path.is_file):
        raise not_found()
    headers = {"Cache-Control": f"private, max-age={DAY}", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(path, media_type="image/webp", headers=headers)


ROUTES: list[BaseRoute] = [
    Route("/people/photo", take, methods=["POST"]),
    Route("/people/{person:int}/photo/{photo}.webp", show),
]
