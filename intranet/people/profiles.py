"""People as rules look at them: side, site, role, teams. For those who decide who is addressed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from .models import PersonRow, TeamMember

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Profile:
    """One person, with the ids of their teams."""

    id: int
    side: str
    site: str
    role: str
    active: bool
    teams: frozenset[int]


def profiles(conn: Connection, ids: Collection[int] | None = None) -> list[Profile]:
    """These people, or everybody; two queries per five hundred, or two in all."""
    if ids is None:
        return _loaded(conn, None)
    wanted = sorted(ids)
    found: list[Profile] = []
    for start in range(0, len(wanted), _AT_ONCE):
        found += _loaded(conn, wanted[start : start + _AT_ONCE])
    return found


def _loaded(conn: Connection, some: Sequence[int] | None) -> list[Profile]:
    columns = (PersonRow.id, PersonRow.side, PersonRow.site, PersonRow.role, PersonRow.active)
    everybody = select(*columns).order_by(PersonRow.id)
    memberships = select(TeamMember.person_id, TeamMember.team_id)
    if some is not None:
        everybody = everybody.where(PersonRow.id.in_(some))
        memberships = memberships.where(TeamMember.person_id.in_(some))
    teams: dict[int, set[int]] = {}
    for row in conn.execute(memberships):
        teams.setdefault(row.person_id, set()).add(row.team_id)
    return [
        Profile(row.id, row.side, row.site, row.role, bool(row.active), frozenset(teams.get(row.id, ())))
        for row in conn.execute(everybody)
    ]
