"""Who may see and who may act. Everything of a channel is found through the person who asks."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, or_, select

from intranet import people
from intranet.kernel import AnyRow, AnySelect, Person, Ready, Refused, Tx, not_found

from .models import Channel, Member


def places(person: int) -> AnySelect:
    """The channels this person reads, each with the first seq they may read."""
    return select(Member.channel.label("place"), Member.since.label("joined")).where(Member.person == person)


def readers(channel: int) -> AnySelect:
    """Who reads this channel, each with the first seq they may read: `places` from the other side."""
    return select(Member.person, Member.since.label("joined")).where(Member.channel == channel)


def companions(person: int) -> AnySelect:
    """Ids of everybody who shares a channel with this person: all that a guest sees of the directory."""
    own = select(Member.channel).where(Member.person == person)
    return select(Member.person).where(Member.channel.in_(own)).distinct()


def visible(person: Person) -> Any:
    """The condition under which a channel exists for this person: in it, or public and not a guest."""
    within = Channel.id.in_(select(Member.channel).where(Member.person == person.id))
    return within if person.is_guest else or_(within, Channel.kind == "public")


def found(conn: Connection, person: Person, channel: int) -> AnyRow:
    """The channel with the person's membership (its `role` is None outside). Raises Refused 404."""
    return _only(conn, person, channel, "guest" if person.is_guest else "person")


@cache
def _statement(which: str) -> Ready:
    """Built once: every write in a channel asks this."""
    me: Any = bindparam("me")
    within = Channel.id.in_(select(Member.channel).where(Member.person == bindparam("me")))
    condition = {
        "guest": within,
        "person": or_(within, Channel.kind == "public"),
        "administrator": or_(Channel.kind != "direct", Member.person == me),
    }[which]
    # Who became a guest moderates no longer, also where they did before.
    role: Any = case((Member.role.is_not(None), "member")).label("role") if which == "guest" else Member.role
    return Ready(
        select(*Channel.__table__.columns, role, Member.since, Member.joined, Member.seen, Member.favourite)
        .outerjoin(Member, (Member.channel == Channel.id) & (Member.person == me))
        .where(Channel.id == bindparam("channel"), condition)
    )


def _only(conn: Connection, person: Person, channel: int, which: str) -> AnyRow:
    row = _statement(which).first(conn, {"me": person.id, "channel": channel})
    if row is None:
        raise not_found()
    return row


def inside(conn: Connection, person: Person, channel: int) -> AnyRow:
    """The channel if the person reads it. Raises Refused 404, or 403 `join-first` with what outsiders see."""
    row = found(conn, person, channel)
    if row.role is None:
        size = conn.execute(select(func.count()).select_from(Member).where(Member.channel == channel)).scalar_one()
        seen = {"name": row.name, "description": row.description, "archived": bool(row.archived), "people": size}
        raise Refused(403, "join-first", channel=channel, **seen)
    return row


def may_write(tx: Tx, person: Person, channel: int) -> AnyRow:
    """The channel if the person may write there now. Raises Refused 404, 403."""
    row = tx.once(("inside", person.id, channel), lambda: inside(tx.conn, person, channel))
    if row.archived:
        raise Refused(403, "archived")
    return row


def may_shape(tx: Tx, person: Person, channel: int) -> AnyRow:
    """The channel if the person may rename, describe, archive it: its moderators and administrators. 404, 403."""
    row = found_or_admin(tx.conn, person, channel)
    if row.kind == "direct" or not (row.role == "moderator" or person.is_admin):
        raise Refused(403, "not-allowed")
    return row


def found_or_admin(conn: Connection, person: Person, channel: int) -> AnyRow:
    """As `found`; administrators also find private channels' names and settings, never direct ones or content."""
    if not person.is_admin:
        return found(conn, person, channel)
    return _only(conn, person, channel, "administrator")


def able(conn: Connection, channel: int) -> list[tuple[people.PersonLine, str]]:
    """Who is in and could moderate (active, no guest) with their role, the longest-standing first."""
    rows = conn.execute(select(Member.person, Member.role).where(Member.channel == channel).order_by(Member.joined))
    listed = rows.all()
    lines = people.names(conn, [row.person for row in listed])
    return [(lines[row.person], row.role) for row in listed if can_moderate(lines.get(row.person))]


def can_moderate(line: people.PersonLine | None) -> bool:
    """Guests and deactivated accounts moderate nothing, whatever their row says: who comes back moderates again."""
    return line is not None and line.active and line.role != "guest"


def is_led(standing: Sequence[tuple[people.PersonLine, str]]) -> bool:
    """Whether one of those who could moderate does."""
    return any(role == "moderator" for _line, role in standing)


__all__ = [
    "able", "can_moderate", "companions", "found", "found_or_admin", "inside", "is_led", "may_shape", "may_write",
    "places", "readers", "visible",
]  # fmt: skip
