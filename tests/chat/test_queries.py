"""How many queries a page asks: the same for 5 and for 50 messages, topics, reactions and authors."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
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


@pytest.mark.parametrize("path", BOUNDS)
async def test_queries_do_not_grow_with_what_is_shown(
    scene: Scene, app: Starlette, client: httpx2.AsyncClient, path: str
) -> None:
    await app.state.runner.stop()  # it asks for jobs once a second
    await cast.sign_in(client, scene.house, scene.jana)
    topic = await fill(scene, 0, 3)
    ask: Callable[[], Awaitable[Any]] = lambda: client.get(path.format(place=scene.place, topic=topic))  # noqa: E731
    await ask()
    with counted(scene.house) as few:
        assert (await ask()).status_code == 200
    await fill(scene, 3, 25)
    with counted(scene.house) as many:
        assert (await ask()).status_code == 200
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= BOUNDS[path], "\n".join(many)
