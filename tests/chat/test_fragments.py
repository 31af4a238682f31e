"""One fragment for everybody: page, further window, answer and frame hold the same bytes, whoever looks."""

import re

import httpx2

from intranet.chat import writes as w
from intranet.files import NewTile
from intranet.kernel import new_id
from intranet.kernel.do import answer_body
from tests import cast
from tests.chat.conftest import make_scene
from tests.served import Served

ARTICLE = re.compile(r'<article class="msg".*?</article>', re.DOTALL)
TOPIC = re.compile(r'<li class="side-by-side" id="t-.*?</li>', re.DOTALL)


async def test_message_and_topic_are_the_same_bytes_for_every_actor(served: Served) -> None:
    house = served.house
    scene = await make_scene(house, kind="public")
    guest = await cast.person(house, "Gast Zwei", role="guest")
    admin = await cast.person(house, "Ada Admin", role="administrator")
    place = await cast.channel(house, scene.jana, "Alle", members=[scene.mehmet, guest, admin])
    first = await cast.say(house, scene.mehmet, place, "Riss @alle **wichtig**", topic_name="Dichtung")
    readers = [scene.jana, scene.mehmet, guest, admin]
    await house.perform(guest, w.React(id=new_id(), place=place, message=first.seq, emoji="👍"))
    await house.perform(scene.mehmet, w.Edit(id=new_id(), place=place, message=first.seq, text="Riss @Jana Reuter"))
    await house.perform(scene.jana, w.Pin(id=new_id(), place=place, message=first.seq))
    await house.perform(scene.jana, w.Read(id=new_id(), place=place, seq=first.seq, topic=first.extra["topic"]))
    seen: dict[str, set[str]] = {"page": set(), "window": set(), "topic": set(), "beside": set()}
    async with httpx2.AsyncClient(base_url=served.url, headers={"Accept": "text/html"}) as client:
        for who in readers:
            await cast.sign_in(client, house, who)
            page = (await client.get(f"/c/{place}?at=end")).text
            seen["page"] |= set(ARTICLE.findall(page))
            seen["beside"] |= set(TOPIC.findall(page))
            seen["window"] |= set(ARTICLE.findall((await client.get(f"/c/{place}/messages?after=0")).text))
            seen["topic"] |= set(ARTICLE.findall((await client.get(f"/c/{place}/t/{first.extra['topic']}")).text))
    (fragment,) = seen["page"]
    (beside,) = seen["beside"]
    assert seen["window"] == seen["topic"] == {fragment}
    answer = await house.perform(scene.jana, w.Pin(id=new_id(), place=place, message=first.seq))
    (thing,) = (await house.read(answer_body, house, scene.jana, answer))["things"]
    at_rev = re.sub(r'data-rev="\d+"', "", fragment)
    assert re.sub(r'data-rev="\d+"', "", thing["html"]) == at_rev
    async with cast.listen(served, guest, place) as ear, cast.listen(served, scene.jana, place) as other:
        renamed = w.TopicRename(id=new_id(), place=place, topic=first.extra["topic"], name="Dichtung")
        await house.perform(scene.jana, w.Pin(id=new_id(), place=place, message=first.seq))
        last = await house.perform(scene.jana, renamed)
        frames = []
        for one in (ear, other):
            heard: list[str] = []
            while not heard or f'"to":{last.seq}' not in heard[-1]:
                await one.until("frame", place=place)
                heard = re.findall(r'\{"t":"frame".*?\}(?=\{"t"|$)', one.bytes_heard)
            things = [thing for message in one.heard if message["t"] == "frame" for thing in message["things"]]
            frames.append({thing["id"]: thing["html"] for thing in things})
        assert frames[0] == frames[1]
        shown = frames[0]
        assert re.sub(r'data-rev="\d+"', "", shown[f"m-{place}-{first.seq}"]) == at_rev
        topic_id = f"t-{place}-{first.extra['topic']}"
        assert re.sub(r'data-rev="\d+"', "", shown[topic_id]).strip() == re.sub(r'data-rev="\d+"', "", beside)


async def test_the_json_dialect_says_all_a_client_needs(served: Served) -> None:
    house = served.house
    scene = await make_scene(house)
    first = await cast.say(house, scene.jana, scene.place, "Riss **hier**", topic_name="Dichtung")
    async with cast.listen(served, scene.mehmet, scene.place, "json") as ear:
        tile = NewTile(id="tile-1", name="riss.jpg", size=1234, kind="photo")
        said = await cast.say(house, scene.jana, scene.place, "Foto @Mehmet Aydin", reply_to=first.seq, files=[tile])
        things: dict[str, dict[str, object]] = {}
        while f"m-{scene.place}-{said.seq}" not in things:
            frame = await ear.until("frame", place=scene.place)
            things |= {thing["id"]: thing["data"] for thing in frame["things"]}
        data = things[f"m-{scene.place}-{said.seq}"]
        assert data["kind"] == "message"
        assert (data["author"], data["name"], data["topic"]) == (scene.jana.id, "Jana Reuter", first.extra["topic"])
        assert data["quote"] == {"seq": first.seq, "hole": False, "name": "Jana Reuter", "text": "Riss hier"}
        assert data["mentions"] == [str(scene.mehmet.id)]
        assert isinstance(data["files"], list)
        assert {key: data["files"][0][key] for key in ("id", "name", "size", "state")} == {
            "id": "tile-1", "name": "riss.jpg", "size": 1234, "state": "coming",
        }  # fmt: skip
        close = w.TopicClose(id=new_id(), place=scene.place, topic=first.extra["topic"], result="getauscht")
        await house.perform(scene.jana, close)
        topic = f"t-{scene.place}-{first.extra['topic']}"
        while not things.get(topic, {}).get("closed"):
            frame = await ear.until("frame", place=scene.place)
            things |= {thing["id"]: thing["data"] for thing in frame["things"]}
        assert things[topic]["name"] == "Dichtung"
        assert (things[topic]["closed_by"], things[topic]["result"]) == (scene.jana.id, "getauscht")
