"""People as other rooms show them: a line beside a message, an entry in the directory, the members of a team."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from intranet.kernel import AnyRow, Ready, fold, once, once_each

from .models import PersonRow, Team, TeamMember

TINTS = 8


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What stands beside everything a person says, whoever reads it."""

    id: int
    name: str
    initials: str
    tint: int
    side: str
    role: str
    active: bool
    photo: str  # address, or empty


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team by name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Entry(PersonLine):
    """A person in the directory."""

    title: str
    site: str
    phone: str
    email: str
    lang: str
    zone: str
    invited: bool  # has not chosen a password yet
    teams: tuple[TeamLine, ...]


LINE = (PersonRow.id, PersonRow.name, PersonRow.side, PersonRow.role, PersonRow.active, PersonRow.photo)
_LINES = Ready(select(*LINE).where(PersonRow.id.in_(bindparam("ids", expanding=True))))


def initials(name: str) -> str:
    """First letters of the first and the last word."""
    words = name.split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def photo_address(person: int, photo: str) -> str:
    """Where a person's picture is served; its hash makes the address change with it."""
    return f"/people/{person}/photo/{photo}.webp" if photo else ""


def line_of(row: AnyRow) -> dict[str, Any]:
    """The fields of a line from a row over `LINE`."""
    return {
        "id": row.id, "name": row.name, "initials": initials(row.name), "tint": row.id % TINTS + 1, "side": row.side,
        "role": row.role, "active": row.active, "photo": photo_address(row.id, row.photo),
    }  # fmt: skip


def names(conn: Connection, ids: Collection[int]) -> dict[int, PersonLine]:
    """The lines of these people, deactivated ones too: their messages stay readable."""

    def load(some: list[int]) -> dict[int, PersonLine]:
        return {row.id: PersonLine(**line_of(row)) for row in _LINES.all(conn, {"ids": some})}

    return once_each(conn, "people.names", ids, load)


# -- teams


def teams_by_person(conn: Connection, people: Collection[int]) -> Mapping[int, list[TeamLine]]:
    """The teams of these people by name; of many, all memberships at once."""
    found: dict[int, list[TeamLine]] = {}
    few = [TeamMember.person_id.in_(people)] if len(people) <= 200 else []
    statement = select(TeamMember.person_id, Team.id, Team.name).where(and_(Team.id == TeamMember.team_id, *few))
    rows = conn.execute(statement.order_by(Team.folded))
    for row in rows if people else ():
        found.setdefault(row.person_id, []).append(TeamLine(row.id, row.name))
    return found


def teams(conn: Connection) -> list[TeamLine]:
    """All teams by name."""
    return [TeamLine(*row) for row in conn.execute(select(Team.id, Team.name).order_by(Team.folded))]


def team_sizes(conn: Connection) -> dict[int, int]:
    """How many active people each team has."""
    counted = (
        select(TeamMember.team_id, func.count().label("size"))
        .join(PersonRow, PersonRow.id == TeamMember.person_id)
        .where(PersonRow.active)
        .group_by(TeamMember.team_id)
    )
    return {row.team_id: row.size for row in conn.execute(counted)}


def teams_of(conn: Connection, person_id: int) -> list[TeamLine]:
    """The teams a person is in, by name."""
    return once(conn, ("people.teams_of", person_id), lambda: teams_by_person(conn, [person_id]).get(person_id, []))


def people_of_team(conn: Connection, team_id: int) -> list[int]:
    """Ids of a team's people, deactivated ones too."""
    rows = conn.execute(
        select(TeamMember.person_id).where(TeamMember.team_id == team_id).order_by(TeamMember.person_id)
    )
    return [row.person_id for row in rows]


def sites(conn: Connection) -> list[str]:
    """Every site that an active person names."""
    rows = conn.execute(select(PersonRow.site).where(PersonRow.active, PersonRow.site != "").distinct())
    return sorted((row.site for row in rows), key=fold)
