"""What is compared: what people sent, what stands in the record, and what every device saw."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Send:
    """One write of one device: when it was first sent, and when and with which seq it was acknowledged."""

    write: str
    device: int
    place: int
    number: int  # the device's own counter in that place
    text: str
    sent: float = 0.0
    acked: float = 0.0
    seq: int = 0
    others: list[int] = field(default_factory=list)  # what later answers to the same write said
    stands: bool = True  # it makes a message, which then stands at `seq`; else it only changes something
    epoch: str = ""  # of the place, when it was acknowledged; "": the one that is
    refused: int = 0  # the status with which it was turned down for good, shown to its author
    gone: bool = False  # after a restore its author was told that it is gone, and has let it go
    loose: bool = False  # its device is lost, so nobody waits for it: it may stand or not
    facts: dict[str, Any] = field(default_factory=dict)  # what holds after it: see `Place.facts`
    about: str = ""  # the write whose message it changes


@dataclass(frozen=True, slots=True)
class Stands:
    """A message where somebody sees it."""

    seq: int
    write: str
    text: str


@dataclass(frozen=True, slots=True)
class Stay:
    """A person in a place, by the seqs of their `joined` and `left`; `end` 0: still in.

    `since` is the first seq they may read. `begun` is when the write that let them in was sent, `ended` when the one
    that put them out was acknowledged; 0: not known.
    """

    person: int
    start: int
    end: int = 0
    since: int = 0
    begun: float = 0.0
    ended: float = 0.0


@dataclass
class Place:
    """The record of one place: its head, the seqs of its log, its messages; what else is known of it may be left out.

    `facts` are what folding all acknowledged writes must give, by name: the highest seq wins, and of names that
    begin with `highest/` the highest value; `of/<write>/...` ends when `gone/<write>` holds. `things` are what
    somebody who may read everything is shown.
    """

    head: int
    log: list[int]
    messages: list[Stands]
    epoch: str = ""
    events: dict[int, tuple[str, str]] = field(default_factory=dict)  # seq -> kind, subject
    stays: list[Stay] | None = None  # None: everybody who follows it was in all the time
    things: dict[str, "Shown"] | None = None
    facts: dict[str, Any] | None = None
    removed: set[str] = field(default_factory=set)  # writes whose message was deleted: a line without content stands
    register: bool = False  # a person's own place: one row per key, no log


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing as somebody is shown it: from which seq on it may be read, and its content in a comparable form."""

    seq: int
    content: Any


@dataclass(frozen=True, slots=True)
class Got:
    """One frame as it came over the wire, before the device made anything of it; `subject` is empty without content.

    `seq` is the thing's own, from which on it may be read; `end` is the event's.
    """

    at: float
    connection: int
    epoch: str
    start: int
    end: int
    kind: str = ""
    subject: str = ""
    seq: int = 0
    write: str = ""
    content: Any = None


@dataclass(frozen=True, slots=True)
class Told:
    """A head or an end of catching up, as the server said it; `asked` is when the device had asked."""

    at: float
    connection: int
    epoch: str
    seq: int
    asked: float = 0.0


@dataclass
class Seen:
    """What a device has of one place: where it began, where it is, and every message in the order it came.

    The rest may be left out: every frame that came, the heads it was told of, where it was told that it has
    everything, and its final state by thing.
    """

    start: int
    cursor: int
    messages: list[Stands] = field(default_factory=list)
    jumps: int = 0  # frames taken that did not begin where the one before ended
    person: int = 0
    epoch: str = ""
    frames: list[Got] = field(default_factory=list)
    heads: list[Told] = field(default_factory=list)
    completes: list[Told] = field(default_factory=list)
    things: dict[str, Shown] | None = None
    clean: bool = True  # nothing on its way doubled, reordered or dropped frames


@dataclass(frozen=True, slots=True)
class Intent:
    """What must be told to a person outside, once at least: by push, by mail. `until`: from then on no more, for what
    it is about was deleted or the person put out (0: for ever); `due` False: it may have been told, or not."""

    person: int
    place: int
    subject: str
    until: float = 0.0
    due: bool = True


@dataclass(frozen=True, slots=True)
class Effect:
    """What left the house: the same `key` says that it is the same once more."""

    key: str
    person: int
    place: int
    subject: str
    at: float
