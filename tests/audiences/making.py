"""Audiences made as a write makes them, and what is stored of them."""

from typing import Any

from sqlalchemy import Connection, select

from intranet import audiences, people
from intranet.audiences import Line
from intranet.audiences.access import rules
from intranet.audiences.lines import Rule
from intranet.kernel import Event, House, Person, Refused, Tx, Verb, Write, new_id
from intranet.people.writes import TeamMake, TeamMembers


class Find(Write, tag="test.audience"):
    lines: audiences.Lines = []
    audience: int = 0


def _find(tx: Tx, person: Person, write: Find) -> dict[str, Any]:
    place = audiences.chosen(tx, person, write.audience, write.lines)
    return {"place": place, "seq": tx.record(place, "test.said", "x", person.id)}


async def audience(house: House, by: Person, *lines: Line | str, place: int = 0) -> int:
    """The place that a write of this person's about these lines goes to."""
    house.verbs.setdefault("test.audience", Verb(Find, _find, internal=True))
    return (await house.perform(by, Find(id=new_id(), lines=list(lines), audience=place))).place


async def refused(house: House, by: Person, *lines: Line | str, place: int = 0) -> str:
    try:
        await audience(house, by, *lines, place=place)
    except Refused as refusal:
        return refusal.code
    return ""


def events(conn: Connection, place: int) -> list[tuple[str, str]]:
    rows = conn.execute(select(Event.kind, Event.subject).where(Event.place == place).order_by(Event.seq))
    return [(row.kind.removeprefix("audiences."), row.subject) for row in rows if row.kind != "test.said"]


def projection(conn: Connection) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Who is stored as in each audience, and whom its rule takes."""
    everybody = people.profiles(conn)
    ruled = {place: [one.id for one in everybody if Rule(lines).takes(one)] for place, lines in rules(conn).items()}
    return {place: audiences.members(conn, place) for place in ruled}, ruled


async def team(house: House, by: Person, name: str, *members: Person) -> int:
    place = (await house.perform(by, TeamMake(id=new_id(), name=name))).place
    await house.perform(by, TeamMembers(id=new_id(), team=place, add=[one.id for one in members]))
    return place
