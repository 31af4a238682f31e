"""Polls in the feed: in a post of their own for an audience, or in a post that is there already."""

import json
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from intranet.audiences import Line
from intranet.feed import Post
from intranet.feed.writes import Move, Publish, Remove
from intranet.kernel import clock, new_id
from intranet.polls import writes as w
from intranet.polls.models import Poll
from tests import cast
from tests.polls.conftest import Scene, make_scene
from tests.polls.test_named import refused
from tests.served import Served

FIELD = [Line("field")]


async def asked(scene: Scene, who: Any = None, **more: Any) -> dict[str, Any]:
    write = w.Open(**{"id": new_id(), "question": "Wohin?", "options": ["Fluss", "Berg"], "lines": FIELD, **more})
    answer = await scene.house.perform(who or scene.jana, write)
    return {"place": answer.place, "seq": answer.seq, **answer.extra}


async def vote(scene: Scene, who: Any, found: dict[str, Any], *yes: int) -> None:
    await scene.house.perform(who, w.Cast(id=new_id(), place=found["place"], poll=found["poll"], yes=list(yes)))


async def post_of(scene: Scene, post: int) -> Any:
    return await scene.house.read(lambda conn: conn.execute(select(Post).where(Post.id == post)).one())


async def test_a_poll_for_an_audience(served: Served) -> None:
    scene = await make_scene(served.app)  # Jana and Mehmet are in the field, all others in the office
    found = await asked(scene, scene.olga, results="live")
    async with (
        cast.listen(served, scene.mehmet, scene.place) as field,
        cast.listen(served, scene.others[0], scene.place) as office,
        httpx2.AsyncClient(base_url=served.url, headers={"Accept": "text/html"}) as client,
    ):
        await vote(scene, scene.jana, found, 2)
        shown = ""
        while f'id="poll-{found["poll"]}"' not in shown:
            frame = await field.until("frame", place=found["place"])
            shown = "".join(thing["html"] for thing in frame["things"])
        assert "1 · 100" in shown
        heard = await office.all_until(scene.house, scene.place)
        assert not any(message["place"] == found["place"] for message in heard)
        poll = f"/polls/{found['poll']}"
        for who, status in ((scene.mehmet, 200), (scene.olga, 200), (scene.others[0], 404), (scene.gert, 404)):
            await cast.sign_in(client, scene.house, who)
            assert (await client.get(poll)).status_code == status, who.name
            page = (await client.get(f"/posts/{found['post']}")).text
            assert (f'id="poll-{found["poll"]}"' in page) == (status == 200), who.name
    assert await refused(vote(scene, scene.olga, found, 1)) == (403, "not-asked"), "who asked is not in the audience"
    assert await refused(vote(scene, scene.others[0], found, 1)) == (404, "not-found")
    close = w.Close(id=new_id(), place=found["place"], poll=found["poll"])
    assert await refused(scene.house.perform(scene.mehmet, close)) == (403, "not-allowed")
    assert (await post_of(scene, found["post"])).asks == 1
    await scene.house.perform(scene.olga, close)
    assert (await post_of(scene, found["post"])).asks == 0, "it asks for nothing any more"


async def test_a_poll_in_an_own_post_that_moves_and_goes(scene: Scene, client: httpx2.AsyncClient) -> None:
    write = Publish(id=new_id(), kind="question", title="Ausflug", text="Es geht los", lines=list(FIELD))
    made = await scene.house.perform(scene.jana, write)
    post = made.extra["post"]
    assert await refused(asked(scene, scene.mehmet, post=post)) == (403, "not-yours")
    found = await asked(scene, post=post)
    assert await refused(asked(scene, post=post)) == (409, "post-asks")
    await vote(scene, scene.mehmet, found, 1)
    before = await scene.row(found["poll"])
    moved = await scene.house.perform(scene.jana, Move(id=new_id(), post=post, lines=[Line("office")]))
    after = await scene.row(found["poll"])
    assert (after.place, after.seq) == (moved.place, moved.seq)
    assert after.rev > before.rev, "what devices know of it is older, whatever the seqs of its new place are"
    assert (await refused(vote(scene, scene.mehmet, found, 2)))[0] == 404
    await vote(scene, scene.others[0], {**found, "place": moved.place}, 2)
    await scene.work()
    await scene.house.perform(scene.jana, Remove(id=new_id(), post=post))
    assert await scene.house.read(lambda conn: conn.execute(select(Poll.id)).all()) == []


async def test_a_result_is_shared_as_a_post(scene: Scene, client: httpx2.AsyncClient) -> None:
    poll = await scene.ask("one", "*Fluss* @all", "Berg")
    share = w.Share(id=new_id(), poll=poll, lines=list(FIELD))
    assert await refused(scene.house.perform(scene.mehmet, share)) == (409, "no-result")
    await scene.vote(scene.jana, poll, 1)
    await scene.close(poll)
    for who, told in ((scene.olga, 404), (scene.gert, 404)):
        assert (await refused(scene.house.perform(who, share)))[0] == told
    post = (await scene.house.perform(scene.mehmet, share)).extra["post"]
    row = await post_of(scene, post)
    assert (row.title, row.author, row.card, row.asks) == ("Wohin?", scene.mehmet.id, "", 0)
    assert row.plain.split("\n")[0].strip(" •") == "*Fluss* @all: 1 (100 %)"
    assert row.mentions == "", "nobody is called by an answer"
    await cast.sign_in(client, scene.house, scene.jana)
    assert "<strong>*Fluss* @all: 1 (100 %)</strong>" in (await client.get(f"/posts/{post}")).text


async def test_without_names_in_an_audience(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    start = clock.now()
    secret = {"anonymous": True, "minimum": 5, "deadline": start + clock.HOUR}
    assert await refused(asked(scene, **secret)) == (422, "too-few-asked"), "two are in the field"
    assert await scene.house.read(lambda conn: conn.execute(select(Post.id)).all()) == [], "and no post is left of it"
    found = await asked(scene, lines=[Line("office")], **secret)
    await scene.work()
    for who in scene.others:
        await vote(scene, who, found, 1)
    monkeypatch.setattr(clock, "source", lambda: start + 2 * clock.HOUR)
    await scene.work()
    row = await scene.row(found["poll"])
    assert json.loads(row.result)["yes"] == {"1": 8, "2": 0}
    assert (await post_of(scene, found["post"])).asks == 0
