"""Who is here now and who writes: told to those who look at the same place, never stored, first to be dropped."""

from typing import TYPE_CHECKING

from . import frames

if TYPE_CHECKING:
    from .connection import Connection
    from .hub import Hub


class Presence:
    """Open places and the people who look at them."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._changed: set[int] = set()

    def look(self, connection: "Connection", place: int) -> None:
        """This connection looks at a place now; 0: at none."""
        if before := self.hub.served.get(connection.looks_at):
            before.looking.discard(connection)
            self._changed.add(before.id)
        connection.looks_at = 0
        served = self.hub.served.get(place)
        if served and connection.reader.may_read(place):
            served.looking.add(connection)
            connection.looks_at = place
            self._changed.add(place)

    def people(self, place: int) -> list[int]:
        """Who looks at it."""
        served = self.hub.served.get(place)
        return sorted({connection.person.id for connection in served.looking}) if served else []

    def tell(self, connection: "Connection", place: int) -> None:
        """The answer to `here`."""
        if connection.reader.may_read(place):
            connection.wire.write(frames.here(place, self.people(place)))

    def tell_changes(self) -> None:
        """Once a second: those who look at a place learn who else does."""
        changed, self._changed = self._changed, set()
        for place in changed:
            if served := self.hub.served.get(place):
                data = frames.here(place, self.people(place))
                for connection in served.looking:
                    _if_idle(connection, data)

    def pass_on(self, place: int, person: int, topic: int) -> None:
        """Somebody writes there."""
        if served := self.hub.served.get(place):
            data = frames.whisper(place, person, topic)
            for connection in served.looking:
                if connection.person.id != person:
                    _if_idle(connection, data)


def _if_idle(connection: "Connection", data: bytes) -> None:
    if not connection.wire.transport.get_write_buffer_size():
        connection.wire.write(data)
