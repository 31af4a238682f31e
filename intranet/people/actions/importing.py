"""Reading in a list of people: everything that its dry run showed, in one write."""

from collections import Counter
from typing import Any

from sqlalchemy import Connection, select

from intranet.kernel import Person, Tx, fold
from intranet.people.access import known, must_administer, must_be_here
from intranet.people.lists import Planned, house_now, plan, read_list
from intranet.people.models import Team
from intranet.people.writes import Import

from .common import change_person, new_person, set_teams
from .teams import add_team


def may_import(_conn: Connection, person: Person, _write: Import) -> None:
    """Nobody else's lists are read. Raises Refused 403."""
    must_administer(person)


def read_lines(write: Import, _loaded: None) -> list[Planned]:
    """A list of thousands takes a while; nobody's message waits for it. Raises Refused 422."""
    return read_list(write.text)


def import_people(tx: Tx, person: Person, _write: Import) -> dict[str, Any]:
    """Refused lines change nothing; the rest is done. Judged anew: the house may have moved since the dry run."""
    must_administer(person)
    must_be_here(person)
    planned = plan(tx.prepared, house_now(tx.conn), person)
    teams = {row.folded: row.id for row in tx.read(select(Team.folded, Team.id))}
    for line in planned:
        if line.verdict in ("made", "changed"):
            _apply(tx, line, teams, person.id)
    count = Counter(line.verdict for line in planned)
    done = {verdict: count[verdict] for verdict in ("made", "changed", "same", "refused")}
    query = "&".join(f"{verdict}={number}" for verdict, number in done.items())
    return {**done, "goto": f"/admin/people?{query}"}


def _apply(tx: Tx, line: Planned, teams: dict[str, int], actor: int) -> None:
    if line.verdict == "made":
        line.person = new_person(tx, line.values)
    else:
        change_person(tx, known(tx.conn, line.person), line.values, actor)
    if line.values.get("role") == "guest":
        set_teams(tx, line.person, set(), actor)  # and so out of their channels
    if line.teams is None:
        return
    for name in line.teams:
        if fold(name) not in teams:
            teams[fold(name)] = add_team(tx, name)
    set_teams(tx, line.person, {teams[fold(name)] for name in line.teams}, actor)
