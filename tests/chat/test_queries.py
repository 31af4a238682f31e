"""How many queries a page asks: the same for 5 and for 50 messages, topics, reactions and authors."""

import httpx2
from starlette.applications import Starlette

from intranet.chat import writes as w
from intranet.kernel import new_id
from tests import cast
from tests.chat.conftest import Scene
from tests.counting import counted

BOUNDS = {"/c/{place}?at=end": 24, "/c/{place}/t/{topic}?at=end": 25, "/c/{place}/topics": 14,
          "/c/{place}/messages?at=end": 9, "/c/{place}/people.json": 6}  # fmt: skip


async def fill(scene: Scene, start: int, end: int) -> int:
    topic = 0
    for number in range(start, end):
        name = f"Thema {number}" if number % 2 else "Dichtung"
        said = await cast.say(scene.house, scene.mehmet, scene.place, f"n {number}", topic_name=name)
        topic = topic or said.extra["topic"]
        write = w.React(id=new_id(), place=scene.place, message=said.seq, emoji="👍")
        await scene.house.perform(scene.jana, write)
        await cast.say(scene.house, scene.jana, scene.place, "ja", reply_to=said.seq)
    return topic


async def test_queries_do_not_grow_with_what_is_shown(scene: Scene, app: Starlette, client: httpx2.AsyncClient) -> None:
    await app.state.runner.stop()  # it asks for jobs once a second
    await cast.sign_in(client, scene.house, scene.jana)
    topic = await fill(scene, 0, 3)
    asked = await queries(scene, client, topic)
    await fill(scene, 3, 25)
    for path, many in (await queries(scene, client, topic)).items():
        assert len(many) == len(asked[path]), "\n".join([path, *many])
        assert len(many) <= BOUNDS[path], "\n".join([path, *many])


async def queries(scene: Scene, client: httpx2.AsyncClient, topic: int) -> dict[str, list[str]]:
    """What each page asks of the database the second time."""
    found = {}
    for path in BOUNDS:
        address = path.format(place=scene.place, topic=topic)
        await client.get(address)
        with counted(scene.house) as found[path]:
            assert (await client.get(address)).status_code == 200, path
    return found
