"""Planted secrets, and every byte that each actor receives: pages, cards, JSON, answers and frames."""

import re
from typing import Any

import httpx2
import pytest

from intranet.channels.writes import Add, Remove
from intranet.chat import writes as w
from intranet.kernel import House, Person, new_id
from intranet.kernel.do import answer_body
from tests import cast
from tests.chat.conftest import Scene, make_scene
from tests.served import Served

PAGES = (
    "/", "/chats", "/later", "/jump.json", "/c/{place}", "/c/{place}?at=end", "/c/{place}?at=1", "/c/{place}/topics",
    "/c/{place}/messages?after=0", "/c/{place}/messages?after=0&topic={topic}", "/c/{place}/t/{topic}",
    "/c/{place}/people.json", "/c/{place}/settings", "/c/{place}?on=2020-01-01", "/card/quote/{place}/{seq}",
    "/c/{place}/m/{seq}/earlier", "/c/{place}/m/{seq}/source", "/c/{place}/m/{seq}/reactions",
    "/catchup?place={place}&epoch={epoch}&after=0&dialect=json", "/catchup?place={place}&epoch={epoch}&after=0",
)  # fmt: skip


async def everything(client: httpx2.AsyncClient, house: House, who: Person, **where: Any) -> str:
    """All that this person's browser can fetch about a place, a topic and a message."""
    await cast.sign_in(client, house, who)
    found = []
    for path in PAGES:
        answer = await client.get(path.format(epoch=house.epoch, **where), follow_redirects=True)
        assert answer.status_code < 500, path
        found.append(answer.text)
    return "\n".join(found)


@pytest.fixture
async def late(home: House) -> Scene:
    """A channel whose history begins at joining: Olga comes when things were said already."""
    return await make_scene(home, history="joining")


async def test_history_from_joining_hides_the_past_everywhere(late: Scene, client: httpx2.AsyncClient) -> None:
    house, place = late.house, late.place
    old = await cast.say(house, late.jana, place, "Altwort @Mehmet Aydin", topic_name="Altthema")
    kept = await cast.say(house, late.mehmet, place, "Altzweig", topic_name="Bleibt")
    await house.perform(late.jana, w.Pin(id=new_id(), place=place, message=old.seq))
    await house.perform(late.jana, w.React(id=new_id(), place=place, message=old.seq, emoji="🚀"))
    close = w.TopicClose(id=new_id(), place=place, topic=old.extra["topic"], result="Altergebnis")
    await house.perform(late.jana, close)
    await house.perform(late.jana, Add(id=new_id(), place=place, people=[late.olga.id]))
    new = await cast.say(house, late.jana, place, "Neuwort", reply_to=kept.seq)
    assert new.extra["topic"] == kept.extra["topic"]
    where = {"place": place, "topic": old.extra["topic"], "seq": old.seq}
    seen = await everything(client, house, late.olga, **where)
    for canary in ("Altwort", "Altzweig", "Altthema", "Altergebnis", "🚀"):
        assert canary not in seen, canary
    assert "Neuwort" in seen
    assert "Bleibt" in seen  # something was said there that she reads
    assert f'data-card href="/card/quote/{place}/{kept.seq}"' in seen
    seen = await everything(client, house, late.mehmet, **where)
    for word in ("Altwort", "Altzweig", "Altthema", "Altergebnis", "🚀", "Neuwort"):
        assert word in seen, word
    assert "Altzweig" in (await client.get(f"/card/quote/{place}/{kept.seq}")).text
    await cast.sign_in(client, house, late.olga)
    assert (await client.get(f"/card/quote/{place}/{kept.seq}")).status_code == 404
    assert (await client.get(f"/c/{place}/t/{old.extra['topic']}")).status_code == 404


async def test_who_came_later_changes_nothing_of_the_past(late: Scene) -> None:
    old = await cast.say(late.house, late.jana, late.place, "Altwort", topic_name="Altthema")
    await late.house.perform(late.jana, Add(id=new_id(), place=late.place, people=[late.olga.id]))
    about: dict[str, Any] = {"place": late.place}
    topic = old.extra["topic"]
    for write in (
        w.React(id=new_id(), message=old.seq, emoji="👍", **about),
        w.Pin(id=new_id(), message=old.seq, **about),
        w.Delete(id=new_id(), message=old.seq, **about),
        w.Post(id=new_id(), text="?", reply_to=old.seq, **about),
        w.Post(id=new_id(), text="?", topic=topic, **about),
        w.TopicMove(id=new_id(), messages=[old.seq], topic_name="meins", **about),
        w.TopicRename(id=new_id(), topic=topic, name="meins", **about),
        w.TopicClose(id=new_id(), topic=topic, **about),
        w.Read(id=new_id(), topic=topic, seq=1, **about),
        w.SaveDraft(id=new_id(), topic=topic, text="x", **about),
    ):
        with pytest.raises(Exception, match="404 not-found"):
            await late.house.perform(late.olga, write)


