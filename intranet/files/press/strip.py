"""Taking everything out of a picture that is not picture, without encoding it again.

Place, time, camera, previews, edit history, hidden film clips, whatever hangs behind the end: gone. Pixels, colour
profile, transparency and animation stay, byte for byte. What can't be followed raises Unreadable: then nothing is
served, for a picture we do not understand may still say where it was taken.
"""

import re
import struct
from collections.abc import Callable, Iterator
from mmap import mmap

Data = bytes | mmap
Part = bytes | tuple[int, int]  # new bytes, or a stretch of the source

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_ICC = b"ICC_PROFILE\0"
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD",
    b"pHYs", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_WEBP_EXIF_AND_XMP = 0b0000_1100


class Unreadable(Exception):
    """The bytes do not follow the rules of their format."""


def strip(data: Data, media_type: str, orientation: int) -> Iterator[bytes]:
    """The picture's bytes without metadata. For JPEG a bare `orientation` is written back, for it turns the pixels."""
    parts = _STRIPPERS[media_type](data, orientation)
    for part in parts:
        yield part if isinstance(part, bytes) else bytes(data[part[0] : part[1]])


def can_strip(media_type: str, orientation: int) -> bool:
    """Whether a picture can stay as it is but for its metadata; others are encoded again."""
    return media_type == "image/jpeg" or (media_type in _STRIPPERS and orientation == 1)


def _jpeg(data: Data, orientation: int) -> Iterator[Part]:
    if data[:2] != b"\xff\xd8":
        raise Unreadable("no JPEG")
    yield b"\xff\xd8"
    if orientation != 1:
        yield _bare_orientation(orientation)
    at = 2
    while True:
        marker, start, end = _segment(data, at)
        if marker == 0xD9:
            yield b"\xff\xd9"
            return
        if marker == 0xDA:
            end = _end_of_scan(data, end)
        if _jpeg_keeps(marker, data[start + 4 : start + 20]):
            yield start, end
        at = end


def _segment(data: Data, at: int) -> tuple[int, int, int]:
    """The marker at a position (past fill bytes), where it starts and where its segment ends."""
    while data[at : at + 2] == b"\xff\xff":
        at += 1
    head = data[at : at + 4]
    if len(head) < 2 or head[0] != 0xFF or head[1] in (0x00, 0xFF):
        raise Unreadable("no marker")
    if head[1] == 0xD9:
        return 0xD9, at, at + 2
    if head[1] == 0x01 or 0xD0 <= head[1] <= 0xD8:
        raise Unreadable("a marker in the wrong place")
    length = int.from_bytes(head[2:4], "big")
    if len(head) < 4 or length < 2 or at + 2 + length > len(data):
        raise Unreadable("a segment longer than the file")
    return head[1], at, at + 2 + length


def _end_of_scan(data: Data, at: int) -> int:
    found = _MARKER.search(data, at)
    if found is None:
        raise Unreadable("cut off")
    return found.start()


def _jpeg_keeps(marker: int, begin: bytes) -> bool:
    if marker == 0xE2:
        return begin.startswith(_ICC)
    if marker == 0xEE:
        return begin.startswith(b"Adobe")  # says how the colours are coded
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _bare_orientation(orientation: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: Data, _orientation: int) -> Iterator[Part]:
    if data[:8] != _PNG:
        raise Unreadable("no PNG")
    yield _PNG
    at = 8
    while True:
        head = data[at : at + 8]
        end = at + 12 + int.from_bytes(head[:4], "big")
        if len(head) < 8 or end > len(data):
            raise Unreadable("cut off")
        if head[4:] in _PNG_KEPT:
            yield at, end
        elif head[4:5].isupper():
            raise Unreadable("an unknown chunk that matters")
        if head[4:] == b"IEND":
            return
        at = end


def _webp(data: Data, _orientation: int) -> Iterator[Part]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise Unreadable("no WebP")
    end = 8 + int.from_bytes(data[4:8], "little")
    parts: list[Part] = []
    at, size = 12, 4
    while at < end:
        head = data[at : at + 8]
        length = int.from_bytes(head[4:8], "little")
        after = at + 8 + length + length % 2
        if len(head) < 8 or at + 8 + length > len(data):
            raise Unreadable("cut off")
        if head[:4] in _WEBP_KEPT:
            size += after - at
            parts.extend(_webp_chunk(data, at, min(after, len(data))))
            if after > len(data):
                parts.append(b"\0")
        at = after
    yield b"RIFF" + struct.pack("<I", size) + b"WEBP"
    yield from parts


def _webp_chunk(data: Data, at: int, after: int) -> list[Part]:
    if data[at : at + 4] != b"VP8X":
        return [(at, after)]
    return [(at, at + 8), bytes([data[at + 8] & ~_WEBP_EXIF_AND_XMP]), (at + 9, after)]


def _gif(data: Data, _orientation: int) -> Iterator[Part]:
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 13:
        raise Unreadable("no GIF")
    at = 13 + _colours(data[10])
    yield 0, at
    while True:
        kind = data[at : at + 1]
        if kind == b";":
            yield b";"
            return
        if kind == b",":
            if at + 11 > len(data):
                raise Unreadable("cut off")
            end = _sub_blocks(data, at + 11 + _colours(data[at + 9]))
            yield at, end
        elif kind == b"!":
            end = _sub_blocks(data, at + 2)
            if _gif_keeps(data[at + 1 : at + 14]):
                yield at, end
        else:
            raise Unreadable("no block")
        at = end


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks(data: Data, at: int) -> int:
    while at < len(data):
        length = data[at]
        at += 1 + length
        if not length:
            return at
    raise Unreadable("cut off")


def _gif_keeps(begin: bytes) -> bool:
    """Timing and transparency, and the application block that says how often the film runs."""
    return begin[:1] == b"\xf9" or begin[:13] in (b"\xff\x0bNETSCAPE2.0", b"\xff\x0bANIMEXTS1.0")


_STRIPPERS: dict[str, Callable[[Data, int], Iterator[Part]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
}
