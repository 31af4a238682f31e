"""Lists of channels and members as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from intranet import people
from intranet.kernel import Person, once

from .access import can_moderate, visible
from .models import Channel, Member


@dataclass(frozen=True, slots=True)
class Line:
    """One channel in a list. `title` is its name or, in a direct channel, the others' names."""

    id: int
    kind: str
    title: str
    description: str
    archived: int
    team: int | None
    favourite: bool
    hidden: bool
    joined: bool
    role: str
    since: int
    size: int
    others: tuple[Any, ...] = ()  # direct channels: the other people

    @property
    def href(self) -> str:
        """Where it opens."""
        return f"/c/{self.id}"


def mine_in(conn: Connection, person: Person) -> Sequence[Line]:
    """All channels the person is in, hidden and archived ones too, by name. Three queries, once in a reading."""
    return once(conn, ("channels.mine_in", person.id), lambda: _mine_in(conn, person))


def _mine_in(conn: Connection, person: Person) -> tuple[Line, ...]:
    rows = conn.execute(
        select(*Channel.__table__.columns, Member.favourite, Member.hidden, Member.role, Member.since)
        .join(Member, Member.channel == Channel.id)
        .where(Member.person == person.id)
    ).all()
    sizes = _sizes(conn, [row.id for row in rows])
    wanted = {int(one) for row in rows if row.people for one in row.people.split()}
    names = people.names(conn, wanted)
    lines = [_line(row, person, names, sizes.get(row.id, 0)) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.title.casefold()))


def to_join(conn: Connection, person: Person) -> list[Line]:
    """Public channels the person is not in yet."""
    return _outside(conn, person, visible(person) & (Channel.kind == "public"))


def to_manage(conn: Connection, person: Person) -> list[Line]:
    """Private channels an administrator is not in: their names and sizes, nothing of what is said there."""
    return _outside(conn, person, Channel.kind == "private") if person.is_admin else []


def _outside(conn: Connection, person: Person, which: Any) -> list[Line]:
    within = select(Member.channel).where(Member.person == person.id)
    rows = conn.execute(select(Channel).where(which, Channel.archived == 0, Channel.id.not_in(within))).all()
    sizes = _sizes(conn, [row.id for row in rows])
    lines = [
        Line(row.id, row.kind, row.name, row.description, 0, row.team, False, False, False, "", 0, sizes.get(row.id, 0))
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.title.casefold())


def members(conn: Connection, channel: int) -> list[Any]:
    """Who is in, as (PersonLine, role), by name; who can moderate no longer is a plain member."""
    rows = conn.execute(select(Member.person, Member.role).where(Member.channel == channel)).all()
    names = people.names(conn, {row.person for row in rows})
    lines = [(line, row.role if can_moderate(line) else "member") for row in rows if (line := names.get(row.person))]
    return sorted(lines, key=lambda pair: pair[0].name.casefold())


def size_of(conn: Connection, channel: int) -> int:
    """How many are in."""
    return conn.execute(select(func.count()).select_from(Member).where(Member.channel == channel)).scalar_one()


def _sizes(conn: Connection, channels: list[int]) -> dict[int, int]:
    rows = conn.execute(
        select(Member.channel, func.count().label("n")).where(Member.channel.in_(channels)).group_by(Member.channel)
    )
    return {row.channel: row.n for row in rows}


def _line(row: Any, person: Person, names: Any, size: int) -> Line:
    ids = [int(one) for one in row.people.split()] if row.people else []
    others = tuple(names[one] for one in ids if one in names and (one != person.id or len(ids) == 1))
    title = row.name or ", ".join(one.name for one in others)
    role = "member" if person.is_guest else row.role
    return Line(
        row.id, row.kind, title, row.description, row.archived, row.team, bool(row.favourite), bool(row.hidden), True,
        role, row.since, size, others,
    )  # fmt: skip


def in_common(conn: Connection, person: Person, other: int) -> list[dict[str, Any]]:
    """The channels both are in, by name: what a person's page shows. Two queries."""
    theirs = select(Member.channel).where(Member.person == other)
    rows = conn.execute(
        select(Channel.id, Channel.kind, Channel.name)
        .join(Member, Member.channel == Channel.id)
        .where(Member.person == person.id, Channel.id.in_(theirs), Channel.kind != "direct", Channel.archived == 0)
    ).all()
    sizes = _sizes(conn, [row.id for row in rows])
    return [
        {"href": f"/c/{row.id}", "icon": "lock" if row.kind == "private" else "hash", "name": row.name,
         "size": sizes.get(row.id, 0)}
        for row in sorted(rows, key=lambda row: row.name.casefold())
    ]  # fmt: skip


def title_of(conn: Connection, person: Person, channel: Any) -> tuple[str, tuple[Any, ...]]:
    """A channel's name for this reader, and the others of a direct one."""
    if channel.kind != "direct":
        return channel.name, ()
    ids = [int(one) for one in channel.people.split()]
    names = people.names(conn, set(ids))
    others = tuple(names[one] for one in ids if one in names and (one != person.id or len(ids) == 1))
    return ", ".join(one.name for one in others), others
