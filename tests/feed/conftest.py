"""Carola is an editor; Jana and Mehmet work in the field, Silke in the office, all in Auenried but Silke; Gert is a
guest. The audience `field` takes Jana and Mehmet."""

from dataclasses import dataclass
from typing import Any

import pytest

from intranet.audiences import Line
from intranet.feed.writes import Publish
from intranet.kernel import House, Person, new_id
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


@pytest.fixture
async def town(home: House) -> Town:
    return Town(
        home,
        await cast.person(home, "Carola Stein", role="editor"),
        await cast.person(home, "Jana Reuter", side="field", site="Auenried"),
        await cast.person(home, "Mehmet Aydin", side="field", site="Auenried"),
        await cast.person(home, "Silke Brandt", side="office"),
        await cast.person(home, "Gert Gast", role="guest"),
    )
