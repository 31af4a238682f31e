"""Who is in which audience, and how many."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, select

from intranet import people
from intranet.kernel import AnySelect, once

from .lines import EVERYONE, Line, Lines, Rule, read
from .models import Audience, AudienceLine, AudienceMember

_EVERYONE = select(Audience.id).where(Audience.text == EVERYONE)
_FROM_THE_START = literal(0).label("joined")


@dataclass(frozen=True, slots=True)
class Reach:
    """How many some lines take, each person once. Who works on both sides is in `total` alone."""

    total: int
    field: int
    office: int


def places(person: int) -> AnySelect:
    """The audiences this person is in now; what was written there before they came they may read too."""
    return select(AudienceMember.audience.label("place"), _FROM_THE_START).where(AudienceMember.person == person)


def readers(place: int) -> AnySelect:
    """Who is in this audience, as rows (person, joined): `places` from the other side."""
    return select(AudienceMember.person, _FROM_THE_START).where(AudienceMember.audience == place)


def everyone(conn: Connection) -> int:
    """The place of everybody but guests."""
    return once(conn, "audiences.everyone", lambda: conn.execute(_EVERYONE).scalar_one())


def is_in(conn: Connection, person_id: int, place: int) -> bool:
    """Whether this person is in this audience now."""
    which = (AudienceMember.audience == place) & (AudienceMember.person == person_id)
    return conn.execute(select(AudienceMember.person).where(which)).first() is not None


def members(conn: Connection, place: int) -> list[int]:
    """Ids of who is in now, sorted."""
    found = select(AudienceMember.person).where(AudienceMember.audience == place).order_by(AudienceMember.person)
    return list(conn.execute(found).scalars())


def size(conn: Connection, place: int) -> int:
    """How many are in now."""
    return sizes(conn, [place]).get(place, 0)


def sizes(conn: Connection, places: Collection[int]) -> dict[int, int]:
    """How many are in each of these; who has nobody is left out."""
    counted = (
        select(AudienceMember.audience, func.count().label("n"))
        .where(AudienceMember.audience.in_(places))
        .group_by(AudienceMember.audience)
    )
    return {row.audience: row.n for row in conn.execute(counted)}


def teams_in(conn: Connection, place: int) -> dict[int, int]:
    """How many of the audience are in each team."""
    counted = (
        select(people.TeamMember.team_id, func.count().label("n"))
        .join(AudienceMember, AudienceMember.person == people.TeamMember.person_id)
        .where(AudienceMember.audience == place)
        .group_by(people.TeamMember.team_id)
    )
    return {row.team_id: row.n for row in conn.execute(counted)}


def lines_of(conn: Connection, place: int) -> list[Line]:
    """The rule of this audience; nothing for a place that is none."""
    return rules(conn, [place]).get(place, [])


def rules(conn: Connection, places: Collection[int] | None = None) -> dict[int, list[Line]]:
    """The lines of these audiences, or of all, in one query."""
    columns = (AudienceLine.audience, AudienceLine.side, AudienceLine.team, AudienceLine.site)
    statement = select(*columns).order_by(AudienceLine.audience, AudienceLine.number)
    if places is not None:
        statement = statement.where(AudienceLine.audience.in_(places))
    found: dict[int, list[Line]] = {}
    for row in conn.execute(statement):
        found.setdefault(row.audience, []).append(Line(row.side, row.team, row.site))
    return found


def reached(conn: Connection, lines: Lines | Iterable[Line]) -> Reach:
    """How many these lines take: two queries. No line takes nobody. Raises Refused 422 for what is no line."""
    rule = Rule(read(lines))
    sides = [one.side for one in people.profiles(conn) if rule.takes(one)]
    return Reach(len(sides), sides.count("field"), sides.count("office"))


def reach_of(conn: Connection, place: int) -> Reach:
    """How many are in an audience now, by side: one query."""
    counted = (
        select(people.PersonRow.side, func.count().label("n"))
        .join(AudienceMember, AudienceMember.person == people.PersonRow.id)
        .where(AudienceMember.audience == place)
        .group_by(people.PersonRow.side)
    )
    found = {row.side: row.n for row in conn.execute(counted)}
    return Reach(sum(found.values()), found.get("field", 0), found.get("office", 0))
