"""C3, C5, C6, C11: one order for all, each device's own kept, and no clock turned back."""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from .findings import Findings
from .records import Place, Seen, Send

Witness = dict[tuple[str, int], tuple[str, str, str]]  # epoch, seq -> kind, subject, write


def own_order(found: Findings, number: int, sends: Iterable[Send]) -> None:
    """C5: what one device wrote stands in the order it wrote it."""
    last: dict[int, Send] = {}
    for send in sorted(sends, key=lambda send: (send.device, send.number)):
        before = last.get(send.device)
        turned = before is not None and before.seq >= send.seq
        if turned:
            found.add(
                "C5", turned, f"the {send.number}th of device {send.device} in place {number} stands before its last"
            )
        last[send.device] = send


def real_time(found: Findings, number: int, sends: Sequence[Send]) -> None:
    """C6: what was acknowledged before another was sent stands before it."""
    ends = sorted(sends, key=lambda send: send.acked)
    highest, done = 0, 0
    for send in sorted(sends, key=lambda send: send.sent):
        while ends[done].acked < send.sent:
            highest = max(highest, ends[done].seq)
            done += 1
        earlier = send.seq < highest
        if earlier:
            found.add("C6", 1, f"{send.write} at {send.seq} of place {number} was sent after {highest} stood")


def messages_in_order(found: Findings, number: int, place: Place, name: str, seen: Seen) -> None:
    """C3 on a device that keeps messages only: the record's seqs, rising."""
    standing = {message.seq: message.write for message in place.messages}
    for message in seen.messages:
        other = standing.get(message.seq) != message.write
        if other:
            found.add("C3", 1, f"{name} has {message.write} at {message.seq} of place {number}")
    if not seen.frames:
        seqs = [message.seq for message in seen.messages]
        turned = sum(1 for before, after in pairwise(seqs) if after <= before)
        if turned:
            found.add("C3", turned, f"{name} got place {number} in another order")


def frames_in_order(found: Findings, number: int, place: Place, name: str, seen: Seen, witness: Witness) -> None:
    """C3: kind, subject and write of each event are the same for the record and for all who saw it, in every epoch."""
    writes = {message.seq: message.write for message in place.messages}
    for got in seen.frames:
        if not got.subject:
            continue
        said = (got.kind, got.subject, got.write)
        if place.events and got.epoch == place.epoch:
            kind, subject = place.events.get(got.end, ("", ""))
            known = (kind, subject, writes.get(got.seq, got.write) if got.write else "")
            if known != said:
                found.add("C3", 1, f"{name} was shown {said} at {got.end} of place {number}, it is {known}")
        first = witness.setdefault((got.epoch, got.end), said)
        other = first[:2] != said[:2] or (bool(first[2] and got.write) and first[2] != got.write)
        if other:
            found.add("C3", 1, f"{name} was shown {said} at {got.end} of place {number}, another {first}")


def heads_rise(found: Findings, number: int, name: str, seen: Seen) -> None:
    """C11: on one connection the heads that are told never fall within an epoch, and never below what was shown."""
    if not seen.clean:
        return
    told = [(one.connection, one.epoch, one.at, one.seq, False) for one in seen.heads]
    told += [(got.connection, got.epoch, got.at, got.end, True) for got in seen.frames]
    for (_connection, epoch), some in groupby(sorted(told), key=lambda one: one[:2]):
        highest = 0
        for *_, seq, is_frame in some:
            fell = not is_frame and seq < highest
            if fell:
                found.add("C11", 1, f"{name} was told of {seq} in place {number}, epoch {epoch}, after {highest}")
            highest = max(highest, seq)


def current(sends: Iterable[Send], place: Place) -> list[Send]:
    """The acknowledged writes of the log that is, not of one that a restore has ended."""
    return [s for s in sends if s.acked and s.seq and not s.gone and s.epoch in ("", place.epoch)]
