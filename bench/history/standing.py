"""C1, C2, C7, C8: what was acknowledged stands, once, with its text, and nothing else does."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from .findings import Findings
from .records import Place, Seen, Send, Stands

KNOWN = 409  # the status that says: this id is known with other content


def resolved(found: Findings, sends: Sequence[Send]) -> None:
    """C7: every write ends acknowledged or visibly refused."""
    for send in sends:
        open_ = not (send.acked or send.refused or send.gone or send.loose)
        if open_:
            found.add("C7", 1, f"device {send.device}'s write {send.write} has no answer")


def written(found: Findings, number: int, place: Place, sends: Sequence[Send]) -> None:
    """C1, C2, C7, C8 in the record itself."""
    here = f"in place {number}'s record"
    _stand(found, here, place, sends, place.messages, lowest=0)
    standing = {message.write for message in place.messages}
    for send in sends:
        _answers(found, send)
        no = send.stands and (send.refused or send.gone)
        if no and send.write in standing:
            found.add("C7", 1, f"{send.write} was refused and stands {here}")
        if send.refused == KNOWN and send.about:
            missing = send.about not in standing and send.about not in place.removed
            if missing:
                found.add("C1", 1, f"{send.write} was told that {send.about} is known, and it is not {here}")


def on_device(
    found: Findings, number: int, place: Place, sends: Sequence[Send], name: str, seen: Seen, lowest: int
) -> None:
    """The same on a device, from the first seq on that it may know."""
    here = f"on {name} in place {number}"
    _stand(found, here, place, sends, seen.messages, max(lowest, seen.start + 1))


def _answers(found: Findings, send: Send) -> None:
    """C2: the same write gets the same answer, for ever; after a restore the new record's."""
    wrong = sum(1 for seq in send.others if seq != send.seq)
    found.add("C2", wrong, f"{send.write} was answered {send.seq}, then {send.others}")


def _stand(
    found: Findings, here: str, place: Place, sends: Sequence[Send], messages: Iterable[Stands], lowest: int
) -> None:
    allowed = texts(sends)
    at: dict[str, set[int]] = defaultdict(set)
    for message in messages:
        at[message.write].add(message.seq)
        known = message.text in allowed.get(message.write, ())
        if not known:
            found.add("C8", 1, f"nobody wrote {message.text!r} as {message.write} {here}")
    for write, seqs in at.items():
        if len(seqs) > 1:
            found.add("C2", len(seqs) - 1, f"{write} stands at {sorted(seqs)} {here}")
    for send in sends:
        due = send.stands and send.acked and not send.gone and send.seq >= lowest and send.write not in place.removed
        if due and send.seq not in at[send.write]:
            found.add("C1", 1, f"{send.write} is not at {send.seq} {here}")


def texts(sends: Iterable[Send]) -> dict[str, set[str]]:
    """What each message may say: as it was first written, or as somebody has changed it."""
    allowed: dict[str, set[str]] = defaultdict(set)
    for send in sends:
        if send.stands or send.about:
            allowed[send.write if send.stands else send.about].add(send.text)
    return allowed
