"""How many of each team have acknowledged, so that nothing smaller than a team of five can be worked out.

What is published are sums: of all who were asked, and of some teams. Whoever knows who is in which team can add and
subtract them. So the shown teams cut those who were asked into cells, people who are in just the same shown teams; a
sum of sums counts each cell as a whole, and each cell must hold five or be empty. Teams are taken one after another,
the largest first, as long as that holds; which are shown depends on who was asked, never on who has acknowledged.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Share:
    """Of a team's people who were asked: how many, and how many of them have acknowledged."""

    team: int
    asked: int
    done: int


def shares(asked: Collection[int], done: Collection[int], teams: Mapping[int, Collection[int]]) -> list[Share]:
    """The teams that can be shown beside the sum of all, the largest first."""
    everybody, have = set(asked), set(asked) & set(done)
    members = {team: set(some) & everybody for team, some in teams.items()}
    shown: list[int] = []
    for team in sorted(members, key=lambda one: (-len(members[one]), one)):
        if len(members[team]) >= FEWEST and _holds(everybody, [members[one] for one in (*shown, team)]):
            shown.append(team)
    return [Share(team, len(members[team]), len(members[team] & have)) for team in shown]


def _holds(everybody: Collection[int], teams: Collection[Collection[int]]) -> bool:
    """Whether no cell is smaller than a team that may be shown."""
    cells = Counter(tuple(person in team for team in teams) for person in everybody)
    return min(cells.values()) >= FEWEST
