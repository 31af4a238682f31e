"""The stored members are the rule applied to people as they are, whatever has happened to them."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intranet.audiences import Line
from intranet.kernel import House, Person, Refused, Write, new_id
from intranet.people.writes import Admit, Deactivate, Import, Reactivate, TeamChange, TeamMembers
from tests import cast
from tests.audiences.making import audience, projection, refused, team

WHO, WHICH = st.integers(0, 3), st.integers(0, 1)
SIDE, SITE = st.sampled_from(("field", "office", "both")), st.sampled_from(("", "Auenried", "AUENRIED", "Ort"))
LINES = st.lists(st.builds(Line, st.one_of(SIDE, st.just("")), st.integers(0, 2), SITE), min_size=1, max_size=3)
STEP = st.one_of(
    st.tuples(st.just("change"), WHO, SIDE, SITE),
    st.tuples(st.just("role"), WHO, st.sampled_from(("guest", "member", "editor"))),
    st.tuples(st.sampled_from(("deactivate", "reactivate")), WHO),
    st.tuples(st.sampled_from(("join", "leave")), WHO, WHICH),
    st.tuples(st.just("end"), WHICH),
    st.tuples(st.just("list"), st.integers(0, 5), SITE),
    st.tuples(st.just("audience"), LINES),
)


class World:
    """One house with four people and two teams that much happens to."""

    def __init__(self, house: House, admin: Person, who: list[Person], teams: list[int]) -> None:
        self.house, self.admin, self.who, self.teams = house, admin, who, teams

    async def step(self, kind: str, *what: Any) -> None:
        """One of the steps; what is refused changes nothing."""
        if kind == "audience":
            lines = [Line(line.side, [0, *self.teams][line.team], line.site) for line in what[0]]
            await refused(self.house, self.admin, *lines)
        elif kind == "end":
            await self.house.perform(self.admin, TeamChange(id=new_id(), team=self.teams[what[0]], gone=True))
            self.teams[what[0]] = await team(self.house, self.admin, f"Neu {new_id()}")
        else:
            try:
                await self.house.perform(self.admin, self.write(kind, *what))
            except Refused:
                return

    def write(self, kind: str, who: int, *what: Any) -> Write:
        """What is done to one person."""
        if kind == "list":
            row = f"Neu {who};neu{who}@quellmoor.example;{what[0]};Gruppe {who % 3};beides"
            return Import(id=new_id(), text=f"name;email;standort;team;seite\n{row}")
        person = self.who[who].id
        if kind == "change":
            return Admit(id=new_id(), person=person, side=what[0], site=what[1])
        if kind == "role":
            return Admit(id=new_id(), person=person, role=what[0])
        if kind in ("join", "leave"):
            add, remove = ([person], []) if kind == "join" else ([], [person])
            return TeamMembers(id=new_id(), team=self.teams[what[0]], add=add, remove=remove)
        return (Deactivate if kind == "deactivate" else Reactivate)(id=new_id(), person=person)


async def test_members_are_the_rule_after_whatever_happens(home: House) -> None:
    """Ever more audiences; each history goes on from the last."""
    admin = await cast.person(home, "Anke Chef", role="owner", site="Auenried")
    who = [await cast.person(home, f"Person {number}", site="Ort") for number in range(4)]
    for lines in ([Line(site="Ort")], [Line(side="office")], [Line(site="Auenried"), Line("office", 0, "Ort")]):
        await audience(home, admin, *lines)
    world = World(home, admin, who, [await team(home, admin, name) for name in ("Service", "Vertrieb")])
    loop = asyncio.get_running_loop()

    async def history(steps: list[tuple[Any, ...]]) -> None:
        for kind, *what in steps:
            await world.step(kind, *what)
        stored, ruled = await home.read(projection)
        assert stored == ruled

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(STEP, min_size=4, max_size=12))
    def all_histories(steps: list[tuple[Any, ...]]) -> None:
        asyncio.run_coroutine_threadsafe(history(steps), loop).result(60)

    await asyncio.to_thread(all_histories)
