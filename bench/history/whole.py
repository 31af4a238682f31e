"""C4: no holes, in the record, on the wire, or in what a device believes to have."""

from collections import Counter

from .findings import Findings
from .records import Place, Seen


def log_is_whole(found: Findings, number: int, place: Place) -> None:
    """1, 2, 3 … up to the head, each once, and each message has its entry."""
    counted = Counter(place.log)
    holes = [seq for seq in range(1, place.head + 1) if counted[seq] != 1]
    beyond = [seq for seq in counted if not 1 <= seq <= place.head]
    bare = [message.seq for message in place.messages if message.seq not in counted]
    found.add("C4", len(holes), f"place {number} lacks or doubles {holes[:5]}")
    found.add("C4", len(beyond), f"place {number} has {beyond[:5]} beyond its head {place.head}")
    found.add("C4", len(bare), f"messages of place {number} without an event: {bare[:5]}")


def device_is_whole(found: Findings, number: int, place: Place, name: str, seen: Seen) -> None:
    """Every device got to the end, unbroken."""
    found.add("C4", seen.jumps, f"{name} took frames of place {number} that did not join")
    behind = seen.cursor != place.head or (seen.epoch or place.epoch) != place.epoch
    found.add("C4", behind, f"{name} stands at {seen.epoch} {seen.cursor} of place {number}, its head is {place.head}")


def frames_join(found: Findings, number: int, name: str, seen: Seen) -> None:
    """Each frame moves on. The same may come twice (a page and what was pumped meanwhile): a device drops it."""
    for got in seen.frames:
        if got.end <= got.start:
            found.add("C4", 1, f"{name} got {got.start}-{got.end} of place {number}, which leads nowhere")


def complete_is_true(found: Findings, number: int, name: str, seen: Seen) -> None:
    """Who is told that there is no more has everything up to the head that this connection was told of before."""
    for told in seen.completes if seen.clean else ():
        before = [
            h.seq for h in seen.heads if (h.connection, h.epoch) == (told.connection, told.epoch) and h.at < told.at
        ]
        head = max(before, default=0)
        found.add(
            "C4", head > told.seq, f"{name} was told that place {number} ends at {told.seq}, and before of {head}"
        )
