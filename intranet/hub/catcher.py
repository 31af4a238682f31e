"""Catching up: who has just come, and who asks for what came after a cursor."""

import asyncio
from collections import deque
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection as Snapshot
from sqlalchemy import select

from intranet.kernel import GONE, House, heads

from . import catchup, frames
from .catchup import Page
from .connection import Feed
from .frames import Cursor
from .ring import Entry
from .served import Served

if TYPE_CHECKING:
    from .connection import Connection
    from .hub import Hub

log = structlog.get_logger(__name__)
TOGETHER = 50  # arrivals whose places are read in one snapshot
SLICE = 32 * 1024  # bytes of a catch-up written at once
Wanted = tuple[int, str, int, str]  # place, epoch, after, dialect
Arrival = tuple["Connection", int, Mapping[int, Cursor]]
Found = tuple[dict[int, Mapping[int, int]], dict[int, Cursor]]


def read_standings(conn: Snapshot, house: House, people: Collection[int]) -> Found:
    """Where these people may read, and the heads of all that, in one snapshot."""
    standings: dict[int, Mapping[int, int]] = {person: catchup.standing(conn, house, person) for person in people}
    places = {place for standing in standings.values() for place in standing}
    return standings, heads(conn, places | set(people))


def read_page(conn: Snapshot, house: House, wanted: Wanted, people: Collection[int]) -> tuple[Page, set[int]]:
    """One page for all who ask for the same, and who of them may read it in this very snapshot."""
    place, epoch, after, dialect = wanted
    if dialect == "mine":
        return catchup.mine_after(conn, house, place, (epoch, after)), {place}
    reading = house.readers(place).subquery()
    may = set(conn.execute(select(reading.c.person).where(reading.c.person.in_(people))).scalars())
    return catchup.frames_after(conn, house, place, (epoch, after), {dialect}), may


