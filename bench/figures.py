"""How figures are taken by turns and put together."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
ROUNDS = 5
NOISY = 0.06  # share of a core: above it, what else runs is in the figures


async def by_turns(
    runs: Mapping[str, Callable[[int], Awaitable[T]]], rounds: int = ROUNDS, *, first: int = 0
) -> dict[str, list[T]]:
    """Each once a round, back to back; every second round in reverse. `run(number)` gives its sample."""
    found: dict[str, list[T]] = {name: [] for name in runs}
    for number in range(first, first + rounds):
        for name in list(runs) if number % 2 else list(runs)[::-1]:
            found[name].append(await runs[name](number))
    return found


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """The ratios of the rounds: both of a pair were taken one after the other."""
    return figure([a / b for a, b in zip(ours, theirs, strict=True)], 4)


def figure(values: Sequence[float], digits: int = 2) -> dict[str, float]:
    """Median, least, and most."""
    return {name: round(of(values), digits) for name, of in (("median", median), ("min", min), ("max", max))}


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The same as a reader likes it."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def median(values: Sequence[float]) -> float:
    """The middle one."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def noise(foreign: Sequence[float]) -> dict[str, Any]:
    """What else ran on the cores meanwhile, as a share of one."""
    worst = max(foreign, default=0.0)
    return {"foreign_load": spread(foreign), "run": "noisy" if worst > NOISY else "quiet"}
