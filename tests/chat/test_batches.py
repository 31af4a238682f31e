"""Neighbours of one batch that depend on each other: each sees what was before it, and only the culprit fails."""

from typing import Any

from intranet.channels.writes import Remove
from intranet.chat.models import Topic
from intranet.chat.writes import Delete, Edit, Post, React, Read, TopicClose
from intranet.files import NewTile
from intranet.kernel import Answer, Refused, new_id
from tests import cast
from tests.chat import looking
from tests.chat.conftest import Scene
from tests.chat.together import together


def post(scene: Scene, text: str, **more: object) -> Post:
    return Post(id=new_id(), place=scene.place, text=text, **more)  # type: ignore[arg-type]


async def test_reply_to_a_neighbour_inherits_its_topic(scene: Scene) -> None:
    first = post(scene, "Riss an der Nut", topic_name="Dichtung")
    reply = post(scene, "wieder?", reply_to=first.id)
    outcomes = await together(scene.house, (scene.jana, first), (scene.jana, reply))
    assert all(isinstance(one, Answer) for one in outcomes)
    said = await looking.message(scene.house, scene.place, outcomes[1].seq)  # type: ignore[union-attr]
    assert said.reply_to == outcomes[0].seq  # type: ignore[union-attr]
    assert said.topic == outcomes[0].extra["topic"] > 0  # type: ignore[union-attr]
    await looking.log(scene.house, scene.place)


async def test_react_edit_and_delete_a_neighbour_by_client_id(scene: Scene) -> None:
    first, second, third = post(scene, "eins"), post(scene, "zwei"), post(scene, "drei")
    where: dict[str, Any] = {"place": scene.place}
    outcomes = await together(
        scene.house,
        (scene.jana, first), (scene.jana, second), (scene.jana, third),
        (scene.jana, React(id=new_id(), message=first.id, emoji="👍", **where)),
        (scene.jana, React(id=new_id(), message=second.id, emoji="👀", **where)),
        (scene.jana, Edit(id=new_id(), message=second.id, text="zwei, besser", **where)),
        (scene.jana, Delete(id=new_id(), message=third.id, **where)),
        (scene.jana, post(scene, "dazu", reply_to=second.id)),
        (scene.jana, post(scene, "zu spät", reply_to=third.id)),
    )  # fmt: skip
    assert [type(one) for one in outcomes] == [Answer] * 8 + [Refused]
    assert isinstance(outcomes[-1], Refused)
    assert outcomes[-1].status == 404
    one, two, three = (outcome.seq for outcome in outcomes[:3])  # type: ignore[union-attr]
    assert await looking.reactions(scene.house, scene.place, one) == {("👍", scene.jana.id)}
    assert (await looking.message(scene.house, scene.place, two)).text == "zwei, besser"
    gone = await looking.message(scene.house, scene.place, three)
    assert (gone.text, gone.html, gone.plain) == ("", "", "")
    await looking.log(scene.house, scene.place)


async def test_reply_to_what_is_no_message_is_not_found(scene: Scene) -> None:
    first = post(scene, "eins")
    thumb = React(id=new_id(), place=scene.place, message=first.id, emoji="👍")
    outcomes = await together(
        scene.house, (scene.jana, first), (scene.jana, thumb), (scene.jana, post(scene, "a", reply_to=thumb.id)),
        (scene.jana, post(scene, "b")),
    )  # fmt: skip
    assert [type(one) for one in outcomes] == [Answer, Answer, Refused, Answer]


async def test_who_is_removed_in_the_batch_writes_no_more(scene: Scene) -> None:
    outcomes = await together(
        scene.house,
        (scene.mehmet, post(scene, "noch drin")), (scene.jana, post(scene, "auch drin")),
        (scene.jana, Remove(id=new_id(), place=scene.place, person=scene.mehmet.id)),
        (scene.jana, post(scene, "ohne")), (scene.mehmet, post(scene, "draußen")), (scene.jana, post(scene, "weiter")),
    )  # fmt: skip
    assert [type(one) for one in outcomes] == [Answer, Answer, Answer, Answer, Refused, Answer]
    texts = [row.text for row in await looking.rows(scene.house, looking.Message, channel=scene.place)]
    assert texts == ["noch drin", "auch drin", "ohne", "weiter"]
    await looking.log(scene.house, scene.place)


async def test_a_topic_named_twice_in_a_batch_is_one(scene: Scene) -> None:
    outcomes = await together(
        scene.house,
        (scene.jana, post(scene, "a", topic_name="Dichtung Q-40")),
        (scene.mehmet, post(scene, "b", topic_name="dichtung  q-40")),
        (scene.jana, post(scene, "c", topic_name="Lager")),
    )
    topics = [one.extra["topic"] for one in outcomes]  # type: ignore[union-attr]
    assert topics[0] == topics[1] != topics[2]
    await looking.log(scene.house, scene.place)


