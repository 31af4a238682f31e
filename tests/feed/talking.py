"""What one says and does in these tests, each in one line; and what became of it, straight from the tables."""

from typing import Any

from sqlalchemy import select

from intranet.feed import acks, comments, follows, likes, states
from intranet.kernel import Answer, House, Person, Refused, new_id
from intranet.notices.models import Notice


async def say(house: House, who: Person, post: Any, text: str, **more: Any) -> int:
    """A comment; its id."""
    write = comments.Say(id=more.pop("id", new_id()), post=post, text=text, **more)
    return int((await house.perform(who, write)).extra["comment"])


async def like(house: House, who: Person, *, on: bool = True, **about: Any) -> Answer:
    return await house.perform(who, likes.React(id=new_id(), on=on, **about))


async def follow(house: House, who: Person, post: int, on: bool = True) -> Answer:
    return await house.perform(who, follows.Follow(id=new_id(), post=post, on=on))


async def save(house: House, who: Person, post: int, on: bool = True) -> Answer:
    return await house.perform(who, follows.Save(id=new_id(), post=post, on=on))


async def acknowledge(house: House, who: Person, post: int) -> Answer:
    return await house.perform(who, acks.Acknowledge(id=new_id(), post=post))


async def state(house: House, who: Person, post: int, name: str, **more: Any) -> Answer:
    return await house.perform(who, states.ChangeState(id=new_id(), post=post, state=name, **more))


async def refused(doing: Any) -> str:
    """The code of the refusal; "" when it was done."""
    try:
        await doing
    except Refused as refusal:
        return f"{refusal.status} {refusal.code}"
    return ""


async def rows(house: House, model: Any, **values: Any) -> list[Any]:
    """All rows with these values."""
    which = [getattr(model, name) == value for name, value in values.items()]
    return await house.read(lambda conn: list(conn.execute(select(model).where(*which)).all()))


async def told(house: House, *who: Person) -> dict[str, list[str]]:
    """Who of these is told what: kind and subject of what waits, by first name; who is told nothing is left out."""
    found: dict[str, list[str]] = {}
    for one in who:
        waiting = [row for row in await rows(house, Notice, person=one.id) if row.done < row.told]
        if waiting:
            said = sorted(f"{row.kind.removeprefix('feed.')} {row.subject}" for row in waiting)
            found[one.name.split()[0]] = said
    return found


async def mine(house: House, who: Person, *keys: str) -> dict[str, Any]:
    """The person's own values that there are."""
    values = await house.read(lambda conn: house.mine(conn, who.id, list(keys)))
    return {key: value for key, value in values.items() if value is not None}
