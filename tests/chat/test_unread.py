"""Markers: whatever happens, the unread count is what a naive recount of the history says."""

import os
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from intranet.channels.writes import Add, Create, Join, Leave
from intranet.chat import writes as w
from intranet.chat.models import Marker
from intranet.kernel import House, Person, Write, new_id
from intranet.people.writes import TeamMake, TeamMembers
from tests import cast
from tests.chat import looking
from tests.chat.conftest import Scene
from tests.chat.together import together

EXAMPLES = int(os.environ.get("INTRANET_TEST_EXAMPLES", "15"))


async def test_the_highest_marker_wins_on_all_devices(scene: Scene) -> None:
    seqs = [(await cast.say(scene.house, scene.jana, scene.place, str(n))).seq for n in range(5)]

    async def read(seq: int, replaces: int | None = None) -> None:
        write = w.Read(id=new_id(), place=scene.place, seq=seq, replaces=replaces)
        await scene.house.perform(scene.mehmet, write)

    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {0: (5, 0)}
    await read(seqs[3])
    await read(seqs[1])
    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {0: (1, 0)}
    await read(seqs[1] - 1, replaces=seqs[3])  # unread from here: the second one on
    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {0: (4, 0)}
    await read(seqs[4])
    await read(seqs[0], replaces=seqs[3])  # late: another device has read on meanwhile
    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {}
    await read(10**15)
    await read(0)
    later = await cast.say(scene.house, scene.jana, scene.place, "noch eine")
    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {0: (1, 0)}
    await scene.house.perform(scene.mehmet, w.ReadAll(id=new_id(), place=scene.place, seq=later.seq))
    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {}


async def test_naming_a_topic_afterwards_makes_nothing_new(scene: Scene) -> None:
    seqs = [(await cast.say(scene.house, scene.jana, scene.place, str(n))).seq for n in range(6)]
    await scene.house.perform(scene.mehmet, w.Read(id=new_id(), place=scene.place, seq=seqs[3]))
    move = w.TopicMove(id=new_id(), place=scene.place, messages=list(seqs[1:5]), topic_name="Dichtung")
    topic = (await scene.house.perform(scene.jana, move)).extra["topic"]
    # 1, 2, 3 were read and stay so; 4 was not and is not; 5 still waits where it was.
    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {0: (1, 0), topic: (1, 0)}


# -- the naive recount


@dataclass
class Said:
    topic: int
    author: int
    gone: bool = False


@dataclass
class Model:
    """The channel as plain Python: every rule in its simplest form."""

    said: dict[int, Said] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)  # members, with the seq at which they joined
    marks: dict[tuple[int, int], int] = field(default_factory=dict)

    def mark(self, who: int, topic: int) -> int:
        return self.marks.get((who, topic), self.seen[who])

    def unread(self, who: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for seq, one in self.said.items():
            if one.author != who and not one.gone and seq > self.mark(who, one.topic):
                found[one.topic] = found.get(one.topic, 0) + 1
        return found

    def move(self, seqs: list[int], topic: int) -> None:
        """Read messages stay read where the marker can say so without passing over an unread one."""
        seqs = [seq for seq in seqs if self.said[seq].topic != topic]
        for who in self.seen if seqs else ():
            before = last = self.mark(who, topic)
            for seq in sorted({*seqs, *(seq for seq, one in self.said.items() if one.topic == topic)}):
                if seq <= before or (seq in seqs and seq <= self.mark(who, self.said[seq].topic)):
                    last = max(last, seq)
                else:
                    break
            if last > before:
                self.marks[who, topic] = last
        for seq in seqs:
            self.said[seq].topic = topic


KINDS = ("post", "post", "topic", "read", "read", "unread", "read_all", "move", "name", "merge", "delete", "leave")
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 20), st.integers(0, 20)),
    min_size=3,
    max_size=14,
)


