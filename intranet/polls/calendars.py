"""A date that was found, as a calendar file: one event by RFC 5545."""

import datetime as dt
from dataclasses import dataclass

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
FOLD = 75  # octets of a line


@dataclass(frozen=True, slots=True)
class Found:
    """When, and what it is about. `ends` 0: nobody said."""

    poll: int
    title: str
    starts: int
    ends: int
    whole_day: bool
    made: int
    address: str


def calendar_of(found: Found) -> bytes:
    """The file. Times are in UTC, so that every calendar shows them in its owner's zone."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Binnen//Polls//EN", "BEGIN:VEVENT",
        f"UID:poll-{found.poll}@{found.address}", f"DTSTAMP:{_moment(found.made)}", *_when(found),
        f"SUMMARY:{_text(found.title)}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(_folded(line) for line in lines)


def _when(found: Found) -> list[str]:
    if found.whole_day:
        day = (_EPOCH + dt.timedelta(milliseconds=found.starts)).date()
        return [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}"]
    return [f"DTSTART:{_moment(found.starts)}", *([f"DTEND:{_moment(found.ends)}"] if found.ends else [])]


def _moment(ms: int) -> str:
    return f"{_EPOCH + dt.timedelta(milliseconds=ms):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Lines end with CRLF and go on after a blank where they are long, never inside of a letter."""
    parts, part = [], b""
    for letter in line:
        encoded = letter.encode()
        if len(part) + len(encoded) > FOLD:
            parts.append(part)
            part = b" "
        part += encoded
    return b"\r\n".join([*parts, part]) + b"\r\n"


__all__ = ["Found", "calendar_of"]
