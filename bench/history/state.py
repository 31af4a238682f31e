"""C12, C13: every device shows what the record says, and the record says what was written."""

from collections.abc import Mapping, Sequence
from typing import Any

from .findings import Findings
from .records import Place, Seen, Send

HIGHEST = "highest/"


def shows_the_same(found: Findings, number: int, place: Place, name: str, seen: Seen, lowest: int) -> None:
    """C12: what the device made of all its frames is what a fresh reading gives."""
    if place.things is None or seen.things is None:
        return
    expected = {key: thing for key, thing in place.things.items() if thing.seq >= lowest}
    for key in expected.keys() | seen.things.keys():
        fresh, kept = expected.get(key), seen.things.get(key)
        if fresh != kept:
            found.add("C12", 1, f"{name} shows {kept} for {key} of place {number}, it is {fresh}")


def is_the_fold(found: Findings, number: int, place: Place, sends: Sequence[Send]) -> None:
    """C13: reactions, votes, texts and markers are what the acknowledged writes make in the order of their seqs."""
    if place.facts is None:
        return
    folded = fold(sends)
    loose = {
        name for send in sends if not send.acked and not send.refused for name in send.facts
    }  # either way is right
    for name in (folded.keys() | place.facts.keys()) - loose:
        said, stands = folded.get(name), place.facts.get(name)
        if said != stands:
            found.add("C13", 1, f"{name} of place {number} is {stands}, by what was written {said}")


def fold(sends: Sequence[Send]) -> Mapping[str, Any]:
    """What holds after these writes. A fact set to None holds no longer."""
    facts: dict[str, Any] = {}
    for send in sorted((s for s in sends if s.acked and not s.gone), key=lambda send: send.seq):
        for name, value in send.facts.items():
            if not name.startswith(HIGHEST) or value > facts.get(name, value - 1):
                facts[name] = value
    return {name: value for name, value in facts.items() if value is not None and not _ended(name, facts)}


def _ended(name: str, facts: Mapping[str, Any]) -> bool:
    kind, _, rest = name.partition("/")
    return kind == "of" and bool(facts.get(f"gone/{rest.partition('/')[0]}"))
