"""The pump: reads what was committed after each served place's cursor and has it written to all who listen."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection

from intranet.kernel import GONE, House, Person, heads

from . import catchup, frames
from .catchup import Page
from .frames import Cursor
from .lookout import LOOK_EVERY
from .post import Post

if TYPE_CHECKING:
    from .hub import Hub
    from .served import Reader, Served

log = structlog.get_logger(__name__)
Ask = tuple[int, Cursor, frozenset[str]]  # place, pumped up to, dialects; no dialect but "mine" for a person's own


@dataclass(slots=True)
class Batch:
    """One snapshot: new frames of several places; who the people concerned are in it, and where they may read."""

    pages: list[Page] = field(default_factory=list)
    standings: dict[int, Mapping[int, int]] = field(default_factory=dict)
    opened: dict[int, Mapping[int, int]] = field(default_factory=dict)  # new place -> person present -> joined
    heads: dict[int, Cursor] = field(default_factory=dict)
    sessions: Mapping[str, Person] = field(default_factory=dict)


def read_batch(conn: Connection, house: House, asks: list[Ask], present: Collection[int]) -> Batch:
    """Frames and memberships from the same snapshot: so who was removed gets nothing that is newer."""
    batch = Batch()
    for place, cursor, dialects in asks:
        own = "mine" in dialects
        batch.pages.append(
            catchup.mine_after(conn, house, place, cursor)
            if own
            else catchup.frames_after(conn, house, place, cursor, dialects)
        )
    for person in {person for page in batch.pages for person in page.people if person in present}:
        batch.standings[person] = catchup.standing(conn, house, person)
    if batch.standings and house.sessions:
        batch.sessions = house.sessions(conn, list(batch.standings))
    for place in {place for page in batch.pages for place in page.made}:
        rows = conn.execute(house.readers(place))  # one query, however many are present
        batch.opened[place] = {row.person: row.joined for row in rows if row.person in present}
    batch.heads = heads(conn, {place for places in batch.standings.values() for place in places} | batch.opened.keys())
    return batch


class Pump:
    """One task reads, in the order the bell rang; delivering is one synchronous turn of the loop."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._moved: set[int] = set()
        self._rung = asyncio.Event()

    def wake(self, places: Collection[int]) -> None:
        """These places may have new events."""
        self._moved.update(places)
        if self._moved:
            self._rung.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            places, self._moved = self._moved, set()
            asks = [self._ask(self.hub.served[place]) for place in places if place in self.hub.served]
            try:
                await self._pump(asks)
            except GONE as error:
                log.error("pump cannot read", kind=type(error).__name__)
                await asyncio.sleep(LOOK_EVERY)
                self.wake(places)
            except Exception:
                log.exception("pump failed")  # a card's fault: let it hold up its own place only
                await self._one_by_one(asks)

    async def _pump(self, asks: list[Ask]) -> None:
        if asks:
            self._deliver(await self.hub.house.read_hot(read_batch, self.hub.house, asks, self.hub.readers))

    async def _one_by_one(self, asks: list[Ask]) -> None:
        for ask in asks if len(asks) > 1 else ():
            try:
                await self._pump([ask])
            except Exception:
                log.exception("place cannot be pumped", place=ask[0])

    def _ask(self, served: "Served") -> Ask:
        own = served.id in self.hub.readers
        return served.id, served.head, frozenset(("mine",)) if own else frozenset(served.groups)

    def _deliver(self, batch: Batch) -> None:
        post = Post()
        self.hub.delivered += 1
        for person, standing in batch.standings.items():
            if reader := self.hub.readers.get(person):
                self._recognise(reader, batch.sessions)
                reader.moves += 1
                if reader.ready:
                    self._move(post, reader, standing, batch.heads)
        self._open(post, batch)
        for page in batch.pages:
            served = self.hub.served.get(page.place)
            if served is None:
                continue
            if page.reset:
                self._start_over(post, served, page)
            elif served.head != (page.epoch, page.start):  # given up and served anew while this was being read
                self.wake({page.place})
            elif page.entries:
                self._page(post, served, page)
            if not page.complete:
                self.wake({page.place})
        post.flush()

    def _page(self, post: Post, served: "Served", page: Page) -> None:
        late = post.page(served, page)
        served.cursor, served.moved = page.end, True
        if "mine" not in page.dialects:
            served.ring.append(page.entries)
        for connection in late:  # it came with a new dialect while this was being rendered
            self.hub.catcher.make_up(connection, served.id, (page.epoch, page.start))

    def _start_over(self, post: Post, served: "Served", page: Page) -> None:
        """Another epoch: nothing that was pumped is of this log. Readers load the place anew."""
        served.epoch, served.cursor = page.epoch, page.end
        served.ring.clear()
        for group in served.groups.values():
            post.all(group, frames.heads({served.id: served.head}))

    def _recognise(self, reader: "Reader", sessions: Mapping[str, Person]) -> None:
        """Who speaks on each of this person's connections, as of this batch's snapshot."""
        if self.hub.house.sessions is None:
            return
        unknown = {c.person.session for c in reader.connections} - sessions.keys()
        if unknown:
            self.hub.spawn(self._end_if_over(reader.id, unknown))
        for connection in reader.connections:
            if now := sessions.get(connection.person.session):
                connection.recognise(now)

    async def _end_if_over(self, person: int, unknown: set[str]) -> None:
        """Looked up again, for a session may also be younger than the snapshot in which it was not found."""
        assert self.hub.house.sessions
        while True:
            try:
                still = await self.hub.house.read_hot(self.hub.house.sessions, [person])
            except GONE as error:
                log.error("sessions cannot be read", kind=type(error).__name__)
                await asyncio.sleep(LOOK_EVERY)
            else:
                self.hub.revoked(unknown - still.keys())
                return

    def _move(self, post: Post, reader: "Reader", standing: Mapping[int, int], heads: Mapping[int, Cursor]) -> None:
        """Where this person may read has changed, as of this batch's snapshot."""
        for place in reader.places.keys() - standing.keys():
            self.hub.unserve(reader, place)
            post.all(reader.connections, frames.about("left", place))
        for place, joined in standing.items():
            if reader.places.get(place) != joined and place in heads:
                self._let_in(post, reader, place, joined, heads[place])

    def _open(self, post: Post, batch: Batch) -> None:
        """New places: whoever reads there hears them from their beginning, for they were made to say something."""
        for place, people in batch.opened.items():
            for person, joined in people.items() if place in batch.heads else ():
                if reader := self.hub.readers.get(person):
                    reader.moves += 1
                    if reader.ready and place not in reader.places:
                        self._let_in(post, reader, place, joined, (batch.heads[place][0], 0))

    def _let_in(self, post: Post, reader: "Reader", place: int, joined: int, head: Cursor) -> None:
        known = place in reader.places
        if self.hub.serve(reader, place, joined, head):
            self.wake({place})
        served = self.hub.served[place]
        for connection in reader.connections:
            if connection.dialect and not connection.wire.since and connection.catching != place:
                served.add(connection, joined)
        if not known:
            post.all(reader.connections, frames.heads({place: served.head}))
