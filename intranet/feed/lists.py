"""In which lists a post stands, and reading them from their end.

Each list of each place is a range of `post_listed`. A reader's list is the newest of all their places' ranges: from
each at most as many as are shown, so that it costs the same at a hundred posts and at a hundred thousand.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, literal, select, union_all
from sqlalchemy.orm import aliased

from intranet import audiences, people
from intranet.kernel import AnyRow, Person, Tx

from .access import READABLE, authors_of, is_readable, places
from .models import Following, Listed, Post

ALL = "all"
ASKS = "asks"
PINNED = "pinned"
WAITING = "waiting"
OPEN_STATES = ("new", "seen")  # nobody has answered yet
NEWEST = 2**53


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a reader asks the list for: each empty or 0 where it does not matter."""

    kind: str = ""
    team: int = 0
    product: int = 0
    customer: int = 0
    state: str = ""
    mine: bool = False  # only what concerns the reader

    def keys(self) -> list[str]:
        """The lists a post must stand in, the narrowest first."""
        kind_state = f"kind/{self.kind}+state/{self.state}" if self.kind and self.state else ""
        found = [
            f"customer/{self.customer}" if self.customer else "",
            f"product/{self.product}" if self.product else "",
            kind_state,
            f"state/{self.state}" if self.state and not kind_state else "",
            f"team/{self.team}" if self.team else "",
            f"kind/{self.kind}" if self.kind and not kind_state else "",
        ]
        return [key for key in found if key]


# -- keeping


def relist(tx: Tx, post: int) -> None:
    """Let the post stand in exactly the lists it belongs to now."""
    row = tx.read(select(Post).where(Post.id == post)).one()
    tx.change(delete(Listed).where(Listed.post == post))
    teams = {int(team) for team in row.teams.split()}
    teams |= {line.team for line in audiences.lines_of(tx.conn, row.place) if line.team}
    rows = [
        {"place": place, "list": key, "post": post}
        for place, keys in sorted(_standing(row, teams, authors_of(tx.conn, row)).items())
        for key in sorted(keys)
    ]
    tx.change(insert(Listed), rows)


def _standing(row: AnyRow, teams: Collection[int], authors: Collection[int]) -> dict[int, set[str]]:
    """The lists by place. What is hidden or over is read by its authors and owner alone, and listed nowhere."""
    if row.removed:
        return {row.author: {READABLE}}
    public = not (row.hidden or row.expired)
    keys = {READABLE, *(_keys(row, teams) if public else ())}
    standing = {person: set(keys) for person in {*authors, row.owner} if person}
    if row.owner:
        standing[row.owner] |= {f"names/{row.owner}"} if public and row.state in OPEN_STATES else set()
    return standing | ({row.place: set(keys)} if public else {})


def _keys(row: AnyRow, teams: Collection[int]) -> Iterator[str]:
    yield from (ALL, f"kind/{row.kind}")
    yield from (f"team/{team}" for team in teams)
    yield from (f"names/{target}" for target in {*row.mentions.split(), *row.praised.split()})
    if row.customer:
        yield f"customer/{row.customer}"
    if row.product:
        yield f"product/{row.product}"
    if row.asks:
        yield ASKS
    if row.pinned_until or row.pinned_ack:
        yield PINNED
    if row.state:
        yield from (f"state/{row.state}", f"kind/{row.kind}+state/{row.state}")
    if row.state in OPEN_STATES:
        yield from (WAITING, *(f"{WAITING}/{team}" for team in teams))


# -- reading


def newest(conn: Connection, person: Person, asked: Narrowed, before: int, limit: int) -> list[int]:
    """Ids of the newest posts before this one that fit, the newest first. One query."""
    if asked.mine:
        return _concerning(conn, person, asked, before, limit)
    first, *rest = asked.keys() or [ALL]
    return _ids(conn, person, [first], rest, before, limit)


def in_list(conn: Connection, person: Person, key: str, before: int, limit: int) -> list[int]:
    """Ids of the newest posts of one list in all of the reader's places, the newest first. One query."""
    return _ids(conn, person, [key], [], before, limit)


def _concerning(conn: Connection, person: Person, asked: Narrowed, before: int, limit: int) -> list[int]:
    """What names the reader or their team, asks something of them, or is followed by them."""
    teams = people.teams_of(conn, person.id)
    keys = [f"names/{person.id}", *(f"names/t{team.id}" for team in teams), ASKS]
    rest = asked.keys()
    found = set(_ids(conn, person, keys, rest, before, limit))
    followed = select(Following.post).where(
        Following.person == person.id, Following.follows == 1, Following.post < before,
        is_readable(person.id, Following.post), *(_stands_in(key, Following.post) for key in rest or [ALL]),
    )  # fmt: skip
    found |= set(conn.execute(followed.order_by(Following.post.desc()).limit(limit)).scalars())
    return sorted(found, reverse=True)[:limit]


def _stands_in(key: str, post: Any) -> ColumnElement[bool]:
    return select(Listed.place).where(Listed.post == post, Listed.list == key).exists()


def _ids(
    conn: Connection, person: Person, keys: Sequence[str], rest: Sequence[str], before: int, limit: int
) -> list[int]:
    """From each of the reader's places and each key the newest ids, merged: `floor` is where a range may end."""
    own = places(person.id)
    asked = union_all(*(select(literal(key).label("list")) for key in keys)).subquery()
    inner = aliased(Listed)
    nth = (
        select(inner.post)
        .where(inner.place == own.c.place, inner.list == asked.c.list, inner.post < before)
        .where(*(_also(inner, key) for key in rest))
        .order_by(inner.post.desc()).limit(1).offset(limit - 1)
        .correlate(own, asked).scalar_subquery()
    )  # fmt: skip
    ranges = select(own.c.place, asked.c.list, func.coalesce(nth, 0).label("floor")).select_from(
        own.join(asked, literal(1) == 1)
    )
    top = ranges.cte("ranges")
    statement = (
        select(Listed.post).distinct()
        .join(top, (Listed.place == top.c.place) & (Listed.list == top.c.list))
        .where(Listed.post < before, Listed.post >= top.c.floor, *(_also(Listed, key) for key in rest))
        .order_by(Listed.post.desc()).limit(limit)
    )  # fmt: skip
    return list(conn.execute(statement).scalars())


def _also(listed: type[Listed], key: str) -> ColumnElement[bool]:
    other = aliased(Listed)
    same = (other.place == listed.place, other.list == key, other.post == listed.post)
    return select(other.post).where(*same).correlate(listed).exists()
