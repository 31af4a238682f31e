"""What happens beside requests: pictures are pressed, what nobody needs any more is cleared away."""

import asyncio
from typing import Any

from sqlalchemy import Connection, select

from intranet.kernel import SYSTEM, House, job_write_id

from . import actions, names
from .access import contents
from .desk import Desk, desk_of
from .models import File, FileRef, Upload
from .pressing import Pressed
from .sniff import EXTENSIONS, PLAIN

GRACE = 3600  # seconds for which a content nobody refers to may still be on its way into the record


async def press(house: House, payload: dict[str, Any], job: int) -> None:
    """Make a file's pictures, then tell every place where it can be seen."""
    file = await house.read(_file, payload["file"])
    if file is None:
        return
    desk = desk_of(house)
    if file.state == "new" or (file.kind == "pdf" and not file.thumb):
        made = await (desk.press.pdf(file.content) if file.kind == "pdf" else _picture(desk, file.raw))
        size = await asyncio.to_thread(desk.store.size, made.original) if made.original else 0
        await house.perform(SYSTEM, _result(file, made, size, job_write_id(job, "pressed")))
    # Read only now: whoever attaches the file from here on shows it as it is.
    for place in await house.read(_places_of, file.id):
        await house.perform(SYSTEM, actions.Show(id=job_write_id(job, f"show {place}"), place=place, file=file.id))


async def _picture(desk: Desk, raw: str) -> Pressed:
    made = await desk.press.picture(raw)
    if made.refused == "stopped" and not made.original:
        # Perhaps the machine was too busy: before somebody's photo is given up it gets a second chance.
        made = await desk.press.picture(raw)
    return made


def _result(file: Any, made: Pressed, size: int, write_id: str) -> actions.Pressed:
    if file.kind == "pdf":
        return actions.Pressed(
            id=write_id, file=file.id, state="ready", kind="pdf", type=file.type, name=file.name, size=file.size,
            content=file.content, preview=made.preview, thumb=made.thumb, width=made.width, height=made.height,
            pages=made.pages,
        )  # fmt: skip
    if not made.original:
        # Not even its metadata could be taken out: it is no picture that anybody should get.
        return actions.Pressed(
            id=write_id, file=file.id, state="refused", kind="file", type=PLAIN, name=file.name, size=file.size,
            content="",
        )  # fmt: skip
    if made.refused:
        return actions.Pressed(
            id=write_id, file=file.id, state="ready", kind="file", type=PLAIN, name=file.name, size=size,
            content=made.original,
        )  # fmt: skip
    name = names.with_extension(file.name, EXTENSIONS[made.type], instead=EXTENSIONS.get(file.type, ()))
    return actions.Pressed(
        id=write_id, file=file.id, state="ready", kind="photo", type=made.type, name=name, size=size,
        content=made.original, preview=made.preview, thumb=made.thumb, width=made.width, height=made.height,
    )  # fmt: skip


async def sweep(house: House, _payload: dict[str, Any], job: int) -> None:
    """Forget in the record first, then clear the disk of what the record does not know."""
    await house.perform(SYSTEM, actions.Sweep(id=job_write_id(job)))
    kept, waiting = await house.read(_kept)
    await asyncio.to_thread(_clear, desk_of(house), kept, waiting)


def _clear(desk: Desk, kept: set[str], waiting: set[str]) -> None:
    for sha256 in desk.store.everything():
        if sha256 not in kept:
            desk.store.remove(sha256, untouched_for=GRACE)
    desk.store.clear_work(older_than=GRACE)
    desk.parts.clear(waiting, older_than=GRACE)


def _file(conn: Connection, file: str) -> Any:
    return conn.execute(select(*File.__table__.columns).where(File.id == file)).first()


def _places_of(conn: Connection, file: str) -> list[int]:
    return list(conn.execute(select(FileRef.place).where(FileRef.file == file).distinct()).scalars())


def _kept(conn: Connection) -> tuple[set[str], set[str]]:
    """Every content the record knows, and the part files of uploads that are under way."""
    waiting = {f"{row.person}-{row.id}" for row in conn.execute(select(Upload.person, Upload.id))}
    return contents(conn), waiting
