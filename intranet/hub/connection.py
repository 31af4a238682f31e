"""One connection: what the hub keeps of it, and what it says."""

import asyncio
from collections import deque
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from intranet.kernel import LANGUAGES, Person

from . import frames
from .catchup import html
from .frames import Cursor
from .served import Reader
from .writing import perform_all

if TYPE_CHECKING:
    from .hub import Hub
    from .ring import Entry
    from .wire import Wire

WAITING_WRITES = 256  # of one connection; more at once is too many
WHISPER_EVERY = 2.0  # seconds between two whispers of one connection


class Feed:
    """A catch-up on its way to one connection, in slices, as fast as the connection takes them."""

    __slots__ = ("complete", "end", "entries", "place", "reset")

    def __init__(self, place: int, entries: "list[Entry]", end: int, *, complete: bool, reset: bool = False) -> None:
        self.place, self.end, self.complete, self.reset = place, end, complete, reset
        self.entries = deque(entries)


class Connection:
    """A peer of a `Wire`. Small, since there are thousands."""

    __slots__ = (
        "asked", "catching", "dialect", "feed", "follows_person", "hub", "looks_at", "missed", "person", "reader",
        "tells", "unasked", "whispered", "wire", "writes",
    )  # fmt: skip

    def __init__(self, hub: "Hub", person: Person) -> None:
        self.hub, self.person = hub, person
        self.wire: Wire
        self.reader = Reader(person.id)  # the shared one after `hello`
        self.dialect = ""  # "" until `hello`
        self.follows_person = False  # its language is the person's setting, not a wish of its own
        self.looks_at = 0
        self.asked: dict[int, Cursor] = {}  # places still to be caught up
        self.unasked: frozenset[int] = frozenset()  # those of them that the client did not ask for itself
        self.catching = 0  # the place that is being caught up now
        self.tells = True  # and whether its end is told: not where nobody has asked
        self.feed: Feed | None = None  # and what of it is being written
        self.writes: deque[msgspec.Raw] | None = None  # None: nobody works on them
        self.whispered = 0.0
        self.missed = -1  # while left behind: how many batches had gone out before

    def attach(self, wire: "Wire") -> None:
        """Speak over this wire."""
        self.wire = wire

    # -- what it says

    def said(self, text: bytes) -> None:
        """One message from the client. What is not understood ends the connection."""
        try:
            message = frames.heard(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self.wire.close(4400, "malformed")
            return
        if isinstance(message, frames.Hello):
            self._hello(message)
        elif isinstance(message, frames.Do):
            self._do(message.write)
        elif not self.dialect:
            self.wire.close(4400, "hello first")
        elif isinstance(message, frames.Open):
            self.hub.presence.look(self, message.place)
            if message.cursor and message.place:
                self.hub.catcher.ask(self, message.place, message.cursor)
        elif isinstance(message, frames.Typing):
            self._typing(message)
        else:
            self.hub.presence.tell(self, message.place or self.looks_at)

    def _hello(self, hello: frames.Hello) -> None:
        if self.dialect or hello.dialect not in ("html", "json"):
            self.wire.close(4400, "hello")
            return
        if hello.person not in (0, self.person.id):  # another has signed in on this browser since the page was made
            self.wire.close(4401, "signed out")
            return
        lang, self.follows_person = hello.lang or self.person.lang, not hello.lang
        self.dialect = "json" if hello.dialect == "json" else html(lang if lang in LANGUAGES else "en")
        self.hub.arrive(self, hello.open, hello.cursors)

    def _typing(self, typing: frames.Typing) -> None:
        now = monotonic()
        if self.reader.may_read(typing.place) and now - self.whispered >= WHISPER_EVERY:
            self.whispered = now
            self.hub.bell.whisper(typing.place, "typing", self.person.id, typing.topic)

    def _do(self, write: msgspec.Raw) -> None:
        if self.writes is None:
            self.writes = deque((write,))
            self.hub.spawn(perform_all(self))
        elif len(self.writes) < WAITING_WRITES:
            self.writes.append(write)
        else:
            self.wire.close(4429, "too many")

    # -- what happens to it

    def recognise(self, now: Person) -> None:
        """The person as they are now. In another language it has to be told everything anew: it comes again."""
        if self.follows_person and now.lang != self.person.lang:
            asyncio.get_running_loop().call_soon(self.wire.shutdown)
        self.person = replace(now, address=self.person.address)

    def stuck(self) -> None:
        """The reader is slow. Its places are let go after this turn of the loop, for they may be in use right now."""
        if self.missed < 0:
            self.missed = self.hub.delivered - 1
        asyncio.get_running_loop().call_soon(self.hub.leave_behind, self)

    def drained(self) -> None:
        """It reads again."""
        self.hub.come_back(self)

    def lost(self) -> None:
        """It is gone."""
        self.hub.forget(self)
