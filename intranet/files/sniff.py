"""What a file is, by its bytes. What its name or its sender say does not count.

Only what stands in the lists below is ever shown in a page; everything else is a plain file, downloaded and never
interpreted by a browser that came for it from us.
"""

from dataclasses import dataclass

import puremagic

HEAD = 4096

PICTURES = {
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    "image/png": (".png", ".apng"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heif": (".heic", ".heif", ".hif"),
    "image/avif": (".avif",),
}
VIDEOS = {
    "video/mp4": (".mp4", ".m4v", ".3gp"),
    "video/quicktime": (".mov", ".qt"),
    "video/webm": (".webm",),
}
SOUNDS = {
    "audio/mp4": (".m4a", ".mp4"),
    "audio/webm": (".webm", ".weba"),
    "audio/ogg": (".ogg", ".oga", ".opus"),
}
PDF = {"application/pdf": (".pdf",)}
PLAIN = "application/octet-stream"
EXTENSIONS = PICTURES | VIDEOS | SOUNDS | PDF

KINDS = ("photo", "video", "voice", "pdf", "file")

# The same containers carry pictures, film and sound; puremagic knows only some of the brands.
_BRANDS = {
    b"heic": "image/heif", b"heix": "image/heif", b"heim": "image/heif", b"heis": "image/heif",
    b"hevc": "image/heif", b"mif1": "image/heif", b"msf1": "image/heif",
    b"avif": "image/avif", b"avis": "image/avif",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
}  # fmt: skip
_SOUND_OF = {"video/mp4": "audio/mp4", "video/webm": "audio/webm", "audio/mp4": "audio/mp4", "audio/ogg": "audio/ogg"}


@dataclass(frozen=True, slots=True)
class Sort:
    """What a file turned out to be: our kind, its media type, and the extensions that are true for it."""

    kind: str
    type: str

    @property
    def extensions(self) -> tuple[str, ...]:
        """The extensions that tell the truth about such a file, the usual one first."""
        return EXTENSIONS.get(self.type, ())


def sniff(head: bytes) -> str:
    """The media type of a file that begins with these bytes: one that we show, or the plain one."""
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    try:
        found = [match.mime_type for match in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        return PLAIN
    if "video/x-matroska" in found and "video/webm" in found and b"webm" not in head[:64]:
        return PLAIN
    return next((EXACT.get(mime, mime) for mime in found if EXACT.get(mime, mime) in EXTENSIONS), PLAIN)


EXACT = {"audio/x-opus+ogg": "audio/ogg", "application/ogg": "audio/ogg", "video/ogg": PLAIN}


def sort(head: bytes, declared: str) -> Sort:
    """Decide what a file is; the sender's word counts only between film and sound, which look alike."""
    found = sniff(head)
    if found in PICTURES:
        return Sort("photo", found)
    if found in PDF:
        return Sort("pdf", found)
    if declared == "voice" and found in _SOUND_OF:
        return Sort("voice", _SOUND_OF[found])
    if found in VIDEOS:
        return Sort("video", found)
    return Sort("file", PLAIN)


def _by_brand(head: bytes) -> str:
    size = min(int.from_bytes(head[:4], "big"), 64, len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))]
    for brand in brands:
        # A general first brand ("mif1") says less than a later exact one ("avif").
        if brand in _BRANDS and brand not in (b"mif1", b"msf1"):
            return _BRANDS[brand]
    return _BRANDS.get(brands[0], "video/mp4")
