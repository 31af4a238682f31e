"""Was anything lost, doubled, out of order or shown to the wrong people? A pure function over records.

The checks are those of the fault matrix, C1 to C14; `COUNTS` says which figure each counts into.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from . import effects as side
from . import leaks, order, standing, state, whole
from .findings import COUNTS, Findings
from .records import Effect, Got, Intent, Place, Seen, Send, Shown, Stands, Stay, Told


def check(
    sends: Iterable[Send],
    record: Mapping[int, Place],
    devices: Mapping[int, Mapping[int, Seen]],
    *,
    intents: Iterable[Intent] = (),
    effects: Iterable[Effect] = (),
) -> Findings:
    """`devices`: device -> place -> what it has seen, for every place it followed. Each check looks at what is there:
    a record without stays counts everybody as in all the time, devices without frames are judged by their messages."""
    sends = list(sends)
    found = Findings(acknowledged=sum(1 for send in sends if send.acked))
    standing.resolved(found, sends)
    by_place: dict[int, list[Send]] = defaultdict(list)
    for send in sends:
        by_place[send.place].append(send)
    for number, place in record.items():
        written = by_place[number]
        if not place.register:
            _record(found, number, place, written)
        witness: order.Witness = {}
        for device, seen in devices.items():
            if number in seen:
                _device(found, number, place, written, f"device {device}", seen[number], witness)
    side.told_outside(found, intents, effects)
    return found


def _record(found: Findings, number: int, place: Place, sends: list[Send]) -> None:
    standing.written(found, number, place, sends)
    standing_now = order.current(sends, place)
    order.own_order(found, number, standing_now)
    order.real_time(found, number, standing_now)
    whole.log_is_whole(found, number, place)
    state.is_the_fold(found, number, place, sends)


def _device(
    found: Findings, number: int, place: Place, sends: list[Send], name: str, seen: Seen, witness: order.Witness
) -> None:
    order.frames_in_order(found, number, place, name, seen, witness)
    order.heads_rise(found, number, name, seen)
    whole.frames_join(found, number, name, seen)
    whole.complete_is_true(found, number, name, seen)
    leaks.within_stays(found, number, place, name, seen)
    lowest = leaks.readable_from(place, seen)
    if lowest is None:
        return
    whole.device_is_whole(found, number, place, name, seen)
    state.shows_the_same(found, number, place, name, seen, lowest)
    if not place.register:
        standing.on_device(found, number, place, sends, name, seen, lowest)
        order.messages_in_order(found, number, place, name, seen)


__all__ = [
    "COUNTS", "Effect", "Findings", "Got", "Intent", "Place", "Seen", "Send", "Shown", "Stands", "Stay", "Told",
    "check",
]  # fmt: skip
