"""The last frames of a busy place, ready to be written again: reads stay off the database."""

from collections import deque

from . import frames

Key = tuple[int, str]  # which card drew it, and which subject

KEPT = 300


class Entry:
    """The frame of one thing, in every dialect that had a listener. `seq` is its subject's."""

    __slots__ = ("_hollow", "empty", "end", "epoch", "key", "place", "seq", "start", "variants")

    def __init__(self, place: int, epoch: str, start: int, end: int, key: Key | None = None, seq: int = 0) -> None:
        self.place, self.epoch, self.start, self.end = place, epoch, start, end
        self.key, self.seq = key, seq
        self.variants: dict[str, bytes] = {}  # by dialect
        self.empty = key is None  # it shows nothing, to nobody
        self._hollow = b""

    def hollow(self) -> bytes:
        """The frame without content: the cursor moves, nothing is shown."""
        if not self._hollow:
            self._hollow = frames.framed(frames.Frame(self.place, self.epoch, self.start, self.end))
        return self._hollow

    def bytes_for(self, dialect: str, joined: int) -> bytes:
        """What a reader who may see things from seq `joined` on gets."""
        return self.hollow() if self.empty or joined > self.seq else self.variants[dialect]

    def clear(self) -> None:
        """A newer frame shows the same thing: this one must not show what it was."""
        self.empty, self.variants = True, {}

    def serves(self, dialect: str) -> bool:
        """Whether a reader of this dialect can be given it."""
        return self.empty or dialect in self.variants


class Ring:
    """Entries without a gap between them, oldest first; each thing is shown only by its newest."""

    __slots__ = ("_entries", "_newest")

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._newest: dict[Key, Entry] = {}

    def append(self, entries: list[Entry]) -> None:
        """New frames at the end. An older frame of the same thing loses its content: it may have been deleted."""
        for entry in entries:
            self._entries.append(entry)
            if entry.key:
                if older := self._newest.get(entry.key):
                    older.clear()
                self._newest[entry.key] = entry
        while len(self._entries) > KEPT:
            gone = self._entries.popleft()
            if gone.key and self._newest.get(gone.key) is gone:
                del self._newest[gone.key]

    def prime(self, entries: list[Entry], cursor: int) -> None:
        """Older frames that catch-up has just read, before the first one here (`cursor` if there is none)."""
        first = self._entries[0].start if self._entries else cursor
        if not entries or entries[-1].end != first or len(self._entries) + len(entries) > KEPT:
            return
        for entry in reversed(entries):
            if entry.key and entry.key in self._newest:
                entry.clear()
            elif entry.key:
                self._newest[entry.key] = entry
            self._entries.appendleft(entry)

    def after(self, cursor: int, dialect: str) -> list[Entry] | None:
        """All entries that end after the cursor; None if they do not reach back to it or lack the dialect."""
        if not self._entries or cursor < self._entries[0].start:
            return None
        found = [entry for entry in self._entries if entry.end > cursor]
        return found if all(entry.serves(dialect) for entry in found) else None

    def clear(self) -> None:
        """Nobody listens any more."""
        self._entries.clear()
        self._newest.clear()