async def test_the_same_client_id_twice_in_a_batch_is_one_message(scene: Scene) -> None:
    first = post(scene, "einmal")
    other = Post(id=first.id, place=scene.place, text="anders")
    outcomes = await together(scene.house, (scene.jana, first), (scene.jana, first), (scene.jana, other))
    assert outcomes[0].seq == outcomes[1].seq  # type: ignore[union-attr]
    assert outcomes[1].repeat  # type: ignore[union-attr]
    assert isinstance(outcomes[2], Refused)
    assert outcomes[2].status == 409
    assert len(await looking.rows(scene.house, looking.Message, channel=scene.place)) == 1


async def test_a_refused_neighbour_leaves_nothing(scene: Scene) -> None:
    outcomes = await together(
        scene.house,
        (scene.jana, post(scene, "a")),
        (scene.olga, post(scene, "fremd", topic_name="Fremd")),
        (scene.jana, post(scene, "  ")),
        (scene.jana, post(scene, "b")),
    )
    assert [getattr(one, "status", 200) for one in outcomes] == [200, 404, 422, 200]
    assert [row.kind for row in await looking.log(scene.house, scene.place)][-2:] == ["chat.posted", "chat.posted"]


async def test_reactions_on_off_on_in_one_batch(scene: Scene) -> None:
    said = await cast.say(scene.house, scene.jana, scene.place, "Kaffee?")

    def thumb(on: bool) -> React:
        return React(id=new_id(), place=scene.place, message=said.seq, emoji="👍", on=on)

    for pattern, there in [((True, True), 1), ((False, True), 1), ((True, False, True), 1), ((False, True, False), 0)]:
        outcomes = await together(scene.house, *((scene.mehmet, thumb(on)) for on in pattern))
        assert all(isinstance(one, Answer) for one in outcomes)
        assert len(await looking.reactions(scene.house, scene.place, said.seq)) == there


async def test_the_limit_of_kinds_holds_within_a_batch(scene: Scene) -> None:
    said = await cast.say(scene.house, scene.jana, scene.place, "Fest?")
    emoji = [chr(0x1F600 + number) for number in range(25)]
    writes = [React(id=new_id(), place=scene.place, message=said.seq, emoji=one) for one in emoji]
    outcomes = await together(scene.house, *((scene.mehmet, write) for write in writes))
    assert [getattr(one, "code", "") for one in outcomes] == [""] * 20 + ["too-many-emoji"] * 5
    assert len(await looking.reactions(scene.house, scene.place, said.seq)) == 20


async def test_markers_go_back_and_forth_in_the_order_of_the_batch(scene: Scene) -> None:
    seqs = [(await cast.say(scene.house, scene.jana, scene.place, str(n))).seq for n in range(6)]

    def read(seq: int, replaces: int | None = None) -> Read:
        return Read(id=new_id(), place=scene.place, seq=seq, replaces=replaces)

    await together(
        scene.house, (scene.mehmet, read(seqs[5])), (scene.mehmet, read(seqs[1], seqs[5])),
        (scene.mehmet, read(seqs[3])), (scene.mehmet, read(seqs[2])),
    )  # fmt: skip
    assert await looking.marker(scene.house, scene.mehmet, scene.place) == seqs[3]


async def test_posts_into_a_closed_topic_open_it(scene: Scene) -> None:
    said = await cast.say(scene.house, scene.jana, scene.place, "a", topic_name="Lager")
    number = said.extra["topic"]
    await scene.house.perform(scene.jana, TopicClose(id=new_id(), place=scene.place, topic=number, result="erledigt"))
    await together(
        scene.house,
        (scene.mehmet, post(scene, "doch nicht", topic=number)),
        (scene.jana, post(scene, "oh", topic=number)),
    )
    now = await looking.topic(scene.house, scene.place, number)
    assert (now.closed, now.closer, now.result) == (0, 0, "")


async def test_what_a_refused_neighbour_held_back_is_forgotten_after_a_flush_too(scene: Scene) -> None:
    first = post(scene, "eins")
    twice = [NewTile(id="t", name="a.jpg", size=1), NewTile(id="t", name="b.jpg", size=1)]
    outcomes = await together(
        scene.house,
        (scene.jana, first), (scene.jana, post(scene, "zwei")), (scene.jana, post(scene, "drei")),
        (scene.jana, post(scene, "?", reply_to=first.id, topic_name="Nie gewesen", files=twice)),
        (scene.jana, post(scene, "vier")),
    )  # fmt: skip
    assert [getattr(one, "status", 200) for one in outcomes] == [200, 200, 200, 422, 200]
    assert await looking.rows(scene.house, Topic, channel=scene.place) == []
    assert len(await looking.rows(scene.house, looking.Message, channel=scene.place)) == 4
    await looking.log(scene.house, scene.place)
