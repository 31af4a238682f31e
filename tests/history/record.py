"""What stands: read past the hub, from the tables, and as a fresh device would be shown it."""

import json
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from bench.history import Intent, Place, Shown, Stands, Stay
from intranet.channels.models import Channel
from intranet.chat.models import Marker, Message, Reaction
from intranet.hub import catchup, frames
from intranet.kernel import House, heads
from intranet.kernel.tables import Event, Job, Register
from intranet.kernel.tables import Place as PlaceRow

from .phone import content

if TYPE_CHECKING:
    from .world import World

Found = tuple[dict[int, set[int]], dict[int, tuple[str, int]], int]


def standing(conn: Connection, house: House, people: Collection[int], places: Collection[int]) -> Found:
    """Where these people may read, the heads, and how many jobs wait."""
    read = {person: set(catchup.standing(conn, house, person)) for person in people}
    pushes = select(func.count()).select_from(Job).where(Job.kind == "postman.push", Job.dead == "")
    return read, heads(conn, {*places, *people}), conn.execute(pushes).scalar_one()


async def read(world: "World") -> dict[int, Place]:
    """The whole record of the world's places and people."""
    return await world.house.read(_read, world)


def _read(conn: Connection, world: "World") -> dict[int, Place]:
    places = {place: _channel(conn, world, place) for place in world.places}
    return places | {person: _own(conn, world, person) for person in world.people.values()}


def _channel(conn: Connection, world: "World", place: int) -> Place:
    row = conn.execute(select(PlaceRow).where(PlaceRow.id == place)).one()
    events = conn.execute(select(Event.seq, Event.kind, Event.subject).where(Event.place == place)).all()
    said = conn.execute(select(Message).where(Message.channel == place).order_by(Message.seq)).all()
    written = {one.seq: one.write for one in said}
    return Place(
        row.head,
        [one.seq for one in events],
        [Stands(one.seq, one.write, one.text) for one in said if not one.deleted],
        epoch=row.epoch,
        events={one.seq: (one.kind, one.subject) for one in events},
        stays=list(_stays(conn, world, place, events)),
        things=_things(conn, world.house, place),
        facts=_facts(conn, place, written),
        removed={one.write for one in said if one.deleted},
    )


def _own(conn: Connection, world: "World", person: int) -> Place:
    row = conn.execute(select(PlaceRow).where(PlaceRow.id == person)).one()
    keys = list(conn.execute(select(Register.key).where(Register.place == person)).scalars())
    values = {key: value for key, value in world.house.mine(conn, person, keys).items() if value is not None}
    own = json.loads(json.dumps(values))  # as it comes over the wire
    things = {key: Shown(0, value) for key, value in own.items()}
    return Place(row.head, [], [], epoch=row.epoch, things=things, register=True)


def _stays(conn: Connection, world: "World", place: int, events: Any) -> Iterator[Stay]:
    history = conn.execute(select(Channel.history).where(Channel.id == place)).scalar_one()
    moves = {(one.place, one.seq): one for one in world.sends if one.acked and one.seq and not one.stands}
    inside: dict[str, int] = {}
    for one in sorted(events):
        if one.kind == "channels.joined":
            inside[one.subject] = one.seq
        elif one.kind == "channels.left":
            yield _stay(moves, place, history, one.subject, inside.pop(one.subject), one.seq)
    for subject, start in inside.items():
        yield _stay(moves, place, history, subject, start, 0)


def _stay(moves: Any, place: int, history: str, subject: str, start: int, end: int) -> Stay:
    begun, ended = moves.get((place, start)), moves.get((place, end))
    return Stay(
        int(subject.removeprefix("p-")), start, end, start if history == "joining" else 0,
        begun.sent if begun else 0.0, ended.acked if ended else 0.0,
    )  # fmt: skip


def _things(conn: Connection, house: House, place: int) -> dict[str, Shown]:
    """As a device is shown it that reads the place from its beginning."""
    cursor = (heads(conn, [place])[place][0], 0)
    page = catchup.frames_after(conn, house, place, cursor, {"json"}, 1_000_000)
    things = {}
    for entry in page.entries:
        for thing in json.loads(bytes(frames.payload_of(entry.bytes_for("json", 0)))).get("things", ()):
            things[thing["id"]] = Shown(thing["seq"], content(thing["data"]))
    return things


def _facts(conn: Connection, place: int, written: dict[int, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for one in conn.execute(select(Message).where(Message.channel == place)):
        if one.deleted:
            facts[f"gone/{one.write}"] = True
        else:
            facts[f"of/{one.write}/text"] = one.text
    for given in conn.execute(select(Reaction).where(Reaction.channel == place)):
        facts[f"of/{written[given.seq]}/{given.emoji}/{given.person}"] = True
    for marker in conn.execute(select(Marker).where(Marker.channel == place)):
        facts[f"highest/read/{marker.person}"] = marker.seq
    return facts


def intents(world: "World", found: dict[int, Place]) -> list[Intent]:
    """Who was to be told of what, among what was said since the last restore."""
    ends = {one.about: one.acked for one in world.sends if one.acked and any(n.startswith("gone/") for n in one.facts)}
    wanted = []
    for number in world.places:
        place = found[number]
        for send in world.sends:
            if not (send.stands and send.place == number and send.seq > world.since_restore.get(number, 0)):
                continue
            if not send.acked or send.gone:
                continue
            for stay in place.stays or ():
                there = stay.start < send.seq and (not stay.end or send.seq < stay.end)
                if there and stay.person != world.author(send):
                    until = min([at for at in (ends.get(send.write, 0.0), stay.ended) if at], default=0.0)
                    due = send.write not in place.removed and not stay.end
                    wanted.append(Intent(stay.person, number, send.write, until, due))
    return wanted
