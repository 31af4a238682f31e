"""What a composer offers to choose from, and what is chosen in words and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from intranet import people
from intranet.kernel import Person, Refused, _, ngettext, words

from .access import Reach, reached, rules
from .lines import Line, Lines, canonical, least, read, spelled
from .models import Audience
from .words import SIDES, phrase, suggestions

MOST_CHIPS = 8
_ONCE = _("nobody is counted twice")


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice: lines as a form sends them, in words, and whether they are chosen."""

    value: str
    words: str
    on: bool


def offer(conn: Connection, person: Person, chosen: Lines | Sequence[Line] = (), place: int = 0) -> dict[str, Any]:
    """For `audiences/_picker.html`: chips, teams and sites to build a line from, and how many are reached.

    Audiences there are come first, then the person's own teams; `chosen` lines (or those of the audience `place`) are
    chips that are on. None is everyone.
    """
    teams = {team.id: team.name for team in people.teams(conn)}
    lines = [line for line in read(chosen) or rules(conn, [place]).get(place, []) if line != Line()]
    offered = [place for place, _words, _total in suggestions(conn, person)][1:]
    known = rules(conn, offered)
    circles = [known[place] for place in offered]
    circles += [[Line(team=team.id)] for team in people.teams_of(conn, person.id)]
    chips = [Chip(spelled([line]), phrase([line], teams, person.lang), on=True) for line in lines]
    for circle in circles:
        value = spelled(circle)
        if len(chips) < max(MOST_CHIPS, len(lines)) and value not in {chip.value for chip in chips}:
            chips.append(Chip(value, phrase(circle, teams, person.lang), on=False))
    return {
        "chips": chips, "teams": sorted(teams.items(), key=lambda team: people.fold(team[1])),
        "sites": [(spelled([Line(site=site)]), site) for site in _sites(conn)], "everyone": not lines,
        "reach": said(reached(conn, lines or [Line()]), len(lines), person.lang),
    }  # fmt: skip


def _sites(conn: Connection) -> list[str]:
    """One spelling of each."""
    return list({people.fold(site): site for site in reversed(people.sites(conn))}.values())[::-1]


def reach(conn: Connection, person: Person, given: Sequence[str]) -> dict[str, Any]:
    """How many these lines reach; no line is everyone. Raises Refused 403 for guests, 422."""
    if person.is_guest:
        raise Refused(403, "not-allowed")
    lines = read(given or [""])
    found = reached(conn, lines)
    teams = {team.id: team.name for team in people.teams(conn)}
    place = conn.execute(select(Audience.id).where(Audience.text == canonical(lines))).scalar() or 0
    return {
        "total": found.total, "field": found.field, "office": found.office, "audience": place,
        "words": phrase(least(lines), teams, person.lang), **said(found, len(lines), person.lang),
    }  # fmt: skip


def said(found: Reach, lines: int, lang: str) -> dict[str, str]:
    """As the composer says it: `title`, and `text` with the two sides."""
    word = words(lang)
    title = word.ngettext(*ngettext("{n} person", "{n} people"), found.total).format(n=found.total)
    if not found.total:
        return {"title": title, "text": word.gettext(_("Nobody would read this. Choose for whom it is."))}
    both = found.total - found.field - found.office
    sides = [f"{n} {word.gettext(SIDES[side])}" for side, n in (("field", found.field), ("office", found.office)) if n]
    sides += [word.gettext(_("{n} on both sides")).format(n=both)] if both else []
    if lines > 1:
        return {"title": title, "text": f"{', '.join(sides)} · {word.gettext(_ONCE)}"}
    return {"title": title, "text": ", ".join(sides)}
