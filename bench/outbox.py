"""A device's memory: what it wants to send and what it has seen, in a file, written before anything else happens."""

import json
from pathlib import Path
from typing import Any

from .history import Seen, Send, Stands


class Outbox:
    """An append-only file of lines. Opening it again brings back all that the device knew."""

    def __init__(self, path: Path) -> None:
        self.waiting: dict[str, Send] = {}  # in order; not acknowledged
        self.sent: dict[str, Send] = {}
        self.seen: dict[int, Seen] = {}
        self.epochs: dict[int, str] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._take(json.loads(line))
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def _note(self, *line: Any) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._take(list(line))

    def _take(self, line: list[Any]) -> None:
        kind, *rest = line
        if kind == "send":
            send = Send(*rest)
            self.waiting[send.write] = send
        elif kind == "ack":
            write, seq, at = rest
            if write in self.waiting:
                send = self.sent[write] = self.waiting.pop(write)
                send.seq, send.acked = seq, at
            else:
                self.sent[write].others.append(seq)
        elif kind == "place":
            place, epoch, cursor = rest
            self.epochs[place] = epoch
            self.seen[place] = Seen(cursor, cursor)
        else:
            place, start, end, messages = rest
            seen = self.seen[place]
            seen.jumps += start > seen.cursor
            seen.cursor = end
            seen.messages += [Stands(*message) for message in messages]

    def send(self, write: str, device: int, place: int, number: int, text: str, at: float) -> None:
        """Before the first byte leaves."""
        self._note("send", write, device, place, number, text, at)

    def acknowledged(self, write: str, seq: int, at: float) -> None:
        """The server has said that this write stands at this seq."""
        self._note("ack", write, seq, at)

    def begin(self, place: int, epoch: str, cursor: int) -> None:
        """A place is followed from here on."""
        if place not in self.seen:
            self._note("place", place, epoch, cursor)

    def frame(self, place: int, start: int, end: int, messages: list[tuple[int, str, str]]) -> None:
        """What came after `start` up to `end`."""
        self._note("frame", place, start, end, messages)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
