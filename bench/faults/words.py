"""What a device hears, as far as it has to understand it; and what an observer beside it writes down."""

import random
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from bench.history import Got, Told

from .line import Trouble


class Shown(msgspec.Struct):
    """A thing on the wire; its data is looked into only where it must be."""

    id: str
    seq: int
    rev: int
    kind: str
    data: msgspec.Raw = msgspec.Raw(b"{}")


class Heard(msgspec.Struct):
    """Any message of the server."""

    t: str
    place: int = 0
    epoch: str = ""
    start: int = msgspec.field(name="from", default=0)
    end: int = msgspec.field(name="to", default=0)
    things: list[Shown] = []
    heads: dict[int, tuple[str, int]] = {}
    id: str = ""
    status: int = 0
    ok: dict[str, Any] = {}


class Data(msgspec.Struct):
    """What of a thing says whose it is."""

    write: str = ""
    text: str = ""
    card: str = ""  # it shows another room's thing, and is nobody's text


heard, data_of = msgspec.json.Decoder(Heard).decode, msgspec.json.Decoder(Data).decode


@dataclass
class Witness:
    """What an observer beside the device wrote down, of one place: it forgets nothing."""

    frames: list[Got] = field(default_factory=list)
    heads: list[Told] = field(default_factory=list)


class Around(Protocol):
    """Where a device lives."""

    writing: bool  # whether anything new is to be written
    forgets: float  # share of answers that devices behave as if they had lost

    def port(self, rng: random.Random) -> int:
        """Of the node to go to now."""

    def trouble(self, rng: random.Random) -> Trouble | None:
        """What happens to messages on the way to a new connection."""

    def acknowledged(self) -> None:
        """A write stands."""

    def not_now(self, status: int) -> None:
        """A write was turned away with this status, to be sent again."""


class Actor(Protocol):
    """Whoever writes."""

    refusals: list[str]  # statuses that no client may ever be told

    @property
    def done(self) -> bool:
        """Nothing waits for an answer."""

    async def run(self) -> None:
        """Until cancelled."""
