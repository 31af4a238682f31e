"""What is refused over HTTP: as a problem document for programs, as a page that keeps what was written for people."""

from typing import Any

import httpx2
import pytest

from intranet.channels.writes import Archive
from intranet.kernel import new_id
from tests import cast
from tests.chat.conftest import Scene, make_scene

JSON = {"Accept": "application/json"}


async def as_json(client: httpx2.AsyncClient, **write: Any) -> tuple[int, str]:
    answer = await client.post("/do", json={"id": new_id(), **write}, headers=JSON)
    if answer.status_code == 200:
        return 200, ""
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["title"]
    assert "{" not in document["title"]
    return answer.status_code, document["code"]


async def test_every_refusal_is_a_problem_document(scene: Scene, client: httpx2.AsyncClient) -> None:
    said = await cast.say(scene.house, scene.mehmet, scene.place, "hallo", topic_name="Lager")
    second = await cast.say(scene.house, scene.mehmet, scene.place, "zwei", topic_name="Zweites")
    here: dict[str, Any] = {"place": scene.place}
    topics = {"topic": said.extra["topic"], "into": said.extra["topic"]}
    cases: list[tuple[dict[str, Any], tuple[int, str]]] = [
        ({"do": "chat.post", "place": scene.other, "text": "fremd"}, (404, "not-found")),
        ({"do": "chat.post", "place": 10**9, "text": "nirgends"}, (404, "not-found")),
        ({"do": "chat.post", **here, "text": "x" * 10_001}, (413, "text-too-long")),
        ({"do": "chat.post", **here, "text": " "}, (422, "empty-text")),
        ({"do": "chat.post", **here, "text": 5}, (422, "malformed")),
        ({"do": "chat.post", **here, "text": "x", "more": 1}, (422, "malformed")),
        ({"do": "chat.post", "place": "not-made-yet", "text": "x"}, (422, "place-missing")),
        ({"do": "chat.shout", **here, "text": "x"}, (422, "unknown-kind")),
        ({"do": "chat.sent", "scheduled": 1}, (422, "unknown-kind")),
        ({"do": "chat.edit", **here, "message": said.seq, "text": "x"}, (403, "not-yours")),
        ({"do": "chat.edit", **here, "message": 10**6, "text": "x"}, (404, "not-found")),
        ({"do": "chat.react", **here, "message": said.seq, "emoji": "<b>"}, (422, "malformed")),
        ({"do": "chat.read", **here, "seq": 1, "topic": 10**6}, (404, "not-found")),
        ({"do": "chat.topic_rename", **here, "topic": said.extra["topic"], "name": "zweites"}, (409, "topic-taken")),
        ({"do": "chat.topic_rename", **here, "topic": said.extra["topic"], "name": " "}, (422, "bad-name")),
        ({"do": "chat.topic_merge", **here, **topics}, (422, "malformed")),
        ({"do": "chat.topic_move", **here, "messages": []}, (422, "too-many-messages")),
        ({"do": "chat.topic_move", **here, "messages": [said.seq, 10**6]}, (404, "not-found")),
        ({"do": "chat.topic_close", **here, "topic": said.extra["topic"], "result": "r" * 201}, (422, "too-long")),
        ({"do": "chat.schedule", **here, "text": "x", "at": 5}, (422, "not-ahead")),
        ({"do": "chat.unschedule", "scheduled": 99}, (404, "not-found")),
    ]
    assert second.seq > said.seq
    await cast.sign_in(client, scene.house, scene.jana)
    for write, expected in cases:
        assert await as_json(client, **write) == expected, write
    await scene.house.perform(scene.jana, Archive(id=new_id(), place=scene.place))
    assert await as_json(client, do="chat.post", **here, text="x") == (403, "archived")
    answer = await client.post("/do", content=b"{half", headers=JSON | {"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


async def test_the_same_id_with_other_words_is_a_conflict(scene: Scene, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, scene.house, scene.jana)
    write: dict[str, Any] = {"do": "chat.post", "id": new_id(), "place": scene.place}
    assert await as_json(client, **write, text="eins") == (200, "")
    assert await as_json(client, **write, text="eins") == (200, "")
    assert await as_json(client, **write, text="zwei") == (409, "other-content")


async def test_without_a_session_nothing_is_written(scene: Scene, client: httpx2.AsyncClient) -> None:
    assert await as_json(client, do="chat.post", place=scene.place, text="x") == (401, "signed-out")
    assert (await client.get(f"/c/{scene.place}")).status_code == 303


async def test_a_refused_form_comes_back_with_its_text(scene: Scene, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, scene.house, scene.jana)
    form = {"do": "chat.post", "id": new_id(), "place": scene.place, "text": "Wort " * 2500, "topic": 0}
    answer = await client.post("/do", data=form)
    assert answer.status_code == 413
    assert "Zu lang: höchstens 10000 Zeichen" in answer.text
    assert answer.text.count("Wort") == 2500
    assert str(form["id"]) not in answer.text  # sent again it is a write of its own


@pytest.mark.parametrize(
    ("query", "status"), [("at=x", 422), ("on=morgen", 422), ("on=1800-01-01", 303), ("at=0", 200)]
)
async def test_addresses_are_read_with_care(scene: Scene, client: httpx2.AsyncClient, query: str, status: int) -> None:
    await cast.sign_in(client, scene.house, scene.jana)
    assert (await client.get(f"/c/{scene.place}?{query}")).status_code == status


async def test_a_public_channel_asks_to_join_first(home: Any, client: httpx2.AsyncClient) -> None:
    scene = await make_scene(home, kind="public")
    said = await cast.say(home, scene.jana, scene.place, "Innenwort", topic_name="Lager")
    await cast.sign_in(client, home, scene.olga)
    assert await as_json(client, do="chat.post", place=scene.place, text="x") == (403, "join-first")
    for path in ("", "/topics", f"/t/{said.extra['topic']}", "/messages", f"/m/{said.seq}/source", "/people.json"):
        answer = await client.get(f"/c/{scene.place}{path}")
        assert answer.status_code in (200, 403), path
        assert "Innenwort" not in answer.text
        assert "Lager" not in answer.text


async def test_jumping_to_a_date_lands_on_its_first_message(scene: Scene, client: httpx2.AsyncClient) -> None:
    said = await cast.say(scene.house, scene.jana, scene.place, "heute")
    await cast.sign_in(client, scene.house, scene.jana)
    answer = await client.get(f"/c/{scene.place}?on=2020-02-29")
    assert answer.headers["location"] == f"/c/{scene.place}?at={said.seq}#m-{scene.place}-{said.seq}"
    answer = await client.get(f"/c/{scene.place}?on=2999-01-01")
    assert answer.headers["location"] == f"/c/{scene.place}?at=end"
