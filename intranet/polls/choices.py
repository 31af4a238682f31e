"""What one can choose, by kind, and what comes of all choices together."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from intranet.kernel import AnyRow, Refused, number

from .runoff import instant_runoff, winner

KINDS = ("one", "several", "rating", "ranking", "dates")
LEVELS = 5
PUBLISHED = ("one", "rating")  # kinds of which, without names, the list of code and choice is shown to all


@dataclass(frozen=True, slots=True)
class Choice:
    """One ballot: options chosen (of a ranking in order, the best first), and those that fit if need be."""

    yes: tuple[int, ...]
    maybe: tuple[int, ...] = ()

    def __str__(self) -> str:
        return json.dumps({"yes": self.yes, "maybe": self.maybe} if self.maybe else {"yes": self.yes})


def read(text: str) -> Choice:
    """A stored choice."""
    found = json.loads(text)
    return Choice(tuple(found["yes"]), tuple(found.get("maybe", ())))


def cleaned(poll: AnyRow, options: Collection[int], yes: Iterable[int], maybe: Iterable[int] = ()) -> Choice:
    """A choice that this poll takes. Raises Refused 422."""
    chosen, perhaps = list(dict.fromkeys(yes)), sorted(set(maybe))
    if not {*chosen, *perhaps} <= set(options) or set(chosen) & set(perhaps):
        raise Refused(422, "choice-unfit")
    if poll.kind == "dates":
        return Choice(tuple(sorted(chosen)), tuple(perhaps))
    most = {"one": 1, "rating": 1, "several": poll.most or len(options), "ranking": len(options)}[poll.kind]
    if perhaps or not chosen:
        raise Refused(422, "choice-unfit")
    if len(chosen) > most:
        raise Refused(422, "choice-many", most=most)
    return Choice(tuple(chosen if poll.kind == "ranking" else sorted(chosen)))


def picked(poll: AnyRow, picks: Sequence[str]) -> tuple[list[int], list[int]]:
    """What a form without JavaScript sends: "3", of dates "3:yes" or "3:maybe", of a ranking "3:2" for the second."""
    pairs = [(number(one.partition(":")[0]), one.partition(":")[2]) for one in picks]
    known = [(option, value) for option, value in pairs if option is not None]
    if poll.kind == "ranking":
        places = [(place, option) for option, value in known if (place := number(value))]
        return [option for _place, option in sorted(places)], []
    if poll.kind == "dates":
        yes = [option for option, value in known if value == "yes"]
        return yes, [option for option, value in known if value == "maybe"]
    return [option for option, _value in known], []


def counted(kind: str, options: Sequence[int], choices: Sequence[Choice]) -> dict[str, Any]:
    """The result: ballots `n`, per option how many yes and maybe, and what follows from them."""
    result: dict[str, Any] = {"n": len(choices), "yes": dict.fromkeys(options, 0)}
    if kind == "ranking":
        rounds = instant_runoff(options, [choice.yes for choice in choices])
        result["yes"] |= rounds[0].counts if rounds else {}
        result["rounds"] = [{"counts": each.counts, "out": each.out, "spent": each.spent} for each in rounds]
        result["best"] = winner(rounds)
        return _keyed(result)
    for choice in choices:
        for option in choice.yes:
            result["yes"][option] += 1
    if kind == "dates":
        result["maybe"] = {option: sum(option in choice.maybe for choice in choices) for option in options}
    if kind == "rating" and choices:
        result["mean"] = round(sum(choice.yes[0] for choice in choices) / len(choices), 2)
    if choices and kind != "rating":
        maybe = result.get("maybe", {})
        result["best"] = max(options, key=lambda one: (result["yes"][one], maybe.get(one, 0), -one), default=0)
    return _keyed(result)


def _keyed(result: dict[str, Any]) -> dict[str, Any]:
    """As JSON gives it back: so a result that is counted now and one that was fixed are used alike."""
    found: dict[str, Any] = json.loads(json.dumps(result))
    return found


def unanimous(result: dict[str, Any]) -> bool:
    """Whether the sums alone tell everybody's choice."""
    return bool(result.get("n")) and any(each == result["n"] for each in result["yes"].values())


__all__ = ["KINDS", "LEVELS", "PUBLISHED", "Choice", "cleaned", "counted", "picked", "read", "unanimous"]
