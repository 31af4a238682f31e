"""Messages planned for later go out at their time by the clock, once, or say why not."""

import httpx2
import pytest
from starlette.applications import Starlette

from intranet.channels.writes import Archive, Remove
from intranet.chat.models import Scheduled
from intranet.chat.writes import Due, Reschedule, Schedule, Unschedule
from intranet.kernel import Answer, Person, Refused, Write, clock, new_id
from tests import cast
from tests.chat import looking
from tests.chat.conftest import Scene


@pytest.fixture
async def hands(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The clock's hands: `hands[0] += clock.HOUR` lets an hour pass. Jobs run when the test says so."""
    at = [1_800_000_000_000]
    monkeypatch.setattr(clock, "source", lambda: at[0])
    await app.state.runner.stop()
    return at


async def planned(scene: Scene, **more: object) -> int:
    write = Schedule(id=new_id(), place=scene.place, text="Erinnerung", at=clock.now() + clock.HOUR, **more)  # type: ignore[arg-type]
    return int((await scene.house.perform(scene.mehmet, write)).extra["scheduled"])


async def texts(scene: Scene) -> list[str]:
    return [row.text for row in await looking.rows(scene.house, looking.Message, channel=scene.place)]


async def test_it_goes_out_at_its_time_once(hands: list[int], scene: Scene, app: Starlette) -> None:
    await planned(scene, topic_name="Wochenplan")
    await app.state.runner.once()
    assert await texts(scene) == []
    hands[0] += clock.HOUR
    await app.state.runner.once()
    await app.state.runner.once()
    assert await texts(scene) == ["Erinnerung"]
    said = (await looking.rows(scene.house, looking.Message, channel=scene.place))[0]
    assert (said.author, said.at) == (scene.mehmet.id, hands[0])
    assert (await looking.topic(scene.house, scene.place, said.topic)).name == "Wochenplan"
    assert await looking.rows(scene.house, Scheduled) == []


async def test_it_can_be_changed_and_called_off(hands: list[int], scene: Scene, app: Starlette) -> None:
    one, two = await planned(scene), await planned(scene)
    later = Reschedule(id=new_id(), scheduled=one, text="Anders", at=clock.now() + 2 * clock.HOUR)
    await scene.house.perform(scene.mehmet, later)
    for write in (Reschedule(id=new_id(), scheduled=one, text="fremd"), Unschedule(id=new_id(), scheduled=one)):
        with pytest.raises(Refused, match="404"):
            await scene.house.perform(scene.jana, write)
    await scene.house.perform(scene.mehmet, Unschedule(id=new_id(), scheduled=two))
    hands[0] += clock.HOUR
    await app.state.runner.once()
    assert await texts(scene) == []
    hands[0] += clock.HOUR
    await app.state.runner.once()
    assert await texts(scene) == ["Anders"]


@pytest.mark.parametrize("text", [None, "Anders"], ids=["called off", "written anew"])
async def test_what_changes_in_the_very_moment_counts(
    hands: list[int], scene: Scene, app: Starlette, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    one = await planned(scene)
    perform, changes = scene.house.perform, []

    async def meanwhile(person: Person, write: Write) -> Answer:
        if isinstance(write, Due) and not changes:
            plan = Reschedule(id=new_id(), scheduled=one, text=text) if text else Unschedule(id=new_id(), scheduled=one)
            changes.append(await perform(scene.mehmet, plan))
        return await perform(person, write)

    monkeypatch.setattr(scene.house, "perform", meanwhile)
    hands[0] += clock.HOUR
    await app.state.runner.once()
    assert len(changes) == 1
    assert await texts(scene) == ([text] if text else [])
    assert await looking.rows(scene.house, Scheduled) == []


async def test_back_to_the_first_time_goes_out_once(hands: list[int], scene: Scene, app: Starlette) -> None:
    one, first = await planned(scene), clock.now() + clock.HOUR
    for at in (first + clock.HOUR, first):
        await scene.house.perform(scene.mehmet, Reschedule(id=new_id(), scheduled=one, at=at))
    hands[0] += 3 * clock.HOUR
    await app.state.runner.once()
    assert await texts(scene) == ["Erinnerung"]


async def test_what_cannot_go_out_says_why(
    hands: list[int], scene: Scene, app: Starlette, client: httpx2.AsyncClient
) -> None:
    one = await planned(scene)
    await scene.house.perform(scene.jana, Archive(id=new_id(), place=scene.place))
    hands[0] += clock.HOUR
    await app.state.runner.once()
    assert await texts(scene) == []
    assert [row.refused for row in await looking.rows(scene.house, Scheduled)] == ["archived"]
    await cast.sign_in(client, scene.house, scene.mehmet)
    page = (await client.get("/later")).text
    assert "Erinnerung" in page
    assert 'class="problem"' in page
    await client.post("/do", data={"do": "chat.unschedule", "id": new_id(), "scheduled": one})
    assert "Erinnerung" not in (await client.get("/later")).text


async def test_who_is_no_longer_in_sends_nothing(hands: list[int], scene: Scene, app: Starlette) -> None:
    await planned(scene)
    await scene.house.perform(scene.jana, Remove(id=new_id(), place=scene.place, person=scene.mehmet.id))
    hands[0] += clock.HOUR
    await app.state.runner.once()
    assert await texts(scene) == []
    assert [row.refused for row in await looking.rows(scene.house, Scheduled)] == ["not-found"]


async def test_the_page_lists_one_s_own_and_a_form_changes_it(
    hands: list[int], scene: Scene, client: httpx2.AsyncClient
) -> None:
    one = await planned(scene)
    await cast.sign_in(client, scene.house, scene.jana)
    assert "Erinnerung" not in (await client.get("/later")).text
    await cast.sign_in(client, scene.house, scene.mehmet)
    assert "Erinnerung" in (await client.get("/later")).text
    form = {"do": "chat.reschedule", "id": new_id(), "scheduled": one, "text": "Neu", "local": "2027-01-16T09:30"}
    answer = await client.post("/do", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/later")
    row = (await looking.rows(scene.house, Scheduled))[0]
    assert (row.text, row.at) == ("Neu", 1_800_088_200_000)
    assert (await client.post("/do", data=form | {"id": new_id(), "local": "gestern"})).status_code == 422


async def test_times_and_numbers_have_limits(hands: list[int], scene: Scene) -> None:
    for at in (clock.now(), clock.now() - 1, clock.now() + 400 * clock.DAY):
        with pytest.raises(Refused, match="422 not-ahead"):
            await scene.house.perform(scene.mehmet, Schedule(id=new_id(), place=scene.place, text="x", at=at))
    with pytest.raises(Refused, match="404"):
        await scene.house.perform(scene.olga, Schedule(id=new_id(), place=scene.place, text="x", at=clock.now() + 1))
    for _ in range(100):
        await planned(scene)
    with pytest.raises(Refused, match="429 too-many-scheduled"):
        await planned(scene)


async def test_between_two_the_page_knows_the_other_s_clock(
    hands: list[int], scene: Scene, client: httpx2.AsyncClient
) -> None:
    far = await cast.person(scene.house, "Fatima Far", zone="America/Chicago")
    two = await cast.direct(scene.house, scene.mehmet, far)
    three = await cast.direct(scene.house, scene.mehmet, far, scene.jana)
    await cast.sign_in(client, scene.house, scene.mehmet)
    assert 'data-zone="America/Chicago"' in (await client.get(f"/c/{two}")).text
    for place in (three, scene.place):
        assert 'data-their-time data-zone=""' in (await client.get(f"/c/{place}")).text
    await cast.sign_in(client, scene.house, far)
    assert 'data-zone="Europe/Berlin"' in (await client.get(f"/c/{two}")).text
