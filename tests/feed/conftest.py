"""Carola is an editor; Jana and Mehmet work in the field, Silke in the office, all in Auenried but Silke; Gert is a
guest. The audience `field` takes Jana and Mehmet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from intranet.audiences import Line
from intranet.feed import Post
from intranet.feed.writes import Publish
from intranet.kernel import House, Person, Tx, Verb, Write, clock, new_id
from tests import cast

FIELD = Line("field")


@dataclass
class Town:
    """The cast, and what they do in one line."""

    house: House
    carola: Person
    jana: Person
    mehmet: Person
    silke: Person
    gert: Person

    @property
    def all(self) -> list[Person]:
        return [self.carola, self.jana, self.mehmet, self.silke, self.gert]

    async def publish(self, by: Person, title: str = "", **more: Any) -> int:
        """A post of this person's; its id."""
        write = Publish(id=more.pop("id", new_id()), title=title, **{"kind": "idea", **more})
        return int((await self.house.perform(by, write)).extra["post"])

    async def row(self, post: int) -> Any:
        """The post's row."""
        return await self.house.read(lambda conn: conn.execute(select(Post).where(Post.id == post)).one())

    async def moderate(self, act: Callable[[Tx], Any]) -> None:
        """What an upper room does with a post in a verb of its own."""

        def run(tx: Tx, _person: Person, _write: Moderate) -> None:
            act(tx)

        self.house.verbs["test.moderate"] = Verb(Moderate, run, internal=True)
        await self.house.perform(self.carola, Moderate(id=new_id()))


class Moderate(Write, tag="test.moderate"):
    """Whatever the test says."""


@pytest.fixture
async def hands(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The clock's hands: `hands[0] += clock.HOUR` lets an hour pass. Jobs run when the test says so."""
    at = [1_800_000_000_000]
    monkeypatch.setattr(clock, "source", lambda: at[0])
    await app.state.runner.stop()
    return at


async def make_town(house: House) -> Town:
    return Town(
        house,
        await cast.person(house, "Carola Stein", role="editor"),
        await cast.person(house, "Jana Reuter", side="field", site="Auenried"),
        await cast.person(house, "Mehmet Aydin", side="field", site="Auenried"),
        await cast.person(house, "Silke Brandt", side="office"),
        await cast.person(house, "Gert Gast", role="guest"),
    )


@pytest.fixture
async def town(home: House) -> Town:
    return await make_town(home)
