"""Who can be named in a channel, and what a name in a text becomes.

A mention shows the name that its target has, whatever the text claims, and only reaches who may read it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from intranet import channels, people
from intranet.kernel import LANGUAGES, _, markdown, words

ALL = _("all")
_WRITTEN = re.compile(r"@\[((?:\\.|[^\\\[\]\n]){1,120})\]\((p:[1-9]\d{0,17}|t:[1-9]\d{0,17}|all)\)")


@dataclass(frozen=True, slots=True)
class Names:
    """Of a channel's members and their teams: what a target is called, and whom a typed name means."""

    of: Mapping[str, str]  # "p:5" -> "Mehmet Aydin"
    typed: Mapping[str, str]  # "Mehmet Aydin" -> "p:5", where it means one only

    def resolve(self, text: str) -> str:
        """The text with every mention by its own name, and those without a target here as plain words."""
        return markdown.link_mentions(_WRITTEN.sub(self._own_name, text), self.typed)

    def _own_name(self, found: re.Match[str]) -> str:
        shown, target = re.sub(r"\\(.)", r"\1", found[1]), found[2]
        if target == "all":
            return markdown.mention(shown if shown in _words_for_all() else ALL, target)
        return markdown.mention(self.of[target], target) if target in self.of else f"@{found[1]}"


def names_in(conn: Connection, channel: int) -> Names:
    """Whom one can name in this channel."""
    of = {f"p:{line.id}": line.name for line, _role in channels.members(conn, channel) if line.active}
    here = select(people.TeamMember.team_id).join(
        channels.Member, channels.Member.person == people.TeamMember.person_id
    )
    present = set(conn.execute(here.where(channels.Member.channel == channel).distinct()).scalars())
    of |= {f"t:{team.id}": team.name for team in people.teams(conn) if team.id in present}
    often = Counter(name.casefold() for name in of.values())
    typed = {name: target for target, name in of.items() if often[name.casefold()] == 1}
    return Names(of, typed | {word: "all" for word in _words_for_all() if word.casefold() not in often})


def _words_for_all() -> frozenset[str]:
    return frozenset(words(lang).gettext(ALL) for lang in LANGUAGES)
