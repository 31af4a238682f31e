"""Counting: instant-runoff beside a library and by its own rules, the other kinds, and calendar files."""

import datetime as dt
import itertools
import random
import warnings

import pytest
from pyrankvote import Ballot, Candidate, instant_runoff_voting

from intranet.kernel import clock
from intranet.polls.calendars import Found, calendar_of
from intranet.polls.choices import Choice, counted, unanimous
from intranet.polls.runoff import Round, instant_runoff, winner


def theirs(options: list[int], ballots: list[tuple[int, ...]]) -> int:
    candidates = {option: Candidate(str(option)) for option in options}
    cast = [Ballot(ranked_candidates=[candidates[one] for one in ballot]) for ballot in ballots]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (elected,) = instant_runoff_voting(list(candidates.values()), cast).get_winners()
    return int(elected.name)


def election(dice: random.Random) -> tuple[list[int], list[tuple[int, ...]]]:
    options = list(range(1, dice.randint(2, 7) + 1))
    ballots = [tuple(dice.sample(options, dice.randint(1, len(options)))) for _ in range(dice.choice((9, 25, 60, 151)))]
    return options, ballots


def test_a_library_finds_the_same_winner_in_a_thousand_elections() -> None:
    dice, compared, tied = random.Random(7), 0, 0
    while compared < 1000:
        options, ballots = election(dice)
        rounds = instant_runoff(options, ballots)
        if any(each.tied for each in rounds):  # there the library draws lots, and we do not
            tied += 1
            continue
        assert winner(rounds) == theirs(options, ballots), (options, ballots)
        compared += 1
    assert tied > 100, "ties do occur"


def by_the_book(options: list[int], ballots: list[tuple[int, ...]]) -> int:
    """The rule said another way, with all rounds counted anew: for elections with ties."""
    standing: list[int] = list(options)
    history: list[dict[int, int]] = []
    while True:
        first = [next((one for one in ballot if one in standing), 0) for ballot in ballots]
        history.append({one: first.count(one) for one in standing})
        now = history[-1]
        for one in standing:
            if 2 * now[one] > sum(now.values()) or len(standing) == 1:
                return one
        worst = min(standing, key=lambda one: ([counts[one] for counts in reversed(history)], -one))
        standing.remove(worst)


def test_ties_go_by_earlier_rounds_then_by_the_order_of_options() -> None:
    dice, tied = random.Random(11), 0
    for _ in range(2000):
        options = list(range(1, dice.randint(2, 6) + 1))
        ballots = [tuple(dice.sample(options, dice.randint(1, len(options)))) for _ in range(dice.randint(1, 8))]
        rounds = instant_runoff(options, ballots)
        tied += any(each.tied for each in rounds)
        assert winner(rounds) == by_the_book(options, ballots), (options, ballots)
        assert all(sum(each.counts.values()) + each.spent == len(ballots) for each in rounds)
    assert tied > 500
    assert instant_runoff([1, 2], []) == []
    assert winner([]) == 0
    assert instant_runoff([1, 2], [(1,), (2,)]) == [Round({1: 1, 2: 1}, 2, 0, tied=True), Round({1: 1}, 0, 1)]
    # 2 and 3 are last together in the second round; in the first 3 had fewer
    ballots = [(1,)] * 4 + [(2,)] * 3 + [(3,)] * 2 + [(4, 3)]
    assert [each.out for each in instant_runoff([1, 2, 3, 4], ballots)] == [4, 3, 0]


def test_the_other_kinds_are_sums() -> None:
    assert counted("one", [1, 2], []) == {"n": 0, "yes": {"1": 0, "2": 0}}
    several = counted("several", [1, 2, 3], [Choice((1, 3)), Choice((3,)), Choice((1,))])
    assert (several["yes"], several["best"], unanimous(several)) == ({"1": 2, "2": 0, "3": 2}, 1, False)
    dates = counted("dates", [1, 2, 3], [Choice((2,), (1,)), Choice((2, 3)), Choice((3,), (2,)), Choice(())])
    assert (dates["best"], dates["n"]) == (2, 4), "as many yes, and one who can if need be"
    assert counted("rating", [1, 2, 3, 4, 5], [Choice((4,)), Choice((5,)), Choice((5,))])["mean"] == 4.67
    for kind in ("one", "rating", "ranking"):
        assert unanimous(counted(kind, [1, 2], [Choice((2,))] * 7)) == True, kind  # noqa: E712


@pytest.mark.parametrize(
    ("starts", "ends", "whole_day", "expected"),
    [
        ("2026-12-01T09:00", 0, False, ["DTSTART:20261201T090000Z"]),
        ("2026-12-01T09:00", 5_400_000, False, ["DTSTART:20261201T090000Z", "DTEND:20261201T103000Z"]),
        ("2026-12-31T00:00", 0, True, ["DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101"]),
    ],
)
def test_a_calendar_file_is_one_event(starts: str, ends: int, whole_day: bool, expected: list[str]) -> None:

    at = int(dt.datetime.fromisoformat(starts).replace(tzinfo=dt.UTC).timestamp() * 1000)
    title = "Ausflug, am; Fluß \\ mit Grüßen\nund " + "ä" * 60
    file = calendar_of(Found(9, title, at, at + ends if ends else 0, whole_day, clock.now(), "binnen")).decode()
    lines = file.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert all(line in lines for line in expected)
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = file.replace("\r\n ", "")
    assert "SUMMARY:Ausflug\\, am\\; Fluß \\\\ mit Grüßen\\nund ä" in unfolded
    assert len(list(itertools.takewhile(lambda line: not line.startswith("BEGIN:VEVENT"), lines))) == 3
