"""Teams: made, renamed, ended, joined and left; the team's own place logs it for whoever follows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from intranet.kernel import Person, Refused, Tx, fold
from intranet.people.access import must_administer
from intranet.people.checks import clean_name
from intranet.people.lines import people_of_team
from intranet.people.models import Invitation, PersonRow, Team, TeamMember
from intranet.people.writes import TeamChange, TeamMake, TeamMembers

from .common import join_team, leave_team, stands_anew


def known_teams(conn: Connection, ids: Sequence[int]) -> set[int]:
    """These teams, without 0, which forms send for none. Raises Refused 422 for one that is not there."""
    wanted = set(ids) - {0}
    if wanted - {row.id for row in conn.execute(select(Team.id).where(Team.id.in_(wanted)))}:
        raise Refused(422, "team-unknown")
    return wanted


def add_team(tx: Tx, name: str) -> int:
    """A team with a place of its own. Raises Refused 409 when the name is taken."""
    name = clean_name(name)
    must_be_free(tx, name)
    team = tx.new_place("team")
    tx.add(Team, {"id": team, "name": name, "folded": fold(name)})
    return team


def must_be_free(tx: Tx, name: str, but: int = 0) -> None:
    """Raises Refused 409 if another team is called like this, whatever its accents and capitals."""
    if tx.read(select(Team.id).where(Team.folded == fold(name), Team.id != but)).first():
        raise Refused(409, "team-taken")


def team_make(tx: Tx, person: Person, write: TeamMake) -> dict[str, Any]:
    """A new team without people."""
    must_administer(person)
    team = add_team(tx, write.name)
    return {"place": team}


def team_change(tx: Tx, person: Person, write: TeamChange) -> dict[str, Any]:
    """Another name, or its end: what followed the team goes on without it."""
    must_administer(person)
    team = _known(tx, write.team)
    if write.gone:
        _end(tx, team, person.id)
        return {"goto": "/admin/teams"}
    name = clean_name(write.name or "")
    must_be_free(tx, name, but=team)
    tx.change(update(Team).where(Team.id == team).values(name=name, folded=fold(name)))
    tx.record_later(team, "people.team_changed", str(team), person.id)
    return {"goto": f"/admin/teams/{team}"}


def _end(tx: Tx, team: int, actor: int) -> None:
    for member in people_of_team(tx.conn, team):
        stands_anew(tx, member, actor)
    tx.change(delete(TeamMember).where(TeamMember.team_id == team))
    tx.change(delete(Invitation).where(Invitation.team_id == team))
    tx.change(delete(Team).where(Team.id == team))
    tx.record_later(team, "people.team_ended", str(team), actor)


def team_members(tx: Tx, person: Person, write: TeamMembers) -> dict[str, Any]:
    """Who joins and who leaves; who is in already or out already stays so."""
    must_administer(person)
    team = _known(tx, write.team)
    have = set(people_of_team(tx.conn, team))
    joining = sorted(set(write.add) - {0} - have)
    _must_fit(tx, joining)
    for member in joining:
        join_team(tx, team, member, person.id)
        tx.mine(member, "profile")
    for member in sorted(set(write.remove) & have):
        leave_team(tx, team, member, person.id)
        tx.mine(member, "profile")
    return {"goto": f"/admin/teams/{team}"}


def _known(tx: Tx, team: int) -> int:
    if not known_teams(tx.conn, [team]):
        raise Refused(422, "team-unknown")
    return team


def _must_fit(tx: Tx, people: list[int]) -> None:
    rows = tx.read(select(PersonRow.id, PersonRow.role, PersonRow.active).where(PersonRow.id.in_(people))).all()
    if len(rows) != len(people) or not all(row.active for row in rows):
        raise Refused(422, "person-unknown")
    if any(row.role == "guest" for row in rows):
        raise Refused(422, "guest-in-team")
