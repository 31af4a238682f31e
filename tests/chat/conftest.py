"""Jana moderates the channel; Mehmet is in it; Olga is a colleague outside; Gert is a guest of another channel."""

from dataclasses import dataclass

import pytest

from intranet.kernel import House, Person
from tests import cast


@dataclass
class Scene:
    """The cast in a channel."""

    house: House
    jana: Person
    mehmet: Person
    olga: Person
    gert: Person
    place: int
    other: int  # where Olga and Gert are


async def make_scene(house: House, *, kind: str = "private", history: str = "all") -> Scene:
    jana = await cast.person(house, "Jana Reuter", side="field")
    mehmet = await cast.person(house, "Mehmet Aydin", side="field")
    olga = await cast.person(house, "Olga Outside")
    gert = await cast.person(house, "Gert Gast", role="guest")
    place = await cast.channel(house, jana, "Service Süd", kind=kind, history=history, members=[mehmet])
    other = await cast.channel(house, olga, "Nebenan", kind="private", members=[gert])
    return Scene(house, jana, mehmet, olga, gert, place, other)


@pytest.fixture
async def scene(home: House) -> Scene:
    return await make_scene(home)
