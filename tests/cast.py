"""A small known cast, made through the product's own verbs."""

import itertools
from collections.abc import Sequence
from typing import Any

from intranet import people
from intranet.channels.actions import Create, Direct, Join
from intranet.chat.writes import Post
from intranet.kernel import SYSTEM, Answer, House, Person, new_id

PASSWORD = "Ein gutes Passwort 7"
_number = itertools.count(1)


async def person(
    house: House, name: str, *, role: str = "member", side: str = "office", lang: str = "de", **more: Any
) -> Person:
    """Somebody with an account and a session; `session_secret(house, person)` signs a client in."""
    write = people.Make(
        id=new_id(), name=name, email=f"{name.split()[0].lower()}{next(_number)}@quellmoor.example", role=role,
        side=side, lang=lang, **more,
    )  # fmt: skip
    answer = await house.perform(SYSTEM, write)
    found = await house.read(people.person_of, int(answer.extra["person"]))
    assert found is not None
    return found


async def channel(
    house: House, by: Person, name: str, *, kind: str = "public", history: str = "all", members: Sequence[Person] = ()
) -> int:
    """A channel that `by` moderates, with these members."""
    write = Create(id=new_id(), name=name, kind=kind, history=history, people=[one.id for one in members])  # type: ignore[arg-type]
    return (await house.perform(by, write)).place


async def direct(house: House, *who: Person) -> int:
    """The direct channel of these people."""
    return (await house.perform(who[0], Direct(id=new_id(), people=[one.id for one in who]))).place


async def join(house: House, who: Person, place: int) -> None:
    """Into a public channel."""
    await house.perform(who, Join(id=new_id(), place=place))


async def say(house: House, who: Person, place: int, text: str, **more: Any) -> Answer:
    """One message; its seq is the answer's."""
    return await house.perform(who, Post(id=new_id(), place=place, text=text, **more))


__all__ = ["PASSWORD", "channel", "direct", "join", "person", "say"]
