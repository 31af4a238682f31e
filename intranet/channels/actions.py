"""What can be done with channels: make, change, join, leave, add, remove."""

from typing import Any

from sqlalchemy import select, update

from intranet import people
from intranet.kernel import Person, Refused, Tx, not_found

from .access import able, found, found_or_admin, inside, is_led, may_shape
from .membership import bring_in, give_role, known, must_be_free, take_out
from .models import Channel, Member
from .writes import (
    MOST_ADDED,
    MOST_DIRECT,
    Add,
    Archive,
    Change,
    Create,
    Direct,
    Favourite,
    Join,
    Leave,
    Remove,
    SetRole,
    Unarchive,
    clean_description,
    clean_name,
)


def create(tx: Tx, person: Person, write: Create) -> dict[str, Any]:
    """Make a channel with the actor as its moderator. Raises Refused 403, 404, 409, 422."""
    if person.is_guest:
        raise Refused(403, "not-allowed")
    name, description = clean_name(write.name), clean_description(write.description)
    if len(write.people) > MOST_ADDED:
        raise Refused(422, "too-many-people", limit=MOST_ADDED)
    folded = must_be_free(tx, name) if write.kind == "public" else None
    if write.team and not person.is_admin:
        raise Refused(403, "not-allowed")
    if write.team and write.team not in {team.id for team in people.teams(tx.conn)}:
        raise not_found()
    channel = tx.new_place("channel")
    seq = tx.record(channel, "channels.created", f"c-{channel}", person.id)
    tx.add(Channel, {
        "id": channel, "kind": write.kind, "name": name, "folded": folded, "description": description,
        "people": None, "history": write.history, "team": write.team or None, "archived": 0, "rev": seq,
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
    tx.lock(everybody[:1])  # on PostgreSQL two of them may ask at once
    channel = tx.read(select(Channel.id).where(Channel.people == name)).scalar()
    if channel is not None:
        tx.change(update(Member).where(Member.channel == channel, Member.person == person.id).values(hidden=0))
        tx.mine(person.id, f"member/{channel}")
        return {"place": channel, "seq": 0, "channel": channel}
    channel = tx.new_place("channel")
    seq = tx.record(channel, "channels.created", f"c-{channel}", person.id)
    tx.add(Channel, {
        "id": channel, "kind": "direct", "name": "", "folded": None, "description": "", "people": name,
        "history": "all", "team": None, "archived": 0, "rev": seq,
    })  # fmt: skip
    bring_in(tx, channel, "all", everybody, person.id)
    return {"place": channel, "seq": seq, "channel": channel}


def change(tx: Tx, person: Person, write: Change) -> None:
    """Rename or describe. Raises Refused 403, 404, 409, 422."""
    row = may_shape(tx, person, tx.place)
    name = clean_name(write.name) if write.name is not None else row.name
    description = row.description if write.description is None else clean_description(write.description)
    folded = must_be_free(tx, name, but=row.id) if row.kind == "public" and not row.archived else None
    values = {"name": name, "folded": folded, "description": description}
    seq = tx.record(row.id, "channels.changed", f"c-{row.id}", person.id)
    tx.change(update(Channel).where(Channel.id == row.id).values(**values, rev=seq))


def archive(tx: Tx, person: Person, write: Archive) -> None:
    """Close it for writing; its name is free again. Raises Refused 403, 404."""
    row = may_shape(tx, person, tx.place)
    seq = tx.record(row.id, "channels.archived", f"c-{row.id}", person.id)
    tx.change(update(Channel).where(Channel.id == row.id).values(archived=tx.now, folded=None, rev=seq))


def unarchive(tx: Tx, person: Person, write: Unarchive) -> None:
    """Open it again. Raises Refused 403, 404, and 409 if another channel has its name by now."""
    row = may_shape(tx, person, tx.place)
    folded = must_be_free(tx, row.name, but=row.id) if row.kind == "public" else None
    seq = tx.record(row.id, "channels.unarchived", f"c-{row.id}", person.id)
    tx.change(update(Channel).where(Channel.id == row.id).values(archived=0, folded=folded, rev=seq))


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
    if row.archived:
        raise Refused(403, "archived")
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
    if row.team and write.person in people.people_of_team(tx.conn, row.team):
        raise Refused(403, "team-channel")
    take_out(tx, row.id, write.person, person.id)


def set_role(tx: Tx, person: Person, write: SetRole) -> dict[str, Any]:
    """Make a moderator, or no longer. The last one stays. Where nobody moderates any more, an administrator appoints
    one of those who are in. Raises Refused 403, 404, 409."""
    row = found_or_admin(tx.conn, person, tx.place)
    standing = able(tx.conn, row.id)
    appoints = person.is_admin and write.role == "moderator" and not is_led(standing)
    if row.kind == "direct" or not (row.role == "moderator" or appoints):
        raise Refused(403, "not-allowed")
    if not tx.read(select(Member.person).where(Member.channel == row.id, Member.person == write.person)).first():
        raise not_found()
    if write.role == "moderator" and write.person not in {line.id for line, _role in standing}:
        raise Refused(403, "cannot-moderate")
    if write.role == "member" and not is_led([one for one in standing if one[0].id != write.person]):
        raise Refused(409, "last-moderator")
    give_role(tx, row.id, write.person, write.role, person.id)
    return {"goto": f"/c/{row.id}/settings"} if appoints else {}


def favourite(tx: Tx, person: Person, write: Favourite) -> dict[str, Any]:
    """Keep on top, or not. Raises Refused 404, 403."""
    row = inside(tx.conn, person, tx.place)
    tx.change(
        update(Member).where(Member.channel == row.id, Member.person == person.id).values(favourite=int(write.on))
    )
    tx.mine(person.id, f"fav/{row.id}")
    return {"mine": [f"fav/{row.id}"]}
