"""The sample company, from the written data: people, teams, channels, and what each persona has before them."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from .board import board
from .clock import moment, words, workdays
from .model import (
    Channel,
    Company,
    Customer,
    Draft,
    Invitation,
    Later,
    Marker,
    Message,
    Person,
    Product,
    Team,
    Topic,
)
from .routine import routine
from .timeline import Said, written

DATA = Path(__file__).parent / "data"
NAME = "Quellmoor Pumpen"
MADE = -48  # working days before the newest: when the house was set up


def build(latest: date, *, seed: int = 7, channels: frozenset[str] | None = None) -> Company:
    """Everything, the same for the same day and seed. `channels` keeps only these (a small company for tests)."""
    toml = _load("people.toml")
    people = tuple(_person(key, row, toml) for key, row in toml["people"].items())
    known = {person.key: person for person in people}
    said = [*written(latest, seed, known), *routine(_load("routine.toml"), latest, seed, known)]
    if channels is not None:
        said = [one for one in said if one.message.channel in channels]
    said.sort(key=lambda one: (one.message.at, one.message.key))
    messages = tuple(one.message for one in said)
    made = moment(workdays(latest, MADE), 9 * 60)
    named = _named_channels(people, latest, made)
    used = {message.channel for message in messages}
    desk, sold = _load("desk.toml"), _load("customers.toml")
    pictures = {file.source: file for message in messages for file in message.files if file.kind == "photo"}
    posts, polls = board(latest, seed, known, pictures) if channels is None else ((), ())
    return Company(
        name=NAME,
        latest=latest,
        people=people,
        teams=_teams(toml["teams"], people),
        channels=tuple(one for one in [*named, *_direct(messages)] if one.key in used),
        topics=_topics(said),
        messages=messages,
        unread=tuple(_unread(desk["unread"], messages, latest)),
        drafts=tuple(Draft(*row) for row in desk["drafts"] if row[1] in used),
        favourites=tuple((row[0], row[1]) for row in desk["favourites"] if row[1] in used),
        later=tuple(_later(row, latest) for row in desk["later"] if row[1] in used),
        invitations=tuple(Invitation(*row) for row in desk["invitations"]),
        customers=tuple(Customer(key, *row) for key, row in sold["customers"].items()),
        products=tuple(Product(key, *row) for key, row in sold["products"].items()),
        posts=posts,
        polls=polls,
    )


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text("utf-8"))


def _person(key: str, row: list[Any], toml: dict[str, Any]) -> Person:
    name, title, site, phone, side, role, lang, teams = row
    persona = next((persona for persona, who in toml["personas"].items() if who == key), "")
    return Person(key, name, title, site, phone, side, role, lang, tuple(teams), persona, toml["looks"].get(key, ""))


def _teams(rows: dict[str, list[str]], people: tuple[Person, ...]) -> tuple[Team, ...]:
    return tuple(
        Team(key, name, lead, tuple(person.key for person in people if key in person.teams))
        for key, (name, lead) in rows.items()
    )


def _named_channels(people: tuple[Person, ...], latest: date, made: int) -> list[Channel]:
    staff = [person.key for person in people if person.role != "guest"]
    found = []
    for number, (key, row) in enumerate(_load("channels.toml").items()):
        also = staff if row["also"] == ["*"] else row["also"]
        team = row.get("team", "")
        members = [person.key for person in people if team and team in person.teams]
        members += [one for one in [*row["moderators"], *also] if one not in members]
        found.append(Channel(
            key, words(row["name"], latest, "de"), row["kind"], words(row["description"], latest, "de"), team,
            tuple(dict.fromkeys(members)), tuple(row["moderators"]), made + (10 + number) * 60_000,
        ))  # fmt: skip
    return found


def _direct(messages: tuple[Message, ...]) -> list[Channel]:
    """Conversations of a few, made a minute before their first message by whoever wrote it."""
    found: dict[str, Channel] = {}
    for message in messages:
        if message.channel.startswith("dm:") and message.channel not in found:
            members = message.channel.removeprefix("dm:").split(",")
            members.sort(key=lambda one: one != message.by)
            found[message.channel] = Channel(
                message.channel, "", "direct", "", "", tuple(members), (), message.at - 60_000
            )
    return list(found.values())


def _topics(said: list[Said]) -> tuple[Topic, ...]:
    """Each topic once; closed by who spoke last in it, when its last scene says so."""
    last = {(one.message.channel, one.message.topic): one for one in said if one.message.topic}
    return tuple(
        Topic(channel, name, one.message.by if one.closes else "", one.message.at + 60_000 if one.closes else 0)
        for (channel, name), one in last.items()
    )


def _later(row: list[Any], latest: date) -> Later:
    person, channel, days, time, text = row
    hour, minute = time.split(":")
    return Later(person, channel, moment(workdays(latest, days), int(hour) * 60 + int(minute)), text)


def _unread(rows: list[list[Any]], messages: tuple[Message, ...], latest: date) -> list[Marker]:
    """Each persona has not read the newest `count` of some conversations; the marker stands before them."""
    found = []
    for person, channel, name, count in rows:
        topic = words(name, latest, "de")
        here = [one for one in messages if (one.channel, one.topic) == (channel, topic)]
        if here:
            found.append(Marker(person, channel, topic, here[-count - 1].key if len(here) > count else ""))
    return found


def personas(company: Company, ids: dict[str, int]) -> str:
    """The four ids offered on the sign-in page, as JSON: technician, sales, editor, administrator."""
    order = ("technician", "sales", "editor", "administrator")
    by = {person.persona: person.key for person in company.people if person.persona}
    return json.dumps([ids[by[persona]] for persona in order])
