"""Who listens where: places that are served, and the people and connections behind them."""

from typing import TYPE_CHECKING

from .ring import Ring

if TYPE_CHECKING:
    from .connection import Connection


class Served:
    """A place with listeners here: how far it is pumped, its last frames, and its ready connections by dialect."""

    __slots__ = ("cursor", "epoch", "groups", "id", "looking", "moved", "people", "ring")

    def __init__(self, place: int, epoch: str, cursor: int) -> None:
        self.id, self.epoch, self.cursor = place, epoch, cursor
        self.ring = Ring()
        self.groups: dict[str, dict[Connection, int]] = {}  # dialect -> connection -> joined
        self.people: dict[int, Reader] = {}
        self.looking: set[Connection] = set()  # who has it open now
        self.moved = False  # since the last heartbeat

    @property
    def head(self) -> tuple[str, int]:
        """The cursor of who has everything that was pumped."""
        return self.epoch, self.cursor

    def dialects(self) -> frozenset[str]:
        """What must be rendered: the dialects of everybody connected, also of who is just catching up."""
        return frozenset(c.dialect for reader in self.people.values() for c in reader.connections)

    def add(self, connection: "Connection", joined: int) -> None:
        """From now on write its frames to this connection."""
        name = "mine" if connection.reader.id == self.id else connection.dialect
        self.groups.setdefault(name, {})[connection] = joined

    def drop(self, connection: "Connection") -> None:
        """Write nothing more to this connection."""
        name = "mine" if connection.reader.id == self.id else connection.dialect
        group = self.groups.get(name)
        if group and group.pop(connection, None) is not None and not group:
            del self.groups[name]


class Reader:
    """A person with open connections: where they may read, kept current by the pump."""

    __slots__ = ("connections", "id", "moves", "places", "ready")

    def __init__(self, person: int) -> None:
        self.id = person
        self.places: dict[int, int] = {}  # place -> joined; without the own place
        self.connections: set[Connection] = set()
        self.moves = 0  # how often the places may have changed while they were first read
        self.ready = False

    def may_read(self, place: int) -> bool:
        """Whether frames of this place may be written to this person now."""
        return self.ready and (place == self.id or place in self.places)

    def everywhere(self) -> list[int]:
        """All places whose frames go to this person, the own one first."""
        return [self.id, *self.places]
