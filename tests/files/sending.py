"""What a browser does to send a file, by hand: announce, bytes in pieces, attach."""

import asyncio
import hashlib
from typing import Any

import httpx2
from sqlalchemy import Connection, func, select

from intranet.files import File, NewTile
from intranet.files.actions import Attach, Begin
from intranet.kernel import Answer, House, Person, new_id
from tests.cast import say


async def begin(house: House, who: Person, content: bytes, name: str, kind: str = "file", **claims: Any) -> str:
    """Announce a file; `claims` lie about it. Returns the upload's id."""
    true: dict[str, Any] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    write = Begin(id=new_id(), name=name, kind=kind, **(true | claims))
    await house.perform(who, write)
    return write.id


async def put(client: httpx2.AsyncClient, upload: str, content: bytes, offset: int = 0) -> httpx2.Response:
    """Send bytes from an offset on."""
    return await client.put(f"/files/{upload}?offset={offset}", content=content, headers={"Accept": "application/json"})


async def upload(
    house: House, client: httpx2.AsyncClient, who: Person, content: bytes, name: str, kind: str = "file"
) -> str:
    """A whole file, all bytes at once; `client` is signed in as `who`."""
    begun = await begin(house, who, content, name, kind)
    answer = await put(client, begun, content)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"offset": len(content), "done": True}
    return begun


async def announce(house: House, who: Person, place: int, *tiles: NewTile, text: str = "") -> Answer:
    """A message with tiles for files that are still coming."""
    return await say(house, who, place, text, files=list(tiles))


async def attach(house: House, who: Person, place: int, message: int | str, tile: str, begun: str) -> Answer:
    """Fill a tile."""
    return await house.perform(who, Attach(id=new_id(), place=place, message=message, tile=tile, upload=begun))


async def send(
    house: House, client: httpx2.AsyncClient, who: Person, place: int, content: bytes, name: str, kind: str = "file",
    **more: Any,
) -> Answer:  # fmt: skip
    """A message with one file, complete but for its pictures. Returns the message's answer."""
    tile = NewTile(id=new_id(), name=name, size=len(content), kind=kind, **more)
    message = await announce(house, who, place, tile)
    await attach(house, who, place, message.seq, tile.id, await upload(house, client, who, content, name, kind))
    return message


async def pressed(house: House) -> None:
    """Until every picture is pressed and its places told."""
    moved = asyncio.Event()
    house.listen(lambda _places, _announced: moved.set())
    while await house.read(_waiting):
        await asyncio.wait_for(moved.wait(), 30)
        moved.clear()


def _waiting(conn: Connection) -> int:
    waiting = (File.state == "new") | ((File.kind == "pdf") & (File.thumb == ""))
    return conn.execute(select(func.count()).select_from(File).where(waiting)).scalar_one()
