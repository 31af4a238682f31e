"""How channels are heard: the channel's own card, the reader's memberships, and what people and teams bring about."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from intranet.kernel import Logged, Ready, Thing, Tx, render

from .membership import bring_in, find_heir, take_out
from .models import Channel, Member

CARD_KINDS = frozenset({"channels.created", "channels.changed", "channels.archived", "channels.unarchived"})
STANDING_KINDS = frozenset({"people.deactivated", "people.became_guest"})
TEAM_KINDS = frozenset({"people.team_joined", "people.team_left", "people.team_ended"})


def cards(conn: Connection, place: int, subjects: Sequence[str], lang: str) -> Mapping[str, Thing]:
    """The channel's name and description, as its header and the navigation show them."""
    row = conn.execute(select(Channel).where(Channel.id == place)).first()
    if row is None:
        return {}
    html = render("channels/_name.html", lang, channel=row) if row.kind != "direct" else ""
    data = {"name": row.name, "description": row.description, "kind": row.kind, "archived": bool(row.archived)}
    return {f"c-{place}": Thing(f"c-{place}", row.rev, row.rev, html, data)}


def mine(conn: Connection, person: int, keys: Sequence[str]) -> dict[str, Any]:
    """`member/<channel>`: role and joined; `fav/<channel>`: true. Nothing where one is not in."""
    channels = {int(number) for key in keys if (number := key.split("/")[1]).isdigit()}
    rows = conn.execute(select(Member).where(Member.person == person, Member.channel.in_(channels)))
    found: dict[str, Any] = {}
    for row in rows:
        found[f"member/{row.channel}"] = {"role": row.role, "joined": row.since, "hidden": bool(row.hidden)}
        if row.favourite:
            found[f"fav/{row.channel}"] = True
    return {key: found.get(key) for key in keys}


def follow_teams(tx: Tx, events: Sequence[Logged]) -> None:
    """Whoever comes into a team comes into its channels, archived ones too, and leaves them with it.

    When a team ends, its channels go on by themselves.
    """
    teams = {event.place for event in events}
    rows = tx.read(select(Channel).where(Channel.team.in_(teams)).order_by(Channel.id)).all()
    tx.lock([row.id for row in rows])
    people = {int(event.subject) for event in events if event.kind != "people.team_ended"}
    inside = select(Member.channel, Member.person).where(Member.channel.in_([row.id for row in rows]))
    there = {(row.channel, row.person) for row in tx.read(inside.where(Member.person.in_(people)))}
    for event in events:
        own = [row for row in rows if row.team == event.place]
        if event.kind == "people.team_ended":
            tx.change(update(Channel).where(Channel.team == event.place).values(team=None))
            rows = [row for row in rows if row.team != event.place]
            continue
        person = int(event.subject)
        for row in own:
            if event.kind == "people.team_joined" and (row.id, person) not in there:
                bring_in(tx, row.id, row.history, [person], event.actor)
                there.add((row.id, person))
            elif event.kind == "people.team_left" and (row.id, person) in there:
                take_out(tx, row.id, person, event.actor)
                there.remove((row.id, person))


def follow_standing(tx: Tx, events: Sequence[Logged]) -> None:
    """Whoever can moderate no longer leaves no channel without somebody who does."""
    for event in events:
        moderated = (Member.person == int(event.subject)) & (Member.role == "moderator")
        channels = list(tx.read(select(Member.channel).where(moderated).order_by(Member.channel)).scalars())
        tx.lock(channels)  # before looking: another lane may be taking the other moderator out
        for channel in channels:
            find_heir(tx, channel, event.actor)


_DIRECT = select(Channel.id).where(Channel.id.in_(bindparam("channels", expanding=True)), Channel.kind == "direct")
_HIDDEN = Ready(select(Member.channel, Member.person).where(Member.channel.in_(_DIRECT), Member.hidden == 1))


def follow_direct(tx: Tx, events: Sequence[Logged]) -> None:
    """A hidden direct channel comes back with its next message."""
    channels = sorted({event.place for event in events})
    back = _HIDDEN.all(tx.conn, {"channels": channels})
    for row in back:
        tx.mine(row.person, f"member/{row.channel}")
    if back:
        tx.change(update(Member).where(Member.channel.in_(channels), Member.hidden == 1).values(hidden=0))
