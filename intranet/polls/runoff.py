"""Instant-runoff: who is last in a round leaves it, and their ballots go to the next choice still in.

Of several that are last the one leaves that had fewest in the round before, then in the one before that; who were equal
in all rounds leave by the order of the options, the later first.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Round:
    """Ballots per option still in, who leaves after it (0: nobody, it is decided), and ballots with no choice left."""

    counts: dict[int, int]
    out: int
    spent: int
    tied: bool = False  # several were last


def instant_runoff(options: Sequence[int], ballots: Sequence[Sequence[int]]) -> list[Round]:
    """The rounds; whoever leads the last one has won. None where nobody has voted."""
    standing = list(options)
    rounds: list[Round] = []
    while standing and ballots:
        counts = dict.fromkeys(standing, 0)
        spent = 0
        for ballot in ballots:
            choice = next((option for option in ballot if option in counts), 0)
            if choice:
                counts[choice] += 1
            else:
                spent += 1
        leading = max(counts.values())
        if leading * 2 > sum(counts.values()) or len(standing) == 1:
            return [*rounds, Round(counts, 0, spent)]
        last = min(counts.values())
        tied = [option for option in standing if counts[option] == last]
        out = _loser(tied, rounds)
        rounds.append(Round(counts, out, spent, len(tied) > 1))
        standing.remove(out)
    return rounds


def winner(rounds: Sequence[Round]) -> int:
    """Who has won, 0: nobody."""
    if not rounds:
        return 0
    counts = rounds[-1].counts
    return max(counts, key=lambda option: counts[option])


def _loser(tied: list[int], rounds: Sequence[Round]) -> int:
    for earlier in reversed(rounds):
        fewest = min(earlier.counts[option] for option in tied)
        tied = [option for option in tied if earlier.counts[option] == fewest]
    return tied[-1]


__all__ = ["Round", "instant_runoff", "winner"]
