"""What finally stands, read past the server from the database, and read afresh by the server's own catching up."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zlib import crc32

import msgspec
from sqlalchemy import Connection, select, text

from bench.history import Place, Send, Shown, Stands, Stay
from intranet.app import ROOMS
from intranet.chat.models import Marker, Message, Reaction
from intranet.feed.models import Comment, Reacted, ReactedCount
from intranet.kernel import Event, House
from intranet.kernel import Place as PlaceRow
from intranet.polls.models import Vote

from .company import Staff
from .http import Http
from .words import Shown as OnWire

Facts = dict[int, dict[str, Any]]
STALLED = 3  # answers one after another with nothing in them and more to come


def read(conn: Connection, staff: Staff) -> dict[int, Place]:
    """Places with their logs, messages, stays and facts."""
    facts = _facts(conn, staff)
    record = {}
    for place in (*staff.company.channels, staff.world.everyone):
        row = conn.execute(select(PlaceRow).where(PlaceRow.id == place)).one()
        log = conn.execute(
            select(Event.seq, Event.kind, Event.subject).where(Event.place == place).order_by(Event.seq)
        ).all()
        said = conn.execute(
            select(Message.seq, Message.write, Message.text)
            .where(Message.channel == place, Message.deleted == 0, Message.card == "").order_by(Message.seq)
        )  # fmt: skip
        stays = _stays(log, staff.history[place]) if place in staff.history else None
        record[place] = Place(
            row.head, [one.seq for one in log], [Stands(*one) for one in said], row.epoch,
            {one.seq: (one.kind, one.subject) for one in log}, stays, facts=facts[place],
        )  # fmt: skip
    return record


def _stays(log: Any, history: str) -> list[Stay]:
    open_: dict[int, int] = {}
    stays = []
    for one in log:
        if one.kind not in ("channels.joined", "channels.left"):
            continue
        person = int(one.subject.removeprefix("p-"))
        if one.kind.endswith("joined"):
            open_[person] = one.seq
        else:
            start = open_.pop(person)
            stays.append(Stay(person, start, one.seq, start if history == "joining" else 0))
    stays += [Stay(person, seq, 0, seq if history == "joining" else 0) for person, seq in open_.items()]
    return sorted(stays, key=lambda stay: (stay.person, stay.start))


def _facts(conn: Connection, staff: Staff) -> Facts:
    """What folding the acknowledged writes must give."""
    facts: Facts = defaultdict(dict)
    written = select(Message.channel, Message.write, Message.text).where(Message.deleted == 0, Message.card == "")
    for place, write, said in conn.execute(written):
        facts[place][f"text/{write}"] = said
    for place, seq, emoji, person in conn.execute(
        select(Reaction.channel, Reaction.seq, Reaction.emoji, Reaction.person)
    ):
        facts[place][f"react/{seq}/{emoji}/{person}"] = True
    markers = select(Marker.channel, Marker.person, Marker.seq).where(Marker.topic == 0)
    for place, person, seq in conn.execute(markers):
        facts[place][f"highest/read/{person}"] = seq
    where = {poll: place for place, polls in staff.world.polls.items() for poll in polls}
    for poll, person, choice in conn.execute(select(Vote.poll, Vote.person, Vote.choice)):
        facts[where[poll]][f"vote/{poll}/{person}"] = json.loads(choice)["yes"]
    facts[staff.world.everyone] |= _of_feed(conn)
    return facts


def _of_feed(conn: Connection) -> dict[str, Any]:
    """Comments and likes; and counts that are not what was counted, which no write says."""
    said = conn.execute(select(Comment.write, Comment.text))
    facts: dict[str, Any] = {f"text/{write}": what for write, what in said}
    counts: Counter[tuple[str, str]] = Counter()
    for subject, emoji, person in conn.execute(select(Reacted.subject, Reacted.emoji, Reacted.person)):
        facts[f"like/{subject}/{emoji}/{person}"] = True
        counts[subject, emoji] += 1
    kept = {(subject, emoji): n for subject, emoji, n in conn.execute(
        select(ReactedCount.subject, ReactedCount.emoji, ReactedCount.n)) if n}  # fmt: skip
    for key in counts.keys() | kept.keys():
        if counts[key] != kept.get(key, 0):
            facts[f"count/{key}"] = (counts[key], kept.get(key, 0))
    return facts


def is_sound(conn: Connection) -> list[str]:
    """What SQLite itself finds wrong with its file."""
    if conn.dialect.name != "sqlite":
        return []
    return [str(line) for line in conn.execute(text("PRAGMA integrity_check")).scalars() if line != "ok"]


async def look(staff: Staff) -> tuple[dict[int, Place], list[str]]:
    """The record, read past the server; and what is unsound about it."""
    house = House(staff.company.settings, ROOMS)
    try:
        return await house.read(read, staff), await house.read(is_sound)
    finally:
        await house.db.close()


class _Answer(msgspec.Struct):
    frames: list["_Frame"] = []
    complete: bool = True
    reset: bool = False


class _Frame(msgspec.Struct):
    end: int = msgspec.field(name="to")
    things: list[OnWire] = []


_answer = msgspec.json.Decoder(_Answer).decode


async def fresh(staff: Staff, port: int, record: Mapping[int, Place]) -> list[str]:
    """What the manager, who may read everything, is given from the very beginning: each place's things. Returns what
    was wrong with the reading itself."""
    http = Http(staff.company.people[staff.manager])
    wrong = []
    for number, place in record.items():
        things: dict[str, tuple[int, Shown]] = {}
        after = stalled = 0
        while True:
            path = f"/catchup?place={number}&epoch={place.epoch}&after={after}&dialect=json"
            told = await http.raw(port, path)
            if told is None:
                raise SystemExit(f"place {number} could not be read afresh")
            answer = _answer(told)
            stalled = 0 if answer.frames else stalled + 1
            for frame in answer.frames:
                after = frame.end
                for thing in frame.things:
                    known = things.get(thing.id)
                    if known is None or known[0] < thing.rev:
                        things[thing.id] = (thing.rev, Shown(thing.seq, f"{crc32(thing.data):x}"))
            if answer.complete:
                break
            if stalled == STALLED:
                wrong.append(f"catching up with place {number} after {after} never comes to its end")
                break
        place.things = {name: shown for name, (_rev, shown) in things.items()}
    http.close()
    return wrong


def with_times(record: Mapping[int, Place], moves: list[Send]) -> None:
    """When the writes that let people in or put them out were sent and acknowledged: by their seqs."""
    for send in moves:
        place = record.get(send.place)
        if place is None or place.stays is None or not send.acked:
            continue
        for index, stay in enumerate(place.stays):
            if stay.start == send.seq:
                place.stays[index] = replace(stay, begun=send.sent)
            elif stay.end == send.seq:
                place.stays[index] = replace(stay, ended=send.acked)
