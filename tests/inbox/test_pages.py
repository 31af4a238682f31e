"""Every page that one can reach renders in the shell, for somebody with and without conversations."""

import httpx2
import pytest

from intranet.kernel import House
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
