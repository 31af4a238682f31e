"""What can be done with channels: make, change, join, leave, add, remove."""

from typing import Any, Literal

from sqlalchemy import delete, func, select, update

from intranet import people
from intranet.kernel import Person, Refused, Tx, Write, not_found

from .access import companions, found, inside, may_shape
from .models import Channel, Member

MOST_NAME = 80
MOST_DESCRIPTION = 500
MOST_DIRECT = 12
MOST_ADDED = 500


class Create(Write, tag="channels.create"):
    """A new channel. `history` is what later joiners may read; it is fixed here. `team`: follows that team."""

    name: str
    kind: Literal["public", "private"] = "public"
    history: Literal["all", "joining"] = "all"
    description: str = ""
    people: list[int] = []
    team: int = 0


class Direct(Write, tag="channels.direct"):
    """The direct channel of exactly these people and the actor: found, or made."""

    people: list[int]


class Change(Write, tag="channels.change"):
    """Rename or describe. What is left out stays."""

    name: str | None = None
    description: str | None = None


class Archive(Write, tag="channels.archive"):
    """Nothing can be written there any more; it stays readable."""


class Unarchive(Write, tag="channels.unarchive"):
    """Writing goes on."""


class Join(Write, tag="channels.join"):
    """Be in a public channel."""


class Leave(Write, tag="channels.leave"):
    """Be in it no longer; a direct channel is only hidden."""


class Add(Write, tag="channels.add"):
    """Bring people in."""

    people: list[int]


class Remove(Write, tag="channels.remove"):
    """Take somebody out."""

    person: int


class SetRole(Write, tag="channels.role"):
    """Make somebody a moderator of this channel, or a plain member again."""

    person: int
    role: Literal["member", "moderator"]


class Favourite(Write, tag="channels.favourite"):
    """Keep it on top of one's own list."""

    on: bool


def create(tx: Tx, person: Person, write: Create) -> dict[str, Any]:
    """Make a channel with the actor as its moderator. Raises Refused 403 for guests, 422 for a bad name."""
    if person.is_guest:
        raise Refused(403, "not-allowed")
    name = clean_name(write.name)
    if len(write.description) > MOST_DESCRIPTION:
        raise Refused(422, "too-long", limit=MOST_DESCRIPTION)
    taken = tx.read(
        select(Channel.id).where(
            Channel.kind == write.kind, func.lower(Channel.name) == name.lower(), Channel.archived == 0
        )
    ).first()
    if taken and write.kind == "public":
        raise Refused(409, "name-taken", name=name)
    if write.team and not person.is_admin:
        raise Refused(403, "not-allowed")
    channel = tx.new_place("channel")
    seq = tx.record(channel, "channels.created", f"c-{channel}", person.id)
    tx.add(Channel, {
        "id": channel, "kind": write.kind, "name": name, "description": write.description.strip(), "people": None,
        "history": write.history, "team": write.team or None, "archived": 0, "rev": seq,
    })  # fmt: skip
    bring_in(tx, channel, write.history, [person.id], person.id, role="moderator")
    wanted = set(write.people) | set(people.people_of_team(tx.conn, write.team) if write.team else ())
    bring_in(tx, channel, write.history, known(tx, person, wanted - {person.id}), person.id)
    return {"place": channel, "seq": seq, "channel": channel}


