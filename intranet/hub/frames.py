"""What is said on the socket: JSON encoded once, framed once, the same bytes for everybody who gets it."""

from collections.abc import Mapping, Sequence
from struct import pack
from typing import Any

import msgspec

Cursor = tuple[str, int]  # (epoch, seq) of one place
Bytes = bytes  # a finished WebSocket frame, or several in a row

_encode = msgspec.json.Encoder().encode


class Shown(msgspec.Struct, omit_defaults=True, gc=False):
    """One thing in a frame: `html` in the html dialect, `data` in the json dialect."""

    id: str
    seq: int
    rev: int
    kind: str
    html: str | msgspec.UnsetType = msgspec.UNSET
    data: Mapping[str, Any] | msgspec.UnsetType = msgspec.UNSET


class Frame(msgspec.Struct, tag_field="t", tag="frame", gc=False):
    """The events after `start` up to `end` of one place, as the things they changed are now."""

    place: int
    epoch: str
    start: int = msgspec.field(name="from")
    end: int = msgspec.field(name="to")
    things: Sequence[Shown] = ()


class Mine(msgspec.Struct, tag_field="t", tag="mine"):
    """What changed of the reader's own: keys with their values now, null for gone."""

    place: int
    epoch: str
    start: int = msgspec.field(name="from")
    end: int = msgspec.field(name="to")
    mine: Mapping[str, Any] = {}


class Hello(msgspec.Struct, tag_field="t", tag="hello", forbid_unknown_fields=True):
    """The first thing a client says."""

    dialect: str = "html"
    lang: str = ""
    person: int = 0  # whose page it is; 0: whoever the session says
    open: int = 0
    cursors: dict[int, Cursor] = {}


class Open(msgspec.Struct, tag_field="t", tag="open", forbid_unknown_fields=True):
    """This place is looked at now (0: none); with a cursor, what came after it is asked for."""

    place: int = 0
    cursor: Cursor | None = None


class Typing(msgspec.Struct, tag_field="t", tag="typing", forbid_unknown_fields=True):
    """Somebody writes in a place."""

    place: int
    topic: int = 0


class Here(msgspec.Struct, tag_field="t", tag="here", forbid_unknown_fields=True):
    """Who looks at this place now; 0: the open one."""

    place: int = 0


class Do(msgspec.Struct, tag_field="t", tag="do", forbid_unknown_fields=True):
    """A write, the same as `POST /do` takes."""

    write: msgspec.Raw


Said = Hello | Open | Typing | Here | Do
heard = msgspec.json.Decoder(Said).decode


def framed(message: Any) -> Bytes:
    """A message as one unmasked WebSocket text frame."""
    return text_frame(_encode(message))


def text_frame(payload: bytes) -> Bytes:
    """An unmasked, unfragmented text frame."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return pack("!BBH", 0x81, 126, size) + payload
    return pack("!BBQ", 0x81, 127, size) + payload


def payload_of(frame: Bytes) -> msgspec.Raw:
    """The JSON inside a frame that `framed` made."""
    return msgspec.Raw(frame[{126: 4, 127: 10}.get(frame[1], 2) :])


def heads(found: Mapping[int, Cursor]) -> Bytes:
    """Where these places stand."""
    return framed({"t": "heads", "heads": found})


def behind(found: Mapping[int, Cursor]) -> Bytes:
    """Frames were left out because the reader was slow; these are the heads to catch up to."""
    return framed({"t": "behind", "heads": found})


def about(kind: str, place: int) -> Bytes:
    """`complete`, `more`, `left` or `reset` of one place."""
    return framed({"t": kind, "place": place})


def whisper(place: int, person: int, topic: int) -> Bytes:
    """Somebody writes: never stored, first to be dropped."""
    return framed({"t": "whisper", "place": place, "kind": "typing", "person": person, "topic": topic})


def here(place: int, people: Sequence[int]) -> Bytes:
    """Who looks at a place now."""
    return framed({"t": "here", "place": place, "people": people})


BEAT = framed({"t": "beat"})
PING = bytes((0x89, 0))
