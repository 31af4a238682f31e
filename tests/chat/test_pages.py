"""The pages of chat: they open, work without JavaScript, and what one may not read is not there."""

import re
from typing import Any

import httpx2

from intranet.kernel import new_id
from tests import cast
from tests.chat.conftest import Scene


def form(**fields: Any) -> dict[str, Any]:
    return {"id": new_id(), **fields}


async def test_posting_by_a_plain_form_comes_back_to_the_message(scene: Scene, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, scene.house, scene.jana)
    page = await client.get(f"/c/{scene.place}")
    assert page.status_code == 200
    composer = page.text.split('id="composer"')[1]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', composer))
    assert fields["do"] == "chat.post"
    answer = await client.post("/do", data=fields | {"text": "Dritter Riss\r\ndiese Woche"})
    assert answer.status_code == 303
    there = answer.headers["location"]
    assert re.fullmatch(rf"/c/{scene.place}\?at=(\d+)#m-{scene.place}-\1", there)
    page = await client.get(there)
    assert page.status_code == 200
    assert "Dritter Riss<br>\ndiese Woche" in page.text
    again = await client.post("/do", data=fields | {"text": "Dritter Riss\r\ndiese Woche"})
    assert again.headers["location"] == there


async def test_a_topic_by_plain_forms(scene: Scene, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, scene.house, scene.jana)
    said = await cast.say(scene.house, scene.mehmet, scene.place, "Dritter Riss", topic_name="Dichtung Q-40")
    topic = f"/c/{scene.place}/t/{said.extra['topic']}"
    page = await client.get(topic)
    assert page.status_code == 200
    assert "<h1>Dichtung Q-40</h1>" in page.text
    assert "Dritter Riss" in page.text
    where = form(place=scene.place, topic=said.extra["topic"])
    answer = await client.post("/do", data=where | {"do": "chat.topic_close", "result": "zurück an Lager 2"})
    assert (answer.status_code, answer.headers["location"]) == (303, topic)
    page = await client.get(topic)
    assert "zurück an Lager 2" in page.text
    assert "Jana Reuter" in page.text.split('class="done-line"')[1]
    listed = await client.get(f"/c/{scene.place}/topics")
    assert listed.status_code == 200
    assert "Dichtung Q-40" in listed.text
    answer = await client.post("/do", data=where | form(do="chat.topic_close", closed="false"))
    assert 'class="done-line"' not in (await client.get(answer.headers["location"])).text
    renamed = where | form(do="chat.topic_rename", name="Dichtung Q-41")
    answer = await client.post("/do", data=renamed)
    assert "<h1>Dichtung Q-41</h1>" in (await client.get(answer.headers["location"])).text


async def test_a_merged_topic_leads_to_where_it_went(scene: Scene, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, scene.house, scene.jana)
    one = (await cast.say(scene.house, scene.mehmet, scene.place, "eins", topic_name="A")).extra["topic"]
    two = (await cast.say(scene.house, scene.mehmet, scene.place, "zwei", topic_name="B")).extra["topic"]
    merge = form(do="chat.topic_merge", place=scene.place, topic=one, into=two)
    answer = await client.post("/do", data=merge)
    assert answer.headers["location"] == f"/c/{scene.place}/t/{two}"
    answer = await client.get(f"/c/{scene.place}/t/{one}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{scene.place}/t/{two}")
    late = await cast.say(scene.house, scene.mehmet, scene.place, "aus dem Tunnel", topic=one)
    assert late.extra["topic"] == two
    fresh_name = await cast.say(scene.house, scene.mehmet, scene.place, "neu", topic_name="A")
    assert fresh_name.extra["topic"] not in (one, two)


async def test_further_messages_come_as_windows(scene: Scene, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, scene.house, scene.jana)
    for number in range(60):
        await cast.say(scene.house, scene.mehmet, scene.place, f"Nummer {number}.")
    page = (await client.get(f"/c/{scene.place}?at=end")).text
    first = int(re.search(r'data-from="(\d+)"', page)[1])  # type: ignore[index]
    assert "Nummer 9." not in page
    assert "Nummer 10." in page
    assert "data-start" not in page.split("data-list=")[1].split(">")[0]
    older = (await client.get(f"/c/{scene.place}/messages?before={first}")).text
    assert "Nummer 9." in older
    assert "Nummer 10." not in older
    assert "data-start" in older.split(">")[0]
    newer = (await client.get(f"/c/{scene.place}/messages?after={first}")).text
    assert "Nummer 11." in newer
    assert "data-end" not in newer.split(">")[0]
    last = int(re.search(r'data-to="(\d+)"', newer)[1])  # type: ignore[index]
    newest = (await client.get(f"/c/{scene.place}/messages?after={last}")).text
    assert "Nummer 59." in newest
    assert "data-end" in newest.split(">")[0]


OF_A_CHANNEL = ("", "/topics", "/messages", "/people.json", "/t/{topic}", "/m/{seq}/earlier", "/m/{seq}/source",
                "/m/{seq}/reactions")  # fmt: skip


async def test_who_is_outside_finds_nothing(scene: Scene, client: httpx2.AsyncClient) -> None:
    said = await cast.say(scene.house, scene.jana, scene.place, "geheim", topic_name="Preisrunde")
    paths = [f"/c/{scene.place}{path.format(topic=said.extra['topic'], seq=said.seq)}" for path in OF_A_CHANNEL]
    for who in (scene.olga, scene.gert):
        await cast.sign_in(client, scene.house, who)
        for path in paths:
            answer = await client.get(path)
            assert answer.status_code == 404, path
            assert "Preisrunde" not in answer.text, path
            assert "Service" not in answer.text, path
    await cast.sign_in(client, scene.house, scene.jana)
    for path in paths:
        assert (await client.get(path)).status_code == 200, path
    quote = f"/card/quote/{scene.place}/{said.seq}"
    assert "geheim" in (await client.get(quote)).text
