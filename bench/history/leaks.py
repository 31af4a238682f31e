"""C9, C10: nobody is shown anything of a place outside of their stay in it."""

from collections.abc import Sequence

from .findings import Findings
from .records import Got, Place, Seen, Stay

BOUND = 1.0  # seconds after the removal was acknowledged, on an open socket


def within_stays(found: Findings, number: int, place: Place, name: str, seen: Seen) -> None:
    """Each frame with content lies in a stay, by seq and under the channel's rule on history; after its end none."""
    if place.stays is None or not place.epoch:
        return
    own = [stay for stay in place.stays if stay.person == seen.person]
    for got in seen.frames:
        if got.subject and got.epoch == place.epoch:
            by_seq = [stay for stay in own if (not stay.end or got.end <= stay.end) and got.seq >= stay.since]
            if not by_seq:
                found.add("C9", 1, f"{name} was shown {got.subject} at {got.end} of place {number}")
            late = bool(by_seq) and not any(_open(stay, got) for stay in by_seq)
            if late:
                found.add("C10", 1, f"{name} was shown {got.subject} at {got.end} of place {number} while out of it")
    left = seen.things if own_end(own) else {}
    found.add("C9", len(left or ()), f"{name} keeps things of place {number} after leaving it")


def own_end(stays: Sequence[Stay]) -> bool:
    """Whether somebody with these stays is out now."""
    return all(stay.end for stay in stays)


def _open(stay: Stay, got: Got) -> bool:
    return got.at >= stay.begun and (not stay.ended or got.at <= stay.ended + BOUND)


def readable_from(place: Place, seen: Seen) -> int | None:
    """The first seq this device's person may read now; None if nothing."""
    if place.stays is None:
        return 0
    stays = [stay for stay in place.stays if stay.person == seen.person and not stay.end]
    return stays[-1].since if stays else None
