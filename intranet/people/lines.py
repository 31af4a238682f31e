"""People as other rooms show them: a line beside a message, an entry in the directory, the members of a team."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, select

from intranet.kernel import AnyRow, AnySelect, Person

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


_LINE = (PersonRow.id, PersonRow.name, PersonRow.side, PersonRow.role, PersonRow.active, PersonRow.photo)
_ENTRY = (
    *_LINE, PersonRow.title, PersonRow.site, PersonRow.phone, PersonRow.email, PersonRow.lang, PersonRow.zone,
    (PersonRow.password == "").label("invited"),
)  # fmt: skip


def initials(name: str) -> str:
    """First letters of the first and the last word."""
    words = name.split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def fold(text: str) -> str:
    """Lower case without accents, so that a search for "muller" finds Müller."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def photo_address(person: int, photo: str) -> str:
    """Where a person's picture is served; its hash makes the address change with it."""
    return f"/people/{person}/photo/{photo}.webp" if photo else ""


def _line(row: AnyRow) -> dict[str, Any]:
    return {
        "id": row.id, "name": row.name, "initials": initials(row.name), "tint": row.id % TINTS + 1, "side": row.side,
        "role": row.role, "active": row.active, "photo": photo_address(row.id, row.photo),
    }  # fmt: skip


def names(conn: Connection, ids: Collection[int]) -> dict[int, PersonLine]:
    """The lines of these people, deactivated ones too: their messages stay readable."""
    if not ids:
        return {}
    rows = conn.execute(select(*_LINE).where(PersonRow.id.in_(sorted(set(ids)))))
    return {row.id: PersonLine(**_line(row)) for row in rows}


def find(
    conn: Connection, viewer: Person, text: str, visible: AnySelect | None = None, limit: int = 20
) -> list[PersonLine]:
    """Active people whose name, title, site or address has every word of `text`. `visible` as in `directory`."""
    statement = _seen_by(select(*_LINE), viewer, visible).where(PersonRow.active, *_matches(text))
    rows = conn.execute(statement.order_by(PersonRow.folded).limit(limit))
    return [PersonLine(**_line(row)) for row in rows]


def directory(
    conn: Connection,
    viewer: Person,
    visible: AnySelect | None = None,
    *,
    text: str = "",
    side: str = "",
    site: str = "",
    team: int = 0,
) -> list[Entry]:
    """Active people by name, narrowed. Members see everybody; guests only the ids that `visible` selects."""
    statement = _seen_by(select(*_ENTRY), viewer, visible).where(PersonRow.active, *_matches(text))
    return entries(conn, _narrowed(statement, side, site, team))


def person_entry(conn: Connection, viewer: Person, person_id: int, visible: AnySelect | None = None) -> Entry | None:
    """One person, deactivated or not, if the viewer may see them."""
    statement = _seen_by(select(*_ENTRY), viewer, visible).where(PersonRow.id == person_id)
    return next(iter(entries(conn, statement)), None)


def everybody(conn: Connection, *, text: str = "", side: str = "", state: str = "", team: int = 0) -> list[Entry]:
    """Everybody for the administrators' page; `state` is "", "invited" or "deactivated"."""
    statement = select(*_ENTRY).where(*_matches(text))
    if state == "invited":
        statement = statement.where(PersonRow.active, PersonRow.password == "")
    else:
        statement = statement.where(PersonRow.active.is_(state != "deactivated"))
    return entries(conn, _narrowed(statement, side, "", team))


def entries(conn: Connection, statement: AnySelect) -> list[Entry]:
    """The people of a statement over the columns of an entry, with their teams: two queries."""
    rows = conn.execute(statement.order_by(PersonRow.folded, PersonRow.id)).all()
    teams = _teams(conn, [row.id for row in rows])
    return [
        Entry(
            **_line(row), title=row.title, site=row.site, phone=row.phone, email=row.email, lang=row.lang,
            zone=row.zone, invited=row.invited, teams=tuple(teams.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def _seen_by(statement: AnySelect, viewer: Person, visible: AnySelect | None) -> AnySelect:
    if not viewer.is_guest:
        return statement
    if visible is None:
        return statement.where(PersonRow.id == viewer.id)
    return statement.where((PersonRow.id == viewer.id) | PersonRow.id.in_(visible))


def _matches(text: str) -> list[Any]:
    return [PersonRow.folded.contains(word, autoescape=True) for word in fold(text).split()[:8]]


def _narrowed(statement: AnySelect, side: str, site: str, team: int) -> AnySelect:
    if side:
        statement = statement.where(PersonRow.side.in_([side, "both"] if side != "both" else ["both"]))
    if site:
        statement = statement.where(PersonRow.site == site)
    if team:
        statement = statement.where(PersonRow.id.in_(select(TeamMember.person_id).where(TeamMember.team_id == team)))
    return statement


# -- teams


def _teams(conn: Connection, people: Collection[int]) -> Mapping[int, list[TeamLine]]:
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


def teams_of(conn: Connection, person_id: int) -> list[TeamLine]:
    """The teams a person is in, by name."""
    return list(_teams(conn, [person_id]).get(person_id, ()))


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
