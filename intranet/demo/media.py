"""The bytes of the sample company's files and portraits, and what the writes say about them."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from intranet.files import Desk, desk_of
from intranet.kernel import House

from .model import Company, File
from .paper import paper
from .pictures import SCENES, photo, portrait
from .voice import murmur

TYPES = {"photo": "image/jpeg", "pdf": "application/pdf", "voice": "audio/mp4"}


@dataclass(frozen=True, slots=True)
class Made:
    """One file: the fields of its `files.begin`, `files.finish` and `files.pressed`, and of its tile."""

    begin: dict[str, Any]
    finish: dict[str, Any]
    pressed: dict[str, Any]
    about: dict[str, Any]


@dataclass(slots=True)
class Media:
    """All files by what refers to them, and portraits by person."""

    files: dict[File, Made] = field(default_factory=dict)
    portraits: dict[str, bytes] = field(default_factory=dict)

    def tile(self, file: File, tile: str) -> dict[str, Any]:
        """What the message announces."""
        return {"id": tile, **self.files[file].about}

    def photo(self, person: str) -> str:
        """The name under which the room of people keeps a portrait."""
        return hashlib.blake2b(self.portraits[person], digest_size=16).hexdigest()


async def make(house: House, company: Company) -> Media:
    """Draw, speak and write everything, keep it in the store, and press it as the house presses uploads."""
    desk = desk_of(house)
    said = [one.files for one in company.messages] + [one.files for one in company.posts]
    wanted = dict.fromkeys(file for files in said for file in files)
    alike = {file: replace(file, note="") for file in wanted}  # one picture, whatever is said of it
    made = await asyncio.gather(*(_one(desk, file) for file in dict.fromkeys(alike.values())))
    known = dict(zip(dict.fromkeys(alike.values()), made, strict=True))
    noted = {file: replace(known[same], about={**known[same].about, "note": file.note}) for file, same in alike.items()}
    portraits = await asyncio.to_thread(_portraits, company)
    return Media(noted, portraits)


def _portraits(company: Company) -> dict[str, bytes]:
    return {person.key: portrait(person.look, person.key) for person in company.people if person.look}


async def _one(desk: Desk, file: File) -> Made:
    data, about = await asyncio.to_thread(_bytes, file)
    stored = await asyncio.to_thread(desk.store.keep, data)
    base = {"name": file.name, "kind": file.kind, "size": len(data)}
    return Made(
        begin={**base, "sha256": stored},
        finish={"kind": file.kind, "type": TYPES[file.kind], "name": file.name, "stored": stored},
        pressed=await _pressed(desk, file, stored, len(data)),
        about={**base, **about},
    )


def _bytes(file: File) -> tuple[bytes, dict[str, Any]]:
    if file.kind == "photo":
        width, height = SCENES[file.source][1]
        return photo(file.source, file.name), {"width": width, "height": height}
    if file.kind == "pdf":
        return paper(file.source), {}
    voice = murmur(file.seconds, file.source)
    return voice.data, {"duration": voice.duration, "peaks": voice.peaks}


async def _pressed(desk: Desk, file: File, stored: str, size: int) -> dict[str, Any]:
    if file.kind == "voice":
        return {}
    made = await (desk.press.picture(stored) if file.kind == "photo" else desk.press.pdf(stored))
    content = made.original or stored
    if file.kind == "photo":
        size = await asyncio.to_thread(desk.store.size, content)
    return {
        "state": "ready", "kind": file.kind, "type": made.type or TYPES[file.kind], "name": file.name, "size": size,
        "content": content, "preview": made.preview, "thumb": made.thumb, "width": made.width, "height": made.height,
        "pages": made.pages,
    }  # fmt: skip
