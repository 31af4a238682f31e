"""How good guesses were, and whether luck explains it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

Z = 3.29  # 99.9 %: a dozen attackers are asked, and none of them may seem to win by chance
FAR = 0.2  # how much better than luck a broken house is found out


@dataclass
class Tally:
    """Guesses of one attacker over many polls.

    `dealt` is what the same guesses get when they are dealt to the voters at random: all that the published result can
    explain. `majority` is what one gets who guesses the winner for everybody, which is the best without a leak.
    """

    asked: int = 0
    right: int = 0
    by_chance: float = 0.0
    by_majority: int = 0

    def add(self, guess: Mapping[int, int], truth: Mapping[int, int]) -> None:
        """One poll: who was thought to have chosen what, and what they did choose."""
        guessed, chosen = Counter(guess[person] for person in truth), Counter(truth.values())
        self.asked += len(truth)
        self.right += sum(guess[person] == choice for person, choice in truth.items())
        self.by_chance += sum(n * chosen[choice] for choice, n in guessed.items()) / len(truth)
        self.by_majority += max(chosen.values())

    @property
    def accuracy(self) -> float:
        return self.right / self.asked

    @property
    def dealt(self) -> float:
        return self.by_chance / self.asked

    @property
    def majority(self) -> float:
        return self.by_majority / self.asked

    @property
    def low(self) -> float:
        return wilson(self.right, self.asked)[0]

    @property
    def high(self) -> float:
        return wilson(self.right, self.asked)[1]

    @property
    def beats(self) -> bool:
        """Better than the published result explains, beyond chance."""
        return self.low > self.dealt

    @property
    def far_above(self) -> bool:
        """So much better that nobody would call it luck."""
        return self.beats and self.accuracy > self.dealt + FAR

    def __str__(self) -> str:
        return (
            f"{self.accuracy:6.1%} ({self.low:.1%} to {self.high:.1%}) of {self.asked}; "
            f"dealt at random {self.dealt:.1%}, always the winner {self.majority:.1%}"
        )


def wilson(right: int, asked: int, z: float = Z) -> tuple[float, float]:
    """Wilson's interval for a share."""
    share, square = right / asked, z * z
    middle = (share + square / (2 * asked)) / (1 + square / asked)
    half = z / (1 + square / asked) * sqrt(share * (1 - share) / asked + square / (4 * asked * asked))
    return middle - half, middle + half


__all__ = ["Tally", "wilson"]