async def test_frames_of_the_past_are_empty_for_who_came_later(served: Served) -> None:
    scene = await make_scene(served.house, history="joining")
    old = await cast.say(served.house, scene.jana, scene.place, "Altwort", topic_name="Altthema")
    await served.house.perform(scene.jana, Add(id=new_id(), place=scene.place, people=[scene.olga.id]))
    for dialect in ("html", "json"):
        async with cast.listen(served, scene.olga, scene.place, dialect) as olga:
            await served.house.perform(scene.jana, w.React(id=new_id(), place=scene.place, message=old.seq, emoji="👍"))
            rename = w.TopicRename(id=new_id(), place=scene.place, topic=old.extra["topic"], name=f"Altthema {dialect}")
            await served.house.perform(scene.jana, rename)
            edit = w.Edit(id=new_id(), place=scene.place, message=old.seq, text=f"Altwort {dialect}")
            await served.house.perform(scene.jana, edit)
            said = await cast.say(served.house, scene.jana, scene.place, "Neuwort", reply_to=old.seq, topic_name="Neu")
            while (await olga.until("frame", place=scene.place))["to"] < said.seq:
                pass
            assert "Neuwort" in olga.bytes_heard
            assert "Alt" not in olga.bytes_heard


async def test_who_was_removed_gets_nothing_more(scene: Scene, client: httpx2.AsyncClient) -> None:
    said = await cast.say(scene.house, scene.mehmet, scene.place, "Geheimwort", topic_name="Geheimthema")
    await scene.house.perform(scene.jana, Remove(id=new_id(), place=scene.place, person=scene.mehmet.id))
    where = {"place": scene.place, "topic": said.extra["topic"], "seq": said.seq}
    seen = await everything(client, scene.house, scene.mehmet, **where)
    for canary in ("Geheimwort", "Geheimthema", "Service Süd"):
        assert canary not in seen, canary
    write = w.Post(id=new_id(), place=scene.place, text="noch da?")
    with pytest.raises(Exception, match="404"):
        await scene.house.perform(scene.mehmet, write)


async def test_a_repeat_after_leaving_carries_no_fragment(scene: Scene) -> None:
    write = w.Post(id=new_id(), place=scene.place, text="einmal")
    await scene.house.perform(scene.mehmet, write)
    await scene.house.perform(scene.jana, Remove(id=new_id(), place=scene.place, person=scene.mehmet.id))
    again = await scene.house.perform(scene.mehmet, write)
    body = await scene.house.read(answer_body, scene.house, scene.mehmet, again)
    assert body["ok"]["seq"] == again.seq
    assert body["things"] == []


async def test_a_private_channel_is_nowhere_for_outsiders(scene: Scene, client: httpx2.AsyncClient) -> None:
    said = await cast.say(scene.house, scene.jana, scene.place, "Geheimwort", topic_name="Geheimthema")
    where = {"place": scene.place, "topic": said.extra["topic"], "seq": said.seq}
    admin = await cast.person(scene.house, "Ada Admin", role="administrator")
    for who in (scene.olga, scene.gert, admin):
        seen = await everything(client, scene.house, who, **where)
        assert "Geheimwort" not in seen
        assert "Geheimthema" not in seen
        assert who is admin or "Service Süd" not in seen  # administrators manage private channels' names


async def test_hostile_text_stays_text(scene: Scene, client: httpx2.AsyncClient) -> None:
    bad = "<img src=x onerror=alert(1)>"
    said = await cast.say(scene.house, scene.mehmet, scene.place, f"{bad} [a](javascript:alert(1)) @[{bad}](all)",
                          topic_name=bad)  # fmt: skip
    await cast.say(scene.house, scene.jana, scene.place, "oh", reply_to=said.seq)
    close = w.TopicClose(id=new_id(), place=scene.place, topic=said.extra["topic"], result=bad)
    await scene.house.perform(scene.jana, close)
    await scene.house.perform(scene.jana, w.Pin(id=new_id(), place=scene.place, message=said.seq))
    await scene.house.perform(scene.mehmet, w.SaveDraft(id=new_id(), place=scene.place, text=f"</textarea>{bad}"))
    where = {"place": scene.place, "topic": said.extra["topic"], "seq": said.seq}
    seen = await everything(client, scene.house, scene.mehmet, **where)
    pages = re.sub(r"^\{.*\}$", "", seen, flags=re.MULTILINE)  # JSON is no HTML
    assert "<img src=x" not in pages.replace('<img src="', "")
    assert "javascript:alert" not in re.sub(r"\[a\]\(javascript:alert\(1\)\)", "", pages)
    assert "&lt;img src=x" in pages
