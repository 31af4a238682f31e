"""A device's memory: what it wants to send and what it has seen, in a file, written before anything else happens.

What it remembers of a place is its cursor and its things; what came over the wire is the observer's to keep, and
stays when the device loses its memory.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from bench.history import Send

from .wishes import SETS_STATE, Wanted

_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode
Thing = tuple[int, int, str, str, str]  # rev, seq, write, text, hash of its content


@dataclass(slots=True)
class View:
    """A place as this device has it."""

    epoch: str
    cursor: int
    jumps: int = 0
    things: dict[str, Thing] = field(default_factory=dict)


@dataclass(slots=True)
class Wish:
    """A write as it goes out, and what the checker must know of it."""

    body: dict[str, Any]
    send: Send
    asked: dict[str, Any]  # facts that hold once it is acknowledged


class Outbox:
    """An append-only file of lines. Opening it again brings back all that the device knew."""

    def __init__(self, path: Path, device: int) -> None:
        self.device = device
        self.waiting: dict[str, Wish] = {}  # in order; not acknowledged
        self.sent: dict[str, Wish] = {}  # acknowledged or refused for good
        self.views: dict[int, View] = {}
        self.count = 0
        if path.exists():
            for line in path.read_bytes().splitlines():
                self._take(_decode(line))
        self._file = path.open("ab", buffering=1 << 16)

    def _note(self, *line: Any) -> None:
        self._file.write(_encode(line) + b"\n")
        self._take(line)

    def _take(self, line: Any) -> None:
        kind, *rest = line
        if kind == "f":
            place, start, end, things = rest
            view = self.views[place]
            view.jumps += start > view.cursor
            view.cursor = end
            for name, *thing in things:
                known = view.things.get(name)
                if known is None or thing[0] > known[0]:
                    view.things[name] = tuple(thing)
        elif kind == "send":
            body, place, text, stands, about, facts, at = rest
            self.count += 1
            send = Send(body["id"], self.device, place, self.count, text, at, stands=stands, about=about, facts=facts)
            self.waiting[send.write] = Wish(body, send, facts)
        elif kind == "ack":
            self._acked(*rest)
        elif kind == "no":
            write, status = rest
            wish = self.sent[write] = self.waiting.pop(write)
            wish.send.refused = status
        elif kind == "place":
            place, epoch, cursor = rest
            self.views[place] = View(epoch, cursor)
        elif kind == "left":
            self.views.pop(rest[0], None)
        else:
            self._again(*rest)

    def _acked(self, write: str, seq: int, epoch: str, at: float) -> None:
        if write in self.waiting:
            send = self.sent.setdefault(write, self.waiting.pop(write)).send
            send.seq, send.acked, send.epoch = seq, at, epoch
        elif (wish := self.sent[write]).body["do"] not in SETS_STATE:
            wish.send.others.append(seq)

    def _again(self, lost: list[str], at: float) -> None:
        """The record is another one, and these acknowledged writes are not in it: they wait once more, as they were."""
        back = {write: self.sent.pop(write) for write in lost}
        for wish in back.values():
            wish.send.acked, wish.send.seq, wish.send.sent, wish.send.others = 0.0, 0, at, []
        ordered = sorted({**back, **self.waiting}.items(), key=lambda one: one[1].send.number)
        self.waiting = dict(ordered)

    def send(self, wanted: Wanted, at: float) -> None:
        """Before the first byte leaves."""
        body = wanted.body
        self._note("send", body, body["place"], wanted.text, wanted.stands, wanted.about, wanted.facts, at)

    def acknowledged(self, write: str, seq: int, epoch: str, at: float) -> None:
        """The server has said that this write stands at this seq."""
        self._note("ack", write, seq, epoch, at)

    def refused(self, write: str, status: int) -> None:
        """Turned down for good, and shown to its author."""
        self._note("no", write, status)

    def begin(self, place: int, epoch: str, cursor: int) -> None:
        """A place is followed from here on."""
        self._note("place", place, epoch, cursor)

    def left(self, place: int) -> None:
        """Nothing of this place stays on the device."""
        self._note("left", place)

    def again(self, lost: list[str], at: float) -> None:
        """After a restore: these are to be sent once more."""
        self._note("again", lost, at)

    def frame(self, place: int, start: int, end: int, things: list[tuple[Any, ...]]) -> None:
        """What came after `start` up to `end`; a thing is its name and then as in `Thing`."""
        self._note("f", place, start, end, things)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
