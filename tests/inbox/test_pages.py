"""Every page that one can reach renders in the shell, for somebody with and without conversations."""

import re

import httpx2
import pytest

from intranet.channels.writes import Favourite, Leave
from intranet.chat.writes import ReadAll, Schedule, Unschedule
from intranet.kernel import House, clock, new_id
from tests import cast

PAGES = ["/", "/chats", "/channels", "/channels/new", "/outbox"]


@pytest.mark.parametrize("path", PAGES)
async def test_page_renders_for_a_newcomer(client: httpx2.AsyncClient, home: House, path: str) -> None:
    await cast.sign_in(client, home, await cast.person(home, "Jana Reuter"))
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert "<h1" in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/c/{}", "/c/{}/settings", "/c/{}/members"])
async def test_page_renders_with_conversations(client: httpx2.AsyncClient, home: House, path: str) -> None:
    jana, silke = await cast.person(home, "Jana Reuter"), await cast.person(home, "Silke Brandt", side="field")
    place = await cast.channel(home, silke, "Service Süd", members=[jana])
    await cast.direct(home, silke, jana)
    await cast.say(home, silke, place, f"@[Jana Reuter](p{jana.id}) Dritter Riss diese Woche")
    await cast.sign_in(client, home, jana)
    answer = await client.get(path.format(place))
    assert answer.status_code == 200, answer.text
    assert "Service Süd" in answer.text
    assert "Silke Brandt" in answer.text


async def test_nobody_is_sent_to_sign_in(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/chats")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/chats")


def sections(text: str) -> list[str]:
    """The headings of a page's lists, in order."""
    return re.findall(r'<h2 id="[\w-]+-head">([^<]+)</h2>', text)


async def test_home_puts_mentions_first_and_ends(client: httpx2.AsyncClient, home: House) -> None:
    jana, silke = await cast.person(home, "Jana Reuter"), await cast.person(home, "Silke Brandt")
    calm = await cast.channel(home, silke, "Angebote", members=[jana])
    loud = await cast.channel(home, silke, "Service Süd", members=[jana])
    direct = await cast.direct(home, silke, jana)
    await cast.sign_in(client, home, jana)
    assert "Alles erledigt" in (await client.get("/")).text
    await cast.say(home, silke, calm, "Vorlage 4 ist neu")
    await cast.say(home, silke, loud, "@Jana Reuter hat Sonnfeld noch alte?", topic_name="Q-40")
    said = await cast.say(home, silke, direct, "Bin gleich da")
    text = (await client.get("/part/home")).text
    assert sections(text) == ["Gefragt", "Direkt", "Neu in Kanälen"]
    assert text.index("Q-40") < text.index("Bin gleich da") < text.index("Vorlage 4")
    assert '<span class="count" data-waiting>2' in (await client.get("/")).text
    form = {"do": "chat.read", "id": new_id(), "place": direct, "topic": 0, "seq": said.seq}
    await client.post("/do", data=form, headers={"Referer": "http://binnen.test/"})
    assert sections((await client.get("/part/home")).text) == ["Gefragt", "Neu in Kanälen"]


async def test_what_is_read_on_one_page_is_read_on_all(client: httpx2.AsyncClient, home: House) -> None:
    jana, silke = await cast.person(home, "Jana Reuter"), await cast.person(home, "Silke Brandt")
    place = await cast.channel(home, silke, "Angebote", members=[jana])
    await cast.say(home, silke, place, "Eins", topic_name="Alt")
    await cast.say(home, silke, place, "Zwei")
    await cast.sign_in(client, home, jana)
    assert '"fresh": {"' in (await client.get("/part/nav")).text
    await home.perform(jana, ReadAll(id=new_id(), place=place, seq=99))
    assert '"fresh": {}' in (await client.get("/part/nav")).text
    assert "Alles erledigt" in (await client.get("/part/home")).text
    assert sections((await client.get("/part/chats")).text) == ["Kanäle"]


async def test_first_steps_until_they_are_taken(client: httpx2.AsyncClient, home: House) -> None:
    jana, silke = await cast.person(home, "Jana Reuter"), await cast.person(home, "Silke Brandt")
    place = await cast.channel(home, silke, "Angebote")
    await cast.sign_in(client, home, jana)
    begin = (await client.get("/")).text
    assert begin.count('class="lamp out"') == 3
    await cast.join(home, jana, place)
    await cast.say(home, jana, place, "Hallo zusammen")
    begin = (await client.get("/")).text
    assert (begin.count('class="lamp done"'), begin.count('class="lamp out"')) == (2, 1)
    for number in range(160):  # after a while the house is known, photo or not
        await home.perform(jana, Favourite(id=new_id(), place=place, on=number % 2 == 0))
    assert 'class="lamp' not in (await client.get("/")).text


async def test_jumping_knows_what_one_may_see_the_newest_first(client: httpx2.AsyncClient, home: House) -> None:
    jana, silke = await cast.person(home, "Jana Reuter"), await cast.person(home, "Silke Brandt", title="Vertrieb")
    old = await cast.channel(home, silke, "Alt", members=[jana])
    fresh = await cast.channel(home, silke, "Neu", members=[jana])
    await cast.channel(home, silke, "Zum Beitreten")
    await cast.channel(home, silke, "Verborgen", kind="private")
    await cast.say(home, silke, old, "hallo")
    said = clock.now()
    while clock.now() == said:  # the next millisecond
        pass
    await cast.say(home, silke, fresh, "hallo")
    await cast.direct(home, jana, silke)
    await cast.sign_in(client, home, jana)
    rows = (await client.get("/jump.json")).json()
    assert [row["name"] for row in rows] == ["Neu", "Alt", "Silke Brandt", "Zum Beitreten", "Jana Reuter"]
    assert [row["n"] for row in rows[:2]] == [1, 1]


async def test_what_is_planned_for_a_channel_one_has_left_is_still_on_the_outbox(
    client: httpx2.AsyncClient, home: House
) -> None:
    jana, silke = await cast.person(home, "Jana Reuter"), await cast.person(home, "Silke Brandt")
    place = await cast.channel(home, silke, "Geheimsache", members=[jana])
    at = clock.now() + clock.HOUR
    plan = await home.perform(jana, Schedule(id=new_id(), place=place, text="Wird wohl nichts", at=at))
    await home.perform(jana, Leave(id=new_id(), place=place))
    await cast.sign_in(client, home, jana)
    page = (await client.get("/outbox")).text
    assert "Wird wohl nichts" in page
    assert "Geheimsache" not in page, "its name is no longer hers to read"
    await home.perform(jana, Unschedule(id=new_id(), place=place, scheduled=plan.extra["scheduled"]))
    assert "Wird wohl nichts" not in (await client.get("/outbox")).text