def direct(tx: Tx, person: Person, write: Direct) -> dict[str, Any]:
    """Find or make the direct channel of a set. Raises Refused 404 for people one does not see, 422 for too many."""
    everybody = sorted({*write.people, person.id})
    if len(everybody) > MOST_DIRECT:
        raise Refused(422, "too-many-people", limit=MOST_DIRECT)
    others = [other for other in everybody if other != person.id]
    if others != known(tx, person, set(others)):
        raise not_found()
    name = " ".join(map(str, everybody))
    channel = tx.read(select(Channel.id).where(Channel.people == name)).scalar()
    if channel is not None:
        tx.change(update(Member).where(Member.channel == channel, Member.person == person.id).values(hidden=0))
        tx.mine(person.id, f"member/{channel}")
        return {"place": channel, "seq": 0, "channel": channel}
    channel = tx.new_place("channel")
    seq = tx.record(channel, "channels.created", f"c-{channel}", person.id)
    tx.add(Channel, {
        "id": channel, "kind": "direct", "name": "", "description": "", "people": name, "history": "all",
        "team": None, "archived": 0, "rev": seq,
    })  # fmt: skip
    bring_in(tx, channel, "all", everybody, person.id)
    return {"place": channel, "seq": seq, "channel": channel}


def change(tx: Tx, person: Person, write: Change) -> None:
    """Rename or describe. Raises Refused 403, 404, 422."""
    row = may_shape(tx, person, tx.place)
    name = clean_name(write.name) if write.name is not None else row.name
    description = row.description if write.description is None else write.description.strip()
    if len(description) > MOST_DESCRIPTION:
        raise Refused(422, "too-long", limit=MOST_DESCRIPTION)
    seq = tx.record(row.id, "channels.changed", f"c-{row.id}", person.id)
    tx.change(update(Channel).where(Channel.id == row.id).values(name=name, description=description, rev=seq))


def archive(tx: Tx, person: Person, write: Archive) -> None:
    """Close it for writing. Raises Refused 403, 404."""
    row = may_shape(tx, person, tx.place)
    seq = tx.record(row.id, "channels.archived", f"c-{row.id}", person.id)
    tx.change(update(Channel).where(Channel.id == row.id).values(archived=tx.now, rev=seq))


def unarchive(tx: Tx, person: Person, write: Unarchive) -> None:
    """Open it again. Raises Refused 403, 404."""
    row = may_shape(tx, person, tx.place)
    seq = tx.record(row.id, "channels.unarchived", f"c-{row.id}", person.id)
    tx.change(update(Channel).where(Channel.id == row.id).values(archived=0, rev=seq))


def join(tx: Tx, person: Person, write: Join) -> dict[str, Any]:
    """Be in a public channel. Raises Refused 404, 403 when archived."""
    row = found(tx.conn, person, tx.place)
    if row.role is None:
        if row.archived:
            raise Refused(403, "archived")
        bring_in(tx, row.id, row.history, [person.id], person.id)
    return {"channel": row.id}


def leave(tx: Tx, person: Person, write: Leave) -> dict[str, Any]:
    """Be in it no longer. Raises Refused 403 for team channels, 404."""
    row = inside(tx.conn, person, tx.place)
    if row.kind == "direct":
        tx.change(update(Member).where(Member.channel == row.id, Member.person == person.id).values(hidden=1))
        tx.mine(person.id, f"member/{row.id}")
        return {}
    if row.team and person.id in people.people_of_team(tx.conn, row.team):
        raise Refused(403, "team-channel")
    take_out(tx, row.id, person.id, person.id)
    return {}


def add(tx: Tx, person: Person, write: Add) -> None:
    """Bring people in: any member of a public channel, moderators of a private one. Raises Refused 403, 404, 422."""
    row = inside(tx.conn, person, tx.place)
    if row.kind == "direct":
        raise Refused(403, "direct-is-fixed")
    if person.is_guest or (row.kind == "private" and row.role != "moderator"):
        raise Refused(403, "not-allowed")
    if len(write.people) > MOST_ADDED:
        raise Refused(422, "too-many-people", limit=MOST_ADDED)
    wanted = known(tx, person, set(write.people))
    if len(wanted) != len(set(write.people)):
        raise not_found()
    there = set(tx.read(select(Member.person).where(Member.channel == row.id, Member.person.in_(wanted))).scalars())
    bring_in(tx, row.id, row.history, [one for one in wanted if one not in there], person.id)


