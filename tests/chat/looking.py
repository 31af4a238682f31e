"""What the database says, for tests that look behind the pages."""

from typing import Any

from sqlalchemy import Connection, select

from intranet.channels import Member
from intranet.chat import fresh
from intranet.chat.models import Marker, Mention, Message, Reaction, Topic
from intranet.kernel import Event, House, Person


async def rows(house: House, model: Any, **values: Any) -> list[Any]:
    """All rows of a model with these values."""

    def load(conn: Connection) -> list[Any]:
        return list(conn.execute(select(model).filter_by(**values)))

    return await house.read(load)


async def message(house: House, place: int, seq: int) -> Any:
    """One message."""
    return (await rows(house, Message, channel=place, seq=seq))[0]


async def topic(house: House, place: int, number: int) -> Any:
    """One topic."""
    return (await rows(house, Topic, channel=place, id=number))[0]


async def reactions(house: House, place: int, seq: int) -> set[tuple[str, int]]:
    """Who gave what."""
    return {(row.emoji, row.person) for row in await rows(house, Reaction, channel=place, seq=seq)}


async def unread(house: House, who: Person, place: int) -> dict[int, tuple[int, int]]:
    """Unread messages and mentions by topic."""
    found = await house.read(fresh, who)
    return {one.topic: (one.count, one.mentions) for one in found if one.channel == place}


async def marker(house: House, who: Person, place: int, number: int = 0) -> int | None:
    """How far somebody has read."""
    found = await rows(house, Marker, person=who.id, channel=place, topic=number)
    return found[0].seq if found else None


async def log(house: House, place: int) -> list[Any]:
    """The place's log; gapless by construction of the record."""
    found = sorted(await rows(house, Event, place=place), key=lambda row: row.seq)
    assert [row.seq for row in found] == list(range(1, len(found) + 1))
    return found


__all__ = ["Member", "Mention", "Message", "log", "marker", "message", "reactions", "rows", "topic", "unread"]