class Catcher:
    """One task: a snapshot for the latest arrivals, then one page, and so on, so that nobody waits for a herd."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._arrivals: deque[Arrival] = deque()
        self._wanted: dict[Wanted, list[Connection]] = {}
        self._asking: list[Connection] = []  # for the page that is being read
        self._work = asyncio.Event()
        self._rung: set[int] = set()  # places that moved while arrivals were being read

    # -- what is asked

    def arrival(self, connection: "Connection", opened: int, asks: Mapping[int, Cursor]) -> None:
        """The first connection of a person here: their places must be read."""
        self._arrivals.append((connection, opened, asks))
        self._work.set()

    def heard(self, places: set[int]) -> None:
        """The bell rang."""
        self._rung |= places

    def ask(self, connection: "Connection", place: int, cursor: Cursor) -> None:
        """Bring this connection from its cursor to the head; until then it gets no live frames of the place."""
        if not connection.reader.may_read(place):
            connection.wire.write(frames.about("left", place))
            return
        connection.asked[place] = cursor
        connection.unasked -= {place}
        if not connection.catching:
            self._next(connection)

    def make_up(self, connection: "Connection", place: int, cursor: Cursor) -> None:
        """Live frames after this cursor could not be written to this connection: they follow. It has asked for nothing,
        so it is told of no end: it may still lack what came before. What it asked for itself goes before."""
        if place not in connection.asked and connection.catching != place:
            connection.asked[place] = cursor
            connection.unasked |= {place}
            if not connection.catching:
                self._next(connection)

    def cancel(self, connection: "Connection", place: int) -> None:
        """Nothing of this place any more."""
        connection.asked.pop(place, None)
        connection.unasked -= {place}
        if connection.catching == place:
            connection.feed, connection.catching = None, 0
            for waiting in (self._asking, *self._wanted.values()):
                if connection in waiting:  # else the page would come when it has asked anew, from another cursor
                    waiting.remove(connection)
            asyncio.get_running_loop().call_soon(self._next, connection)

    # -- the work

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if not self._arrivals and not self._wanted:
                self._work.clear()
                await self._work.wait()
            try:
                await self._admit()
                await self._fetch()
            except GONE as error:
                log.error("catch-up cannot read", kind=type(error).__name__)
                await asyncio.sleep(1)
            except Exception:
                log.exception("catch-up failed")  # a card's fault: who asked stays behind and knows it by the heads

    async def _admit(self) -> None:
        some = [self._arrivals.popleft() for _ in range(min(TOGETHER, len(self._arrivals)))]
        some = [arrival for arrival in some if arrival[0] in self.hub.connections]
        if not some:
            return
        moves = {connection.reader.id: connection.reader.moves for connection, _, _ in some}
        self._rung.clear()
        try:
            standings, heads = await self.hub.house.read_hot(read_standings, self.hub.house, list(moves))
        except GONE:
            self._arrivals.extendleft(reversed(some))
            raise
        for connection, opened, asks in some:
            reader = connection.reader
            if connection not in self.hub.connections:
                continue
            if not reader.ready:
                if reader.moves != moves[reader.id]:  # a removal may have been pumped since: read again
                    self.arrival(connection, opened, asks)
                    continue
                fresh = [
                    place
                    for place, joined in {reader.id: 0, **standings[reader.id]}.items()
                    if place in heads and self.hub.serve(reader, place, joined, heads[place])
                ]
                reader.ready = True
                self.hub.pump.wake(self._rung.intersection(fresh))
            self.hub.settle(connection, opened, asks)

    async def _fetch(self) -> None:
        if not self._wanted:
            return
        wanted = next(iter(self._wanted))
        asking = self._asking = self._wanted.pop(wanted)
        if not asking:  # all were put out of the place meanwhile
            return
        place, dialect = wanted[0], wanted[3]
        people = {connection.person.id for connection in asking}
        try:
            page, may = await self.hub.house.read_hot(read_page, self.hub.house, wanted, people)
        except GONE:
            self._wanted.setdefault(wanted, []).extend(asking)
            raise
        except Exception:
            for connection in asking:
                self._give_up(connection, place)
            raise
        served = self.hub.served.get(place)
        if served and not page.reset and dialect != "mine" and served.epoch == page.epoch:
            served.ring.prime(page.entries, served.cursor)
        for connection in asking:
            if connection.catching != place or connection not in self.hub.connections:
                continue
            if connection.person.id not in may:  # removed; the pump says so in its turn
                self._give_up(connection, place)
            else:
                connection.feed = Feed(place, page.entries, page.end, complete=page.complete, reset=page.reset)
                self.feed(connection)

    def _give_up(self, connection: "Connection", place: int) -> None:
        if connection.catching == place:
            connection.catching = 0
            if (served := self.hub.served.get(place)) and connection.reader.may_read(place):
                served.add(connection, connection.reader.places.get(place, 0))
            self._next(connection)

    def _next(self, connection: "Connection") -> None:
        """Begin with what this connection asked for first; from memory if the ring reaches back far enough."""
        while connection.asked and not connection.catching:
            place = next(iter(connection.asked))
            epoch, after = connection.asked.pop(place)
            connection.tells = place not in connection.unasked
            connection.unasked -= {place}
            served = self.hub.served.get(place)
            if served is None:
                continue
            connection.catching = place
            served.drop(connection)
            dialect = "mine" if place == connection.reader.id else connection.dialect
            found = self._from_memory(served, epoch, after, dialect)
            if found is None:
                self._wanted.setdefault((place, epoch, after, dialect), []).append(connection)
                self._work.set()
            else:
                connection.feed = Feed(place, found, served.cursor, complete=True)
                self._write_on(connection)

    def _from_memory(self, served: Served, epoch: str, after: int, dialect: str) -> list[Entry] | None:
        if (epoch, after) == served.head:
            return []
        return served.ring.after(after, dialect) if epoch == served.epoch and after < served.cursor else None

    def feed(self, connection: "Connection") -> None:
        """Write on with what this connection is being given, then with what else it asked for."""
        self._write_on(connection)
        self._next(connection)

    def _write_on(self, connection: "Connection") -> None:
        """As long as the connection takes it; then it is live."""
        while (feed := connection.feed) and not connection.wire.since:
            joined = connection.reader.places.get(feed.place, 0)
            dialect = "mine" if feed.place == connection.reader.id else connection.dialect
            out, size = [], 0
            while feed.entries and size < SLICE:
                out.append(feed.entries.popleft().bytes_for(dialect, joined))
                size += len(out[-1])
            if out:
                connection.wire.write(b"".join(out))
            elif not self._top_up(connection, feed, dialect):
                self._finish(connection, feed)

    def _top_up(self, connection: "Connection", feed: Feed, dialect: str) -> bool:
        """What was pumped meanwhile. True if there is more to write or to wait for."""
        served = self.hub.served.get(feed.place)
        if served is None or not feed.complete or feed.reset or feed.end >= served.cursor:
            return False
        found = served.ring.after(feed.end, dialect)
        if found is None:
            connection.feed, connection.catching = None, 0
            if feed.place not in connection.asked:
                connection.asked[feed.place] = (served.epoch, feed.end)
                connection.unasked |= set() if connection.tells else {feed.place}
        else:
            feed.entries.extend(found)
            feed.end = served.cursor
        return True

    def _finish(self, connection: "Connection", feed: Feed) -> None:
        connection.feed, connection.catching = None, 0
        word = "reset" if feed.reset else "complete" if feed.complete else "more"
        if word != "complete" or connection.tells:
            connection.wire.write(frames.about(word, feed.place))
        served = self.hub.served.get(feed.place)
        if served and connection.reader.may_read(feed.place) and not connection.wire.since:
            served.add(connection, connection.reader.places.get(feed.place, 0))