def remove(tx: Tx, person: Person, write: Remove) -> None:
    """Take somebody out: moderators only. Raises Refused 403, 404."""
    row = inside(tx.conn, person, tx.place)
    if row.kind == "direct":
        raise Refused(403, "direct-is-fixed")
    if row.role != "moderator":
        raise Refused(403, "not-allowed")
    if not tx.read(select(Member.person).where(Member.channel == row.id, Member.person == write.person)).first():
        raise not_found()
    take_out(tx, row.id, write.person, person.id)


def set_role(tx: Tx, person: Person, write: SetRole) -> None:
    """Make a moderator, or no longer. The last one stays. Raises Refused 403, 404, 409."""
    row = inside(tx.conn, person, tx.place)
    if row.role != "moderator" or row.kind == "direct":
        raise Refused(403, "not-allowed")
    here = Member.channel == row.id
    if not tx.read(select(Member.person).where(here, Member.person == write.person)).first():
        raise not_found()
    others = tx.read(
        select(Member.person).where(here, Member.role == "moderator", Member.person != write.person)
    ).first()
    if write.role == "member" and others is None:
        raise Refused(409, "last-moderator")
    tx.change(update(Member).where(here, Member.person == write.person).values(role=write.role))
    tx.record(row.id, "channels.role", f"p-{write.person}", person.id)
    tx.mine(write.person, f"member/{row.id}")


def favourite(tx: Tx, person: Person, write: Favourite) -> dict[str, Any]:
    """Keep on top, or not. Raises Refused 404, 403."""
    row = inside(tx.conn, person, tx.place)
    tx.change(
        update(Member).where(Member.channel == row.id, Member.person == person.id).values(favourite=int(write.on))
    )
    tx.mine(person.id, f"fav/{row.id}")
    return {"mine": [f"fav/{row.id}"]}


# -- shared by verbs and by the follower of teams


def clean_name(name: str) -> str:
    """A channel's name without stray white space. Raises Refused 422."""
    clean = " ".join(name.split())
    if not clean or len(clean) > MOST_NAME or not clean.isprintable():
        raise Refused(422, "bad-name", limit=MOST_NAME)
    return clean


def known(tx: Tx, person: Person, wanted: set[int]) -> list[int]:
    """Those of `wanted` that are active and whom the person sees, sorted."""
    if not wanted:
        return []
    there = {one for one, line in people.names(tx.conn, wanted).items() if line.active}
    if person.is_guest:
        there &= set(tx.read(companions(person.id)).scalars())
    return sorted(there)


def bring_in(tx: Tx, channel: int, history: str, who: list[int], actor: int, *, role: str = "member") -> None:
    """Members from the seq of their own `joined` event on; its place is locked."""
    for one in who:
        seq = tx.record(channel, "channels.joined", f"p-{one}", actor)
        tx.add(Member, {
            "channel": channel, "person": one, "role": role, "joined": seq, "seen": seq,
            "since": seq if history == "joining" else 0, "favourite": 0, "hidden": 0,
        })  # fmt: skip
        tx.mine(one, f"member/{channel}")


def take_out(tx: Tx, channel: int, who: int, actor: int) -> None:
    """Out, with one last event; if no moderator is left, the longest-standing member becomes one."""
    tx.record(channel, "channels.left", f"p-{who}", actor)
    tx.change(delete(Member).where(Member.channel == channel, Member.person == who))
    tx.mine(who, f"member/{channel}")
    here = Member.channel == channel
    if tx.read(select(Member.person).where(here, Member.role == "moderator").limit(1)).first() is None:
        oldest = tx.read(select(Member.person).where(here).order_by(Member.joined).limit(1)).scalar()
        if oldest is not None:
            tx.change(update(Member).where(here, Member.person == oldest).values(role="moderator"))
            tx.record(channel, "channels.role", f"p-{oldest}", actor)
            tx.mine(oldest, f"member/{channel}")
