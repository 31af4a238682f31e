"""What goes out in one turn: collected per connection, then one write each."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .catchup import Page

if TYPE_CHECKING:
    from .connection import Connection
    from .served import Served


class Post:
    """Bytes by connection, in the order they were added."""

    def __init__(self) -> None:
        self._out: dict[Connection, bytes] = {}

    def add(self, connection: "Connection", data: bytes) -> None:
        """For this one."""
        self._out[connection] = self._out.get(connection, b"") + data

    def all(self, connections: "Iterable[Connection]", data: bytes) -> None:
        """The same bytes for all of these."""
        if not self._out:
            self._out = dict.fromkeys(connections, data)
            return
        for connection in connections:
            self.add(connection, data)

    def page(self, served: "Served", page: Page) -> "list[Connection]":
        """A place's new frames for everybody who listens; who could not be served is returned."""
        late: list[Connection] = []
        lowest = min((entry.seq for entry in page.entries if not entry.empty), default=0)
        for dialect, group in served.groups.items():
            if dialect not in page.dialects:
                late += group
            elif max(group.values()) <= lowest:
                self.all(group, b"".join([entry.bytes_for(dialect, 0) for entry in page.entries]))
            else:
                self._filtered(group, dialect, page)
        return late

    def _filtered(self, group: "Mapping[Connection, int]", dialect: str, page: Page) -> None:
        """Some joined after a thing was made: they get the empty frame for it."""
        ready: dict[int, bytes] = {}
        for connection, joined in group.items():
            if joined not in ready:
                ready[joined] = b"".join([entry.bytes_for(dialect, joined) for entry in page.entries])
            self.add(connection, ready[joined])

    def flush(self) -> None:
        """One write each. A connection that gets stuck here leaves its places after this turn, not during it."""
        for connection, data in self._out.items():
            connection.wire.write(data)
        self._out = {}
