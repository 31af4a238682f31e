"""Jana moderates a channel of ten; Mehmet and the others are in it; Olga is outside, Gert a guest elsewhere."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from intranet.kernel import Answer, House, Person, clock, new_id
from intranet.polls import writes as w
from intranet.polls.models import Poll
from tests import cast


@dataclass
class Scene:
    """The cast, and what they do with polls."""

    app: Starlette
    house: House
    jana: Person
    mehmet: Person
    others: list[Person]
    olga: Person
    gert: Person
    place: int
    other: int
    polls: list[int] = field(default_factory=list)

    @property
    def inside(self) -> list[Person]:
        return [self.jana, self.mehmet, *self.others]

    async def ask(self, kind: str = "one", *options: str, by: Person | None = None, **more: Any) -> int:
        """A poll; its id."""
        write = w.Open(
            id=new_id(), place=self.place, question=more.pop("question", "Wohin?"), kind=kind,  # type: ignore[arg-type]
            options=list(options or ("Fluss", "Berg", "See") if kind != "rating" else options), **more,
        )  # fmt: skip
        answer = await self.house.perform(by or self.jana, write)
        return int(answer.extra["poll"])

    async def secret(self, kind: str = "one", *options: str, **more: Any) -> int:
        """A poll without names that has its key."""
        more = {"deadline": clock.now() + clock.HOUR, "anonymous": True, "minimum": 5, **more}
        poll = await self.ask(kind, *options, **more)
        await self.work()
        assert (await self.row(poll)).public
        return poll

    async def vote(self, who: Person, poll: int, *yes: int, **more: Any) -> Answer:
        return await self.house.perform(who, w.Cast(id=new_id(), place=self.place, poll=poll, yes=list(yes), **more))

    async def close(self, poll: int, by: Person | None = None) -> None:
        await self.house.perform(by or self.jana, w.Close(id=new_id(), place=self.place, poll=poll))
        await self.work()

    async def work(self) -> None:
        """Until no job is due any more."""
        while await self.app.state.runner.once():
            pass

    async def row(self, poll: int) -> Any:
        return await self.house.read(lambda conn: conn.execute(select(Poll).where(Poll.id == poll)).one())


async def make_scene(app: Starlette, *, history: str = "all") -> Scene:
    house: House = app.state.house
    await app.state.runner.stop()  # the tests say when jobs are run
    jana = await cast.person(house, "Jana Reuter", side="field")
    mehmet = await cast.person(house, "Mehmet Aydin", side="field")
    others = [await cast.person(house, f"Kollege {n}") for n in range(8)]
    olga = await cast.person(house, "Olga Outside")
    gert = await cast.person(house, "Gert Gast", role="guest")
    place = await cast.channel(house, jana, "Service", kind="private", history=history, members=[mehmet, *others])
    other = await cast.channel(house, olga, "Nebenan", kind="private", members=[gert])
    return Scene(app, house, jana, mehmet, others, olga, gert, place, other)


@pytest.fixture
async def scene(app: Starlette) -> Scene:
    return await make_scene(app)
