"""Drafts on two devices: the newest edit wins, and no text is lost."""

import pytest

from intranet.chat.models import Draft
from intranet.chat.writes import SaveDraft
from intranet.kernel import Refused, new_id
from tests import cast
from tests.chat import looking
from tests.chat.conftest import Scene


class Device:
    """Keeps the rev it last saw, as a browser does."""

    def __init__(self, scene: Scene, topic: int = 0) -> None:
        self.scene, self.topic, self.base = scene, topic, 0

    async def look(self) -> tuple[str, str]:
        rows = await looking.rows(self.scene.house, Draft, person=self.scene.jana.id, channel=self.scene.place)
        row = next(row for row in rows if row.topic == self.topic)
        self.base = row.rev
        return row.text, row.other

    async def write(self, text: str) -> None:
        draft = SaveDraft(id=new_id(), place=self.scene.place, topic=self.topic, text=text, base=self.base)
        await self.scene.house.perform(self.scene.jana, draft)


async def test_one_device_after_the_other(scene: Scene) -> None:
    phone, desk = Device(scene), Device(scene)
    await phone.write("Guten")
    assert await desk.look() == ("Guten", "")
    await desk.write("Guten Morgen")
    assert await phone.look() == ("Guten Morgen", "")


async def test_both_texts_stay_when_two_devices_write(scene: Scene) -> None:
    phone, desk = Device(scene), Device(scene)
    await phone.write("vom Telefon")
    await desk.write("vom Rechner")
    assert await desk.look() == ("vom Rechner", "vom Telefon")
    await desk.write("vom Rechner, länger")
    assert await desk.look() == ("vom Rechner, länger", "vom Telefon")


async def test_sending_the_newest_brings_the_other_back(scene: Scene) -> None:
    phone, desk = Device(scene), Device(scene)
    await phone.write("vom Telefon")
    await desk.write("vom Rechner")
    await desk.look()
    await desk.write("")
    assert await desk.look() == ("vom Telefon", "")


async def test_sending_the_older_leaves_the_newest(scene: Scene) -> None:
    phone, desk = Device(scene), Device(scene)
    await phone.write("vom Telefon")
    await phone.look()
    await desk.look()
    await desk.write("vom Rechner")
    await phone.write("")
    assert await phone.look() == ("vom Rechner", "")


async def test_the_same_text_twice_is_no_conflict(scene: Scene) -> None:
    phone, desk = Device(scene), Device(scene)
    await phone.write("gleich")
    await desk.write("gleich")
    assert await desk.look() == ("gleich", "")


async def test_drafts_belong_to_conversations_that_are_there(scene: Scene) -> None:
    for who, topic, text, status in [
        (scene.jana, 77, "x", 404), (scene.olga, 0, "x", 404), (scene.gert, 0, "x", 404),
        (scene.jana, 0, "x" * 10_001, 413),
    ]:  # fmt: skip
        with pytest.raises(Refused, match=str(status)):
            await scene.house.perform(who, SaveDraft(id=new_id(), place=scene.place, topic=topic, text=text))
    assert await looking.rows(scene.house, Draft) == []
    said = await cast.say(scene.house, scene.jana, scene.place, "a", topic_name="Lager")
    device = Device(scene, said.extra["topic"])
    await device.write("im Thema")
    assert await device.look() == ("im Thema", "")