class Play:
    """One channel with three people, in the product and in the model."""

    def __init__(self, house: House, people: list[Person], place: int) -> None:
        self.house, self.people, self.place, self.model = house, people, place, Model()

    async def do(self, who: Person, write: Write) -> Any:
        write.place = self.place
        (outcome,) = await together(self.house, (who, write))
        assert not isinstance(outcome, Exception), outcome
        return outcome

    async def step(self, kind: str, who: Person, a: int, b: int) -> None:
        model, seqs = self.model, sorted(seq for seq, one in self.model.said.items() if not one.gone)
        if kind in ("post", "topic"):
            name = f"T{a % 3}" if kind == "topic" else ""
            answer = await self.do(who, w.Post(id=new_id(), text="x", topic_name=name))
            model.said[answer.seq] = Said(answer.extra["topic"], who.id)
        elif kind == "leave":
            await self.do(who, Leave(id=new_id()))
            joined = await self.do(who, Join(id=new_id()))
            model.marks = {key: seq for key, seq in model.marks.items() if key[0] != who.id}
            model.seen[who.id] = joined.seq
        elif seqs:
            await self.on_messages(kind, who, seqs[a % len(seqs)], seqs[b % len(seqs)])

    async def on_messages(self, kind: str, who: Person, one: int, other: int) -> None:
        if kind in ("read", "unread", "read_all"):
            await self.mark(kind, who, one)
        elif kind != "delete":
            await self.shape(kind, who, one, other)
        elif self.model.said[one].author == who.id:
            await self.do(who, w.Delete(id=new_id(), message=one))
            self.model.said[one].gone = True

    async def mark(self, kind: str, who: Person, seq: int) -> None:
        model, topic = self.model, self.model.said[seq].topic
        if kind == "read":
            await self.do(who, w.Read(id=new_id(), topic=topic, seq=seq))
            model.marks[who.id, topic] = max(seq, model.mark(who.id, topic))
        elif kind == "unread":
            await self.do(who, w.Read(id=new_id(), topic=topic, seq=seq - 1, replaces=model.mark(who.id, topic)))
            model.marks[who.id, topic] = seq - 1
        else:
            await self.do(who, w.ReadAll(id=new_id(), seq=seq))
            for each, said in sorted(model.said.items()):
                if model.mark(who.id, said.topic) < each <= seq:
                    model.marks[who.id, said.topic] = each

    async def shape(self, kind: str, who: Person, one: int, other: int) -> None:
        model, source, target = self.model, self.model.said[one].topic, self.model.said[other].topic
        if kind == "move":
            await self.do(who, w.TopicMove(id=new_id(), messages=list({one, other}), topic=target))
            model.move([one], target)
        elif kind == "name":
            answer = await self.do(who, w.TopicMove(id=new_id(), messages=list({one, other}), topic_name="Neu"))
            model.move([one, other], answer.extra["topic"])
        elif source and target and source != target:
            await self.do(who, w.TopicMerge(id=new_id(), topic=source, into=target))
            model.move([seq for seq, said in model.said.items() if said.topic == source], target)
            model.marks = {key: seq for key, seq in model.marks.items() if key[1] != source}


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=STEPS)
async def test_the_count_is_what_a_recount_says(home: House, steps: list[tuple[str, int, int, int]]) -> None:
    if not hasattr(home, "trio"):
        home.trio = [await cast.person(home, name) for name in ("Ada", "Bo", "Cem")]  # type: ignore[attr-defined]
    people: list[Person] = home.trio  # type: ignore[attr-defined]
    place = await cast.channel(home, people[0], f"K{new_id()}", members=people[1:])
    play = Play(home, people, place)
    for member in await looking.rows(home, looking.Member, channel=place):
        play.model.seen[member.person] = member.seen
    for kind, who, a, b in steps:
        await play.step(kind, people[who], a, b)
    for person in people:
        found = await looking.unread(home, person, place)
        assert {topic: count for topic, (count, _mentions) in found.items()} == play.model.unread(person.id)


async def test_who_joins_later_begins_there(scene: Scene) -> None:
    await cast.say(scene.house, scene.jana, scene.place, "früher")
    await scene.house.perform(scene.jana, Add(id=new_id(), place=scene.place, people=[scene.olga.id]))
    assert await looking.unread(scene.house, scene.olga, scene.place) == {}
    said = await cast.say(scene.house, scene.jana, scene.place, "jetzt @Olga Outside", topic_name="Lager")
    assert await looking.unread(scene.house, scene.olga, scene.place) == {said.extra["topic"]: (1, 1)}


async def test_who_leaves_with_their_team_keeps_no_markers_either(home: House) -> None:
    admin, olga = await cast.person(home, "Ravi", role="administrator"), await cast.person(home, "Olga")
    team = (await home.perform(admin, TeamMake(id=new_id(), name="Service"))).place
    await home.perform(admin, TeamMembers(id=new_id(), team=team, add=[olga.id]))
    place = (await home.perform(admin, Create(id=new_id(), name="Service intern", team=team))).place
    said = await cast.say(home, admin, place, "Schicht")
    await home.perform(olga, w.Read(id=new_id(), place=place, seq=said.seq))
    kept = select(Marker.seq).where(Marker.person == olga.id)
    assert await home.read(lambda conn: list(conn.execute(kept).scalars())) == [said.seq]
    await home.perform(admin, TeamMembers(id=new_id(), team=team, remove=[olga.id]))
    assert await home.read(lambda conn: list(conn.execute(kept).scalars())) == []
