"""What a name in a text becomes: a mention shows the name that its target has, whatever the text claims."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from intranet.kernel import markdown

from .lines import teams
from .models import PersonRow

_WRITTEN = re.compile(r"@\[((?:\\.|[^\\\[\]\n]){1,120})\]\((p:[1-9]\d{0,17}|t:[1-9]\d{0,17}|all)\)")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Names:
    """Who can be named here: what a target is called, and whom a typed name means."""

    of: Mapping[str, str]  # "p:5" -> "Mehmet Aydin"
    typed: Mapping[str, str]  # "Mehmet Aydin" -> "p:5", where it means one only
    for_all: frozenset[str] = frozenset()  # words that mean everybody, where that can be said
    all: str = ALL  # the word for everybody where somebody claims another

    def resolve(self, text: str) -> str:
        """The text with every mention by its own name, and those without a target here as plain words."""
        return markdown.link_mentions(_WRITTEN.sub(self._own_name, text), self.typed)

    def _own_name(self, found: re.Match[str]) -> str:
        shown, target = re.sub(r"\\(.)", r"\1", found[1]), found[2]
        if target == ALL:
            if not self.for_all:
                return f"@{found[1]}"
            return markdown.mention(shown if shown in self.for_all else self.all, target)
        return markdown.mention(self.of[target], target) if target in self.of else f"@{found[1]}"


def only_once(of: Mapping[str, str]) -> dict[str, str]:
    """Typed names that mean one target only."""
    often = Counter(name.casefold() for name in of.values())
    return {name: target for target, name in of.items() if often[name.casefold()] == 1}


def names_of_all(conn: Connection) -> Names:
    """Everybody who works here, and every team; guests are named only where they are."""
    staff = select(PersonRow.id, PersonRow.name).where(PersonRow.active, PersonRow.role != "guest")
    of = {f"p:{row.id}": row.name for row in conn.execute(staff)}
    of |= {f"t:{team.id}": team.name for team in teams(conn)}
    return Names(of, only_once(of))
