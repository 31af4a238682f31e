"""Say, say it better, take it back, quote, react, pin, name people."""

from typing import Any

import httpx2
import pytest

from intranet.channels.writes import Add, Remove
from intranet.chat.writes import Delete, Edit, Pin, Post, React
from intranet.kernel import Person, Refused, Write, new_id
from tests import cast
from tests.chat import looking
from tests.chat.conftest import Scene, make_scene


async def refused(scene: Scene, who: Person, write: Write) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        await scene.house.perform(who, write)
    return caught.value.status, caught.value.code


def about(scene: Scene, kind: Any, message: int, **more: Any) -> Any:
    return kind(id=new_id(), place=scene.place, message=message, **more)


async def test_editing_keeps_the_former_text_for_author_and_moderators(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    said = await cast.say(scene.house, scene.mehmet, scene.place, "Pumpe 2 **defekt**")
    await scene.house.perform(scene.mehmet, about(scene, Edit, said.seq, text="Pumpe 3 defekt"))
    await scene.house.perform(scene.mehmet, about(scene, Edit, said.seq, text="Pumpe 4 defekt"))
    tom = await cast.person(scene.house, "Tomasz Nowak")
    await scene.house.perform(scene.jana, Add(id=new_id(), place=scene.place, people=[tom.id]))
    await cast.sign_in(client, scene.house, tom)
    page = (await client.get(f"/c/{scene.place}")).text
    assert "Pumpe 4" in page
    assert "Pumpe 2" not in page
    assert "Pumpe 3" not in page
    former = f"/c/{scene.place}/m/{said.seq}/earlier"
    assert (await client.get(former)).status_code == 404
    assert (await client.get(f"/c/{scene.place}/m/{said.seq}/source")).status_code == 404
    for who in (scene.mehmet, scene.jana):
        await cast.sign_in(client, scene.house, who)
        page = (await client.get(former)).text
        assert page.index("Pumpe 4") < page.index("Pumpe 3") < page.index("Pumpe 2")
    await cast.sign_in(client, scene.house, scene.mehmet)
    answer = await client.get(f"/c/{scene.place}/m/{said.seq}/source")
    assert answer.json()["text"] == "Pumpe 4 defekt"
    assert await refused(scene, scene.jana, about(scene, Edit, said.seq, text="nein")) == (403, "not-yours")


async def test_a_deleted_message_is_gone_from_everywhere(scene: Scene, client: httpx2.AsyncClient) -> None:
    said = await cast.say(scene.house, scene.mehmet, scene.place, "Kennwort ist Kranich @Jana Reuter")
    await scene.house.perform(scene.mehmet, about(scene, Edit, said.seq, text="Kennwort ist Reiher @Jana Reuter"))
    await scene.house.perform(scene.jana, about(scene, React, said.seq, emoji="👀"))
    await scene.house.perform(scene.jana, about(scene, Pin, said.seq))
    quoting = await cast.say(scene.house, scene.jana, scene.place, "besser nicht", reply_to=said.seq)
    before = await looking.message(scene.house, scene.place, quoting.seq)
    assert await looking.unread(scene.house, scene.jana, scene.place) == {0: (1, 1)}
    assert await refused(scene, scene.olga, about(scene, Delete, said.seq)) == (404, "not-found")
    await scene.house.perform(scene.mehmet, about(scene, Delete, said.seq))
    assert await looking.unread(scene.house, scene.jana, scene.place) == {}
    after = await looking.message(scene.house, scene.place, quoting.seq)
    assert after.rev > before.rev  # who has the quote on the page gets it anew
    for who in (scene.jana, scene.mehmet):
        await cast.sign_in(client, scene.house, who)
        page = (await client.get(f"/c/{scene.place}")).text
        assert "Kranich" not in page
        assert "Reiher" not in page
        assert f'id="m-{scene.place}-{said.seq}"' in page
        assert 'data-by="0"' in page
        for path in (f"/c/{scene.place}/m/{said.seq}/earlier", f"/card/quote/{scene.place}/{said.seq}"):
            assert (await client.get(path)).status_code == 404
    assert await looking.rows(scene.house, looking.Mention, channel=scene.place) == []
    assert await looking.reactions(scene.house, scene.place, said.seq) == set()
    for write in (about(scene, Edit, said.seq, text="x"), about(scene, React, said.seq, emoji="👍"),
                  about(scene, Pin, said.seq), about(scene, Delete, said.seq)):  # fmt: skip
        assert await refused(scene, scene.mehmet, write) == (404, "not-found")


async def test_moderators_delete_and_members_do_not(scene: Scene) -> None:
    said = await cast.say(scene.house, scene.jana, scene.place, "meins")
    assert await refused(scene, scene.mehmet, about(scene, Delete, said.seq)) == (403, "not-yours")
    other = await cast.say(scene.house, scene.mehmet, scene.place, "unnett")
    await scene.house.perform(scene.jana, about(scene, Delete, other.seq))
    assert (await looking.message(scene.house, scene.place, other.seq)).text == ""


async def test_mentions_reach_who_may_read_under_their_own_name(scene: Scene) -> None:
    text = f"@mehmet aydin und @[Chefin](p:{scene.jana.id}), nicht @[Mehmet Aydin](p:{scene.olga.id}) `@Jana Reuter`"
    said = await cast.say(scene.house, scene.jana, scene.place, text)
    row = await looking.message(scene.house, scene.place, said.seq)
    assert row.mentions.split() == sorted([str(scene.mehmet.id), str(scene.jana.id)])
    assert ">@Mehmet Aydin</span>" in row.html
    assert ">@Jana Reuter</span>" in row.html
    assert "Chefin" not in row.html
    assert f"p{scene.olga.id}" not in row.html
    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {0: (1, 1)}
    assert await looking.unread(scene.house, scene.olga, scene.place) == {}
    await scene.house.perform(scene.jana, about(scene, Edit, said.seq, text="ohne Namen"))
    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {0: (1, 0)}
    await scene.house.perform(scene.jana, about(scene, Edit, said.seq, text="@alle"))
    assert await looking.unread(scene.house, scene.mehmet, scene.place) == {0: (1, 1)}


async def test_people_to_name_with_how_many_each_reaches(scene: Scene, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, scene.house, scene.jana)
    found = (await client.get(f"/c/{scene.place}/people.json")).json()
    assert [one["name"] for one in found["people"]] == ["Jana Reuter", "Mehmet Aydin"]
    assert found["all"] == 2


async def test_a_reply_quotes_and_inherits(scene: Scene, client: httpx2.AsyncClient) -> None:
    said = await cast.say(scene.house, scene.mehmet, scene.place, "Dritter Riss", topic_name="Dichtung")
    answer = await cast.say(scene.house, scene.jana, scene.place, "schon wieder", reply_to=said.seq)
    assert answer.extra["topic"] == said.extra["topic"]
    aside = await cast.say(scene.house, scene.jana, scene.place, "anderswo", reply_to=said.seq, topic_name="Lager")
    assert aside.extra["topic"] != said.extra["topic"]
    await cast.sign_in(client, scene.house, scene.mehmet)
    page = (await client.get(f"/c/{scene.place}/t/{said.extra['topic']}")).text
    assert f'<a class="quote" href="#m-{scene.place}-{said.seq}"><b>Mehmet Aydin</b> Dritter Riss</a>' in page
    assert "anderswo" not in page


async def test_retrying_is_safe(scene: Scene) -> None:
    write = Post(id=new_id(), place=scene.place, text="einmal", topic_name="Lager")
    first = await scene.house.perform(scene.mehmet, write)
    await scene.house.perform(scene.jana, Remove(id=new_id(), place=scene.place, person=scene.mehmet.id))
    again = await scene.house.perform(scene.mehmet, write)
    assert (again.place, again.seq, again.repeat) == (first.place, first.seq, True)
    other = Post(id=write.id, place=scene.place, text="zweimal")
    assert await refused(scene, scene.mehmet, other) == (409, "other-content")
    assert await refused(scene, scene.mehmet, Post(id=new_id(), place=scene.place, text="neu")) == (404, "not-found")
    assert len(await looking.rows(scene.house, looking.Message, channel=scene.place)) == 1


LIMITS: list[tuple[Any, tuple[int, str]]] = [
    (Post(id="", text=""), (422, "empty-text")),
    (Post(id="", text=" \n\t "), (422, "empty-text")),
    (Post(id="", text="x" * 10_001), (413, "text-too-long")),
    (Post(id="", text="x", topic_name="y" * 81), (422, "bad-name")),
    (Post(id="", text="x", topic_name="a\u202eb"), (422, "bad-name")),
    (Post(id="", text="x", topic=999), (404, "not-found")),
    (Post(id="", text="x", reply_to=999), (404, "not-found")),
    (Post(id="", text="x", reply_to="nobody-knows-this"), (422, "place-missing")),
    (Post(id="", text="half \ud800"), (422, "malformed")),
    (React(id="", message=1, emoji="ja"), (422, "malformed")),
    (React(id="", message=1, emoji="👍👍👍👍👍👍"), (422, "malformed")),
    (React(id="", message=1, emoji="Ü"), (422, "malformed")),
]


async def test_bad_input_has_a_clear_answer(scene: Scene) -> None:
    for write, expected in LIMITS:
        write.id, write.place = new_id(), scene.place
        if "\ud800" in getattr(write, "text", ""):
            await _half_a_character(scene, write, expected)
            continue
        assert await refused(scene, scene.jana, write) == expected, write
        assert await looking.rows(scene.house, looking.Message, channel=scene.place) == [], write


async def _half_a_character(scene: Scene, write: Any, expected: tuple[int, str]) -> None:
    """No client can send it as JSON; should a way be found, it is refused before the queue."""
    verb = scene.house.verbs["chat.post"]
    assert verb.prepare is not None
    with pytest.raises(Refused) as caught:
        verb.prepare(write, None)
    assert (caught.value.status, caught.value.code) == expected


async def test_the_longest_text_and_every_kind_of_emoji_fit(scene: Scene) -> None:
    said = await cast.say(scene.house, scene.jana, scene.place, "x" * 10_000)
    for emoji in ("👍", "👍🏽", "❤️", "1️⃣", "🇳🇱", "👩‍🔧", "✅"):
        await scene.house.perform(scene.jana, about(scene, React, said.seq, emoji=emoji))
    assert len(await looking.reactions(scene.house, scene.place, said.seq)) == 7


async def test_guests_write_but_do_not_pin_or_shape(home: Any) -> None:
    scene = await make_scene(home)
    said = await cast.say(home, scene.gert, scene.other, "guten Tag")
    assert await refused(scene, scene.gert, Pin(id=new_id(), place=scene.other, message=said.seq)) == (
        403, "not-allowed",
    )  # fmt: skip
    await home.perform(scene.olga, Pin(id=new_id(), place=scene.other, message=said.seq))
    assert (await looking.message(home, scene.other, said.seq)).pinned
    await home.perform(scene.olga, Pin(id=new_id(), place=scene.other, message=said.seq, on=False))
    assert not (await looking.message(home, scene.other, said.seq)).pinned
