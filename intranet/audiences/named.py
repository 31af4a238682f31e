"""Whom one can name in what an audience reads: offered while a name is typed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from intranet import people
from intranet.kernel import AnySelect, Person, Refused

from .lines import Rule, read

MOST = 8


def named(conn: Connection, person: Person, lines: Sequence[str], text: str) -> dict[str, Any]:
    """Those whom these lines take; no line takes everyone. Raises Refused 403 for guests, 422."""
    if person.is_guest:
        raise Refused(403, "not-allowed")
    rule = Rule(read(lines or [""]))
    taken = [one for one in people.profiles(conn) if rule.takes(one)]
    sizes = Counter(team for one in taken for team in one.teams)
    return among(conn, [one.id for one in taken], sizes, text)


def among(conn: Connection, some: AnySelect | Sequence[int], sizes: Mapping[int, int], text: str) -> dict[str, Any]:
    """Those of `some` of whose name a word begins so, and such teams with how many of them are in it: at most eight."""
    teams = [
        {"id": team.id, "name": team.name, "size": sizes[team.id]}
        for team in people.teams(conn) if team.id in sizes and people.begins(team.name, text)
    ]  # fmt: skip
    return {"people": people.named_so(conn, some, text, MOST), "teams": teams[:MOST], "all": 0}
