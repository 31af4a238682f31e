"""What an upper room shows in a message: chat keeps the reference alone, and never draws it itself."""

from collections.abc import Sequence
from typing import Any

import httpx2
import pytest
from markupsafe import Markup
from sqlalchemy import Connection, select
from starlette.applications import Starlette

from intranet import app as the_app
from intranet.chat import say
from intranet.chat import writes as w
from intranet.chat.models import Message
from intranet.kernel import House, Person, Refused, Room, Tx, Verb, Write, new_id
from tests import cast
from tests.chat.conftest import make_scene

DRAWN: list[tuple[int, list[str]]] = []


class Show(Write, tag="post.show"):
    """An upper room's own write."""

    topic: int = 0


def _show(tx: Tx, person: Person, write: Show) -> dict[str, Any]:
    seq, topic = say(tx, person, write, "Wohin <am> Freitag?", "post-7", write.topic)
    return {"seq": seq, "topic": topic}


def _draw(_conn: Connection, place: int, references: Sequence[str], lang: str) -> dict[str, Markup]:
    DRAWN.append((place, list(references)))
    return {one: Markup("<b id='{}'>{}</b>").format(one, lang) for one in references if one == "post-7"}


def _own(_conn: Connection, person: int, references: Sequence[str]) -> dict[str, Any]:
    return {f"shown/{one}": person for one in references}


UPPER = Room("upper", verbs=[Verb(Show, _show)], inlays={"post": _draw}, inlays_own={"post": _own})


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    below = [room for room in the_app.ROOMS if not room.inlays]
    monkeypatch.setattr(the_app, "ROOMS", [*below, UPPER])
    DRAWN.clear()


@pytest.fixture
async def app(rooms: None, app: Starlette) -> Starlette:
    return app


async def test_a_message_shows_what_an_upper_room_draws(app: Starlette, client: httpx2.AsyncClient) -> None:
    house: House = app.state.house
    scene = await make_scene(house)
    named = await cast.say(house, scene.jana, scene.place, "Zum Ausflug", topic_name="Ausflug")
    asked = await house.perform(scene.jana, Show(id=new_id(), place=scene.place, topic=named.extra["topic"]))
    await cast.sign_in(client, house, scene.mehmet)
    assert "Wohin &lt;am&gt; Freitag?" in (await client.get("/chats")).text
    for card in ("post-7", "post-9"):
        await house.perform(scene.mehmet, w.Post(id=new_id(), place=scene.place, text="", card=card))
    rows = await house.read(lambda conn: conn.execute(select(Message).order_by(Message.seq)).all())
    assert [(row.card, row.text, row.plain) for row in rows[1:]] == [
        ("post-7", "", "Wohin <am> Freitag?"), ("post-7", "", ""), ("post-9", "", ""),
    ]  # fmt: skip
    assert rows[1].topic == named.extra["topic"]
    DRAWN.clear()
    page = (await client.get(f"/c/{scene.place}?at=end")).text
    assert [(scene.place, ["post-7", "post-9"])] == DRAWN, "one drawing for the whole page"
    assert page.count("<b id='post-7'>de</b>") == 2
    assert f'"shown/post-7": {scene.mehmet.id}' in page
    ask = f"/catchup?place={scene.place}&epoch={house.epoch}&after=0&dialect=json"
    data = [thing["data"] for frame in (await client.get(ask)).json()["frames"] for thing in frame["things"]]
    (said,) = [one for one in data if one.get("seq") == asked.seq]
    assert (said["card"], said["text"]) == ("post-7", "Wohin <am> Freitag?")
    edit = w.Edit(id=new_id(), place=scene.place, message=asked.seq, text="")
    await house.perform(scene.jana, edit)
    await house.perform(scene.jana, w.Delete(id=new_id(), place=scene.place, message=asked.seq))
    assert (await client.get(f"/c/{scene.place}?at=end")).text.count("<b id='post-7'>") == 1


async def test_only_who_may_write_shows_something_and_only_by_a_reference(app: Starlette) -> None:
    house: House = app.state.house
    scene = await make_scene(house)
    for who in (scene.olga, scene.gert):
        with pytest.raises(Refused, match="404"):
            await house.perform(who, Show(id=new_id(), place=scene.place))
    with pytest.raises(Refused, match="404"):
        await house.perform(scene.jana, Show(id=new_id(), place=scene.place, topic=99))
    for card in ("poll-3", "post-0", "post-", "post-1\n", "<b>", "m-1-1", "post-" + "9" * 19):
        with pytest.raises(Refused, match="422"):
            house.decode({"do": "chat.post", "id": new_id(), "place": scene.place, "card": card}, strict=True)
    with pytest.raises(Refused, match="422"):
        await house.perform(scene.jana, w.Post(id=new_id(), place=scene.place, text=""))
