"""Tiles: what a message shows of its files, from the moment it is sent until everything is here."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec
from babel.numbers import format_decimal
from markupsafe import Markup
from sqlalchemy import ColumnElement, Connection, select

from intranet.kernel import Refused, Tx, render

from . import names, voice
from .models import File, FileRef
from .sniff import KINDS

LONGEST_NOTE = 300
THUMB, PREVIEW = 480, 1600  # longest side in pixels, as press/pictures.py makes them
_TILE_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_MB = 1024 * 1024


class NewTile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A file that a message announces; its bytes come beside it. All figures are the sending browser's."""

    id: str
    name: str
    size: int
    kind: str = "file"
    width: int = 0
    height: int = 0
    duration: int = 0  # ms
    peaks: list[int] = []
    note: str = ""
    upload: str = ""  # what fills it, where that is known already


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of a message as everybody who may read the message sees it."""

    id: str
    state: str  # coming, new (here, being prepared), ready, refused
    kind: str
    name: str
    size: int
    width: int
    height: int
    duration: int
    peaks: tuple[int, ...]
    note: str
    file: str = ""
    type: str = ""
    pages: int = 0
    has_picture: bool = False

    def url(self, variant: str) -> str:
        """The address of a variant: original, preview, thumb, play."""
        return f"/files/{self.file}/{variant}/{quote(self.name, safe='')}"

    @property
    def seconds(self) -> int:
        """The length in whole seconds."""
        return round(self.duration / 1000)

    @property
    def length(self) -> str:
        """The length as a clock says it: 0:24."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"

    @property
    def wave(self) -> str:
        """The waveform as an SVG path in a box of 256 x 32."""
        return voice.wave(list(self.peaks))

    @property
    def is_picture(self) -> bool:
        """Whether it is shown as a photo."""
        return self.state == "ready" and self.kind == "photo" and self.has_picture

    @property
    def is_tall(self) -> bool:
        """Whether a picture is higher than wide."""
        return self.height > self.width

    @property
    def thumb_width(self) -> int:
        """The pixels the thumb is wide."""
        return self._scaled(THUMB)

    @property
    def preview_width(self) -> int:
        """The pixels the preview is wide."""
        return self._scaled(PREVIEW)

    def _scaled(self, side: int) -> int:
        longest = max(self.width, self.height, 1)
        return max(1, round(self.width * min(1, side / longest)))

    def as_json(self) -> dict[str, Any]:
        """The tile for programs."""
        ready = self.state == "ready"
        return {
            "id": self.id, "state": self.state, "kind": self.kind, "name": self.name, "size": self.size,
            "width": self.width, "height": self.height, "duration": self.duration, "peaks": list(self.peaks),
            "note": self.note, "url": self.url("original") if ready else None,
            "preview": self.url("preview") if self.has_picture else None,
        }  # fmt: skip


def megabytes(size: int) -> str:
    """A limit in words, the same in every language: 100 MB."""
    return f"{size // _MB} MB"


def size_words(size: int, lang: str) -> str:
    """A size as people say it, by the reader's language: 240 MB, 1,2 MB, 18 KB."""
    if size < _MB:
        return f"{max(1, round(size / 1024))} KB"
    digits = "#,##0.#" if size < 10 * _MB else "#,##0"
    return f"{format_decimal(size / _MB, digits, locale={'en': 'en_GB'}.get(lang, lang))} MB"


def check(expected: Sequence[NewTile], *, most_files: int, most_bytes: int) -> None:
    """Raise Refused unless so many files of that kind and size may hang on one message. Touches nothing."""
    if len(expected) > most_files:
        raise Refused(422, "too-many-files", limit=most_files)
    if len({each.id for each in expected}) < len(expected):
        raise Refused(422, "malformed", reason="files.id")
    for each in expected:
        if not _TILE_ID.fullmatch(each.id) or each.kind not in KINDS or each.size < 1:
            raise Refused(422, "malformed", reason="files")
        if each.size > most_bytes:
            raise Refused(413, "file-too-large", limit=megabytes(most_bytes))
        if len(each.note) > LONGEST_NOTE:
            raise Refused(422, "note-too-long", limit=LONGEST_NOTE)


def expect_tiles(
    tx: Tx, place: int, seq: int, person: int, expected: Sequence[NewTile], *, thing: str = "m", first: int = 0
) -> None:
    """Let a message (or another thing) of this person show a tile for each file it announces. Refused 413, 422."""
    check(expected, most_files=tx.settings.files_per_message, most_bytes=tx.settings.file_limit)
    for position, each in enumerate(expected, first):
        peaks = voice.clamp_peaks(each.peaks) if each.kind == "voice" else []
        timed = each.kind in ("voice", "video")
        tx.add(FileRef, {
            "place": place, "subject": seq, "thing": thing, "tile": each.id, "position": position, "person": person,
            "name": names.clean(each.name), "kind": each.kind, "size": each.size,
            "width": _side(each.width), "height": _side(each.height),
            "duration": voice.clamp_length(each.duration) if timed else 0,
            "peaks": " ".join(map(str, peaks)), "note": " ".join(each.note.split()), "file": "",
        })  # fmt: skip


def _side(pixels: int) -> int:
    return max(0, min(pixels, 100_000))


def tiles_for(conn: Connection, place: int, seqs: Iterable[int]) -> dict[int, list[Tile]]:
    """The tiles of these messages, in their order; one query for all."""
    return _tiles(conn, FileRef.place == place, FileRef.subject.in_(list(seqs)))


def tiles_of(conn: Connection, thing: str, subjects: Iterable[int]) -> dict[int, list[Tile]]:
    """The tiles of these things ("post"), by their ids, wherever they are; one query for all."""
    return _tiles(conn, FileRef.thing == thing, FileRef.subject.in_(list(subjects)))


def _tiles(conn: Connection, *which: ColumnElement[bool]) -> dict[int, list[Tile]]:
    rows = conn.execute(
        select(
            FileRef.subject, FileRef.tile, FileRef.name, FileRef.kind, FileRef.size, FileRef.width, FileRef.height,
            FileRef.duration, FileRef.peaks, FileRef.note, File.id, File.state, File.name.label("file_name"),
            File.kind.label("file_kind"), File.type, File.size.label("file_size"), File.width.label("file_width"),
            File.height.label("file_height"), File.pages, File.thumb,
        )
        .outerjoin(File, File.id == FileRef.file)
        .where(*which)
        .order_by(FileRef.subject, FileRef.position)
    )  # fmt: skip
    tiles: dict[int, list[Tile]] = defaultdict(list)
    for row in rows:
        tiles[row.subject].append(_tile(row))
    return dict(tiles)


def _tile(row: Any) -> Tile:
    here = row.id is not None
    return Tile(
        id=row.tile, state=row.state if here else "coming",
        kind=row.file_kind if here else row.kind, name=row.file_name if here else row.name,
        size=row.file_size if here else row.size,
        width=(here and row.file_width) or row.width, height=(here and row.file_height) or row.height,
        duration=row.duration, peaks=tuple(map(int, row.peaks.split())), note=row.note,
        file=row.id or "", type=row.type or "", pages=row.pages or 0, has_picture=bool(row.thumb),
    )  # fmt: skip


def tiles_html(tiles: Sequence[Tile], lang: str) -> Markup:
    """The tiles of one message, the same for everybody who may read it; nothing where there are none."""
    if not tiles:
        return Markup("")
    return Markup(render("files/_tiles.html", lang, tiles=tiles, size_words=size_words))  # noqa: S704  our template's
