"""Audiences in words, and those to offer first."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from intranet import people
from intranet.kernel import Person, Place, _, words

from .access import everyone, places, rules, sizes
from .lines import Line
from .models import Audience

SIDES = {"field": _("in the field"), "office": _("in the office")}
MOST_OFFERED = 8


def describe(conn: Connection, ids: Collection[int], lang: str) -> dict[int, str]:
    """Each of these audiences in words: two queries."""
    found = rules(conn, ids)
    teams = {team.id: team.name for team in people.teams(conn)} if any(_teams(found)) else {}
    return {place: phrase(lines, teams, lang) for place, lines in found.items()}


def _teams(found: dict[int, list[Line]]) -> Collection[int]:
    return {line.team for lines in found.values() for line in lines}


def phrase(lines: Collection[Line], teams: dict[int, str], lang: str) -> str:
    """Lines in words; a team that stands alone is called by its name alone."""
    said = words(lang)
    if not lines or Line() in lines:
        return said.gettext(_("Everyone"))
    alone = len(lines) == 1
    return said.gettext(_(" or ")).join(_one(line, teams, lang, alone=alone) for line in lines)


def _one(line: Line, teams: dict[int, str], lang: str, *, alone: bool) -> str:
    said = words(lang)
    parts = [said.gettext(SIDES[line.side])] if line.side else []
    if line.team:
        name = teams.get(line.team)
        if name is None:
            parts.append(said.gettext(_("a team that has ended")))
        elif alone and line == Line(team=line.team):
            parts.append(name)
        else:
            parts.append(said.gettext(_("team {name}")).format(name=name))
    if line.site:
        parts.append(said.gettext(_("site {name}")).format(name=line.site))
    return " · ".join(parts)


def suggestions(conn: Connection, person: Person) -> list[tuple[int, str, int]]:
    """Audiences there are, to choose from: everyone, then those the person is in, where most happens first."""
    first = everyone(conn)
    own = places(person.id).subquery()
    used = (
        select(Audience.id).join(Place, Place.id == Audience.id)
        .where(Audience.id.in_(select(own.c.place)), Audience.id != first)
        .order_by(Place.head.desc(), Audience.id).limit(MOST_OFFERED - 1)
    )  # fmt: skip
    offered = [first, *conn.execute(used).scalars()]
    said, counted = describe(conn, offered, person.lang), sizes(conn, offered)
    return [(place, said[place], counted.get(place, 0)) for place in offered]
