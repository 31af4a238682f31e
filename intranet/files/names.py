"""Names of files: what people called them, made harmless for screens, headers and other people's disks."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

LONGEST = 120
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# Formatting characters that belong inside words of some languages and emoji, and turn nothing round.
_JOINERS = {"\u200c", "\u200d"}


def clean(name: str, fallback: str = "file") -> str:
    """Make a name that shows what it is: no path, no control or direction-turning characters, no endless length.

    A right-to-left override would show `report\u202efdp.exe` as `reportexe.pdf`; a path would write elsewhere.
    """
    name = unicodedata.normalize("NFC", name)
    name = "".join(" " if char.isspace() else char for char in name if _shows(char))
    name = re.split(r"[/\\]", name)[-1]
    name = _FORBIDDEN.sub("_", name)
    name = " ".join(name.split()).strip(" .")
    if not name.strip("_"):
        return fallback
    if _RESERVED.fullmatch(name):
        name = "_" + name
    return _shorten(name)


def extension(name: str) -> str:
    """The extension in small letters with its dot, or nothing."""
    return PurePosixPath(name).suffix.lower()


def with_extension(name: str, wanted: tuple[str, ...], *, instead: tuple[str, ...] = ()) -> str:
    """Give a name an extension that fits its content.

    One of `wanted` stays; one of `instead` (what the content was before we changed its format) is replaced; any
    other is a claim that is not true and gets the true one behind it.
    """
    has = extension(name)
    if not wanted or has in wanted:
        return name
    stem = name[: -len(has)] if has and has in instead else name
    return _shorten(stem + wanted[0])


def disposition(name: str, *, inline: bool) -> str:
    """The Content-Disposition header for a cleaned name, safe in every browser since 2012."""
    kind = "inline" if inline else "attachment"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .()+-]", "_", plain).strip(" .") or "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _shows(char: str) -> bool:
    return char.isspace() or char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _shorten(name: str) -> str:
    suffix = extension(name)[:16]
    stem = name[: len(name) - len(suffix)] if suffix else name
    stem = stem[: LONGEST - len(suffix)]
    # File systems count bytes: 255 at most, whatever the letters are.
    while len((stem + suffix).encode()) > 200:
        stem = stem[:-1]
    return stem.rstrip(" .") + suffix
