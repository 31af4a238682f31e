"""Expectations as a table one can read: a line per case, a column per actor."""

from dataclasses import dataclass

from tests.app.company import ACTORS


@dataclass(frozen=True, eq=False)
class Row:
    """What each actor is told: statuses by actor. `case` says about which of several things."""

    name: str
    case: str
    told: dict[str, int]


def parse(table: str) -> list[Row]:
    """Lines of `name case status...`; a single status stands for all actors, two for nobody and everybody else."""
    rows = []
    for line in table.strip().splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, case, *statuses = line.split()
        if len(statuses) == 1:
            statuses *= len(ACTORS)
        if len(statuses) == 2:
            statuses = [statuses[0], *statuses[1:] * (len(ACTORS) - 1)]
        rows.append(Row(name, case, dict(zip(ACTORS, map(int, statuses), strict=True))))
    return rows


def draw(name: str, case: str, told: dict[str, int]) -> str:
    """The line that says this: shown when an expectation is missing or wrong."""
    return f"{name:<52} {case:<8}" + " ".join(f"{told[actor]:>6}" for actor in ACTORS)
