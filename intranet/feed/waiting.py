"""What waits for an answer: feedback and ideas that are new or only seen, by team, with their age. Never by person."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Text, cast, func, literal, select
from sqlalchemy.orm import aliased

from intranet import people
from intranet.kernel import AnyRow, AnySelect, Person

from .access import places
from .lists import WAITING
from .models import Listed, Post
from .notes import title_of

PAGE = 30
MOST_COUNTED = 50  # of one team; beyond that it is "more than"


def waiting_page(conn: Connection, person: Person, team: int, after: int) -> dict[str, Any]:
    """Per team how many wait and since when; and those of one team, or all, the oldest first."""
    teams = people.teams(conn)
    each = select((literal(f"{WAITING}/") + cast(people.Team.id, Text)).label("list"))
    found = _oldest(conn, person, each, 0, MOST_COUNTED + 1)
    asked = select(literal(f"{WAITING}/{team}" if team else WAITING).label("list"))
    ids = _oldest(conn, person, asked, after, PAGE + 1)
    shown = next(iter(ids.values()), [])
    first = {key: some[0] for key, some in found.items()}
    rows: dict[int, AnyRow] = {
        row.id: row for row in conn.execute(select(Post).where(Post.id.in_([*shown[:PAGE], *first.values()])))
    }
    names = people.names(conn, {rows[one].owner for one in shown[:PAGE] if rows[one].owner})
    own = {one.id for one in people.teams_of(conn, person.id)}
    return {
        "teams": [
            {"id": one.id, "name": one.name, "own": one.id in own, "n": min(len(some), MOST_COUNTED),
             "more": len(some) > MOST_COUNTED, "since": rows[some[0]].at}
            for one in teams if (some := found.get(f"{WAITING}/{one.id}"))
        ],
        "team": team, "team_name": next((one.name for one in teams if one.id == team), ""),
        "posts": [
            {"id": row.id, "title": title_of(row), "kind": row.kind, "state": row.state, "at": row.at,
             "urgency": row.urgency, "owner": names.get(row.owner), "due": row.due}
            for row in (rows[one] for one in shown[:PAGE])
        ],
        "newer": shown[PAGE - 1] if len(shown) > PAGE else 0, "after": after,
    }  # fmt: skip


def _oldest(conn: Connection, person: Person, keys: AnySelect, after: int, limit: int) -> dict[str, list[int]]:
    """Ids of the oldest posts in each of these lists of the reader's places; as `lists.newest`, from the other end."""
    found: dict[str, set[int]] = defaultdict(set)
    own = places(person.id)
    asked = keys.subquery()
    inner = aliased(Listed)
    nth = (
        select(inner.post)
        .where(inner.place == own.c.place, inner.list == asked.c.list, inner.post > after)
        .order_by(inner.post).limit(1).offset(limit - 1)
        .correlate(own, asked).scalar_subquery()
    )  # fmt: skip
    ranges = select(own.c.place, asked.c.list, func.coalesce(nth, 2**53).label("ceiling")).select_from(
        own.join(asked, literal(1) == 1)
    )
    top = ranges.cte("ranges")
    rows = conn.execute(
        select(Listed.list, Listed.post)
        .join(top, (Listed.place == top.c.place) & (Listed.list == top.c.list))
        .where(Listed.post > after, Listed.post <= top.c.ceiling)
    )
    for row in rows:
        found[row.list].add(row.post)
    return {key: sorted(some)[:limit] for key, some in found.items()}
