"""The hub: connections indexed by place; each gets every batch in one write of shared bytes."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import structlog

from intranet.kernel import House, Person

from . import frames
from .beat import Heart
from .bell import Bell, HouseBell
from .catcher import Catcher
from .connection import Connection
from .frames import Cursor
from .gate import Gate, Lag
from .lookout import Lookout
from .presence import Presence
from .pump import Pump
from .served import Reader, Served
from .wire import Wire

log = structlog.get_logger(__name__)

REMEMBERED = 1000  # ended sessions: far longer than a handshake takes


class Hub:
    """Who is connected, where they may read, and what is written to them. Everything runs on the event loop."""

    def __init__(self, house: House, bell: Bell | None = None) -> None:
        self.house, self.bell = house, bell or HouseBell()
        self.gate = Gate(house.settings.handshakes_per_second)
        self.lag = Lag()
        self.served: dict[int, Served] = {}
        self.readers: dict[int, Reader] = {}
        self.connections: set[Connection] = set()
        self.sockets: Counter[int] = Counter()  # open connections by person, also of who has not said hello
        self.over: dict[str, None] = {}  # sessions that ended lately, latest last
        self.delivered = 0  # batches so far
        self.pump = Pump(self)
        self.catcher = Catcher(self)
        self.presence = Presence(self)
        self.lookout = Lookout(self)
        self.heart = Heart(self)
        self._tasks: set[asyncio.Task[None]] = set()

    # -- life

    async def start(self) -> None:
        """Listen to the house and begin to serve."""
        self.bell.listen(self)
        self.house.troubles.append(self.bell.trouble)
        self.house.listen(self._committed)
        for work in (self.pump.run, self.lookout.run, self.catcher.run, self.heart.run, self.lag.watch):
            self.spawn(_lasting(work))
        await self.bell.start()

    async def stop(self) -> None:
        """Let go of everything; the server has told the clients already."""
        await self.bell.stop()
        for connection in list(self.connections):
            connection.wire.shutdown()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run this beside the rest, until it ends or the hub stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _committed(self, moved: set[int], announced: list[tuple[str, Any]]) -> None:
        self.bell.ring(moved)
        if over := {str(value) for name, value in announced if name == "revoked"}:
            self.bell.revoke(over)

    # -- the bell

    def moved(self, places: set[int]) -> None:
        """These places have new events."""
        self.catcher.heard(places)
        self.pump.wake(places)

    def revoked(self, sessions: set[str]) -> None:
        """These sessions are over: at once, on every socket, also those still on their way in."""
        self.over.update(dict.fromkeys(sessions))
        while len(self.over) > REMEMBERED:
            del self.over[next(iter(self.over))]
        for connection in [c for c in self.connections if c.person.session in sessions]:
            connection.wire.close(4403, "session ended")

    def whispered(self, place: int, kind: str, person: int, topic: int) -> None:
        """Somebody does something there that is never stored."""
        if kind == "typing":
            self.presence.pass_on(place, person, topic)

    def missed(self) -> None:
        """Strokes may have been lost."""
        self.lookout.soon()

    # -- coming and going

    def welcome(self, person: Person, hand_over: Callable[[Connection], Wire]) -> None:
        """A connection for this person, deaf until its `hello`. Raises OSError when the client is gone already."""
        connection = Connection(self, person)
        connection.attach(hand_over(connection))
        if not connection.wire.closing:
            self.connections.add(connection)
            self.sockets[person.id] += 1

    def arrive(self, connection: Connection, opened: int, cursors: Mapping[int, Cursor]) -> None:
        """After `hello`: first the heads, then what the own and the opened place have beyond the cursors."""
        reader = self.readers.setdefault(connection.person.id, connection.reader)
        connection.reader = reader
        reader.connections.add(connection)
        asks = {place: cursors[place] for place in (reader.id, opened) if place in cursors}
        if reader.ready:
            self.settle(connection, opened, asks)
        else:
            self.catcher.arrival(connection, opened, asks)

    def settle(self, connection: Connection, opened: int, asks: Mapping[int, Cursor]) -> None:
        """The reader's places are known: serve this connection in all of them."""
        reader = connection.reader
        self.lookout.met(connection)
        for place in reader.everywhere():
            self.served[place].add(connection, reader.places.get(place, 0))
        connection.wire.write(frames.heads({place: self.served[place].head for place in reader.everywhere()}))
        self.presence.look(connection, opened)
        for place, cursor in asks.items():
            self.catcher.ask(connection, place, cursor)

    def serve(self, reader: Reader, place: int, joined: int, head: Cursor) -> bool:
        """This person reads here. True if nobody was served here before: then the place must be looked at."""
        served = self.served.get(place)
        fresh = served is None
        if served is None:
            served = self.served[place] = Served(place, *head)
        served.people[reader.id] = reader
        if place != reader.id:
            reader.places[place] = joined
        return fresh

    def unserve(self, reader: Reader, place: int) -> None:
        """This person does not read here any more: nothing of it is written from this moment on."""
        reader.places.pop(place, None)
        served = self.served.get(place)
        if served is None:
            return
        served.people.pop(reader.id, None)
        for connection in reader.connections:
            served.drop(connection)
            self.catcher.cancel(connection, place)
            if connection in served.looking:
                self.presence.look(connection, 0)
        if not served.people:
            del self.served[place]

    def forget(self, connection: Connection) -> None:
        """A connection is over."""
        if connection in self.connections:
            self.connections.discard(connection)
            self.sockets[connection.person.id] -= 1
            if not self.sockets[connection.person.id]:
                del self.sockets[connection.person.id]
        reader = connection.reader
        reader.connections.discard(connection)
        self.presence.look(connection, 0)
        for place in reader.everywhere():
            if served := self.served.get(place):
                served.drop(connection)
        if not reader.connections and self.readers.get(reader.id) is reader:
            del self.readers[reader.id]
            for place in reader.everywhere():
                self.unserve(reader, place)

    # -- slow readers

    def leave_behind(self, connection: Connection) -> None:
        """A stuck connection gets no live frames; it will be told where the heads are."""
        if connection.wire.since and connection in self.connections:
            for place in connection.reader.everywhere():
                if served := self.served.get(place):
                    served.drop(connection)

    def come_back(self, connection: Connection) -> None:
        """It has drained: go on with its catch-up, then serve it everywhere, and tell it what it missed."""
        if connection not in self.connections or not connection.reader.ready:
            return
        self.catcher.feed(connection)
        if connection.wire.since:
            return
        reader, missed, connection.missed = connection.reader, connection.missed, -1
        heads = {}
        for place in reader.everywhere():
            served = self.served[place]
            heads[place] = served.head
            if connection.catching != place:
                served.add(connection, reader.places.get(place, 0))
        if missed < self.delivered:
            connection.wire.write(frames.behind(heads))


async def _lasting(work: Callable[[], Awaitable[None]]) -> None:
    """Until cancelled, whatever goes wrong: without its heart or pump the hub would fall silent and nobody know."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("the hub stumbled")
            await asyncio.sleep(1)
