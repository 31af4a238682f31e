"""Was anything lost, doubled or out of order? A pure function over what was sent, what stands, and what was seen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise


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


@dataclass(frozen=True, slots=True)
class Stands:
    """A message where somebody sees it."""

    seq: int
    write: str
    text: str


@dataclass
class Place:
    """The record of one place: its head, the seqs of its log, its messages."""

    head: int
    log: list[int]
    messages: list[Stands]


@dataclass
class Seen:
    """What a device has of one place: where it began, where it is, and every message in the order it came."""

    start: int
    cursor: int
    messages: list[Stands] = field(default_factory=list)
    jumps: int = 0  # frames taken that did not begin where the one before ended


@dataclass
class Findings:
    """All but `acknowledged` must be zero."""

    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    gaps: int = 0
    unresolved: int = 0
    invented: int = 0

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not any(value for name, value in asdict(self).items() if name != "acknowledged")


def check(sends: Iterable[Send], record: Mapping[int, Place], devices: Mapping[int, Mapping[int, Seen]]) -> Findings:
    """`devices`: device -> place -> what it has seen, for every place the device was in all the time."""
    sends = list(sends)
    found = Findings(acknowledged=sum(1 for send in sends if send.acked))
    found.unresolved = len(sends) - found.acknowledged
    by_place: dict[int, list[Send]] = defaultdict(list)
    for send in sends:
        by_place[send.place].append(send)
    for number, place in record.items():
        views = [seen[number] for seen in devices.values() if number in seen]
        _once(found, by_place[number], place, views)
        _order(found, by_place[number], place, views)
        _whole(found, place, views)
    return found


def _once(found: Findings, sends: list[Send], place: Place, views: list[Seen]) -> None:
    """Every acknowledged write stands once, where the answer said, with its text; and nothing else stands."""
    texts = {send.write: send.text for send in sends}
    for messages in (place.messages, *(view.messages for view in views)):
        at: dict[str, set[int]] = defaultdict(set)
        for message in messages:
            at[message.write].add(message.seq)
            found.invented += texts.get(message.write) != message.text
        found.doubled += sum(len(seqs) - 1 for seqs in at.values())
        found.lost += sum(1 for send in sends if send.acked and send.seq not in at[send.write])
    found.doubled += sum(1 for send in sends for seq in send.others if seq != send.seq)


def _order(found: Findings, sends: list[Send], place: Place, views: list[Seen]) -> None:
    """One order for all, a device's own order kept, and what was acknowledged before another was sent comes first."""
    standing = {message.seq: message.write for message in place.messages}
    for view in views:
        found.disordered += sum(1 for message in view.messages if standing.get(message.seq) != message.write)
        seqs = [message.seq for message in view.messages]
        found.disordered += sum(1 for before, after in pairwise(seqs) if after <= before)
    acked = [send for send in sends if send.acked]
    last: dict[int, int] = {}
    for send in sorted(acked, key=lambda send: (send.device, send.number)):
        found.disordered += last.get(send.device, 0) >= send.seq
        last[send.device] = send.seq
    ends = sorted(acked, key=lambda send: send.acked)
    highest, done = 0, 0
    for send in sorted(acked, key=lambda send: send.sent):
        while ends[done].acked < send.sent:
            highest = max(highest, ends[done].seq)
            done += 1
        found.disordered += send.seq < highest


def _whole(found: Findings, place: Place, views: list[Seen]) -> None:
    """The log is 1, 2, 3 … without a hole, each message has its entry, and every device got to the end unbroken."""
    counted = Counter(place.log)
    found.gaps += sum(1 for seq in range(1, place.head + 1) if counted[seq] != 1)
    found.gaps += sum(1 for seq in counted if not 1 <= seq <= place.head)
    found.gaps += sum(1 for message in place.messages if message.seq not in counted)
    for view in views:
        found.gaps += view.jumps + (view.cursor != place.head)
