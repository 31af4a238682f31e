"""Somebody is taken out of a channel while it is open before them."""

import pytest
from playwright.sync_api import expect

from .conftest import DESK, PHONE, Visit, kept, stored
from .outbox import write
from .town import Actor


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_who_is_taken_out_is_told_keeps_the_text_and_is_led_on(
    viewport: dict[str, int], visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    bernd.say(room, "Nur für die Runde")
    hers, his = visit(jana, f"/c/{room}", viewport=viewport), visit(bernd, f"/c/{room}")
    expect(hers.locator(".msg", has_text="Nur für die Runde")).to_be_visible()
    hers.locator("#say").fill("Halb getippt")
    bernd.do("channels.remove", room, person=jana.id)
    expect(hers.get_by_role("heading", name="No longer in here")).to_be_focused()
    expect(hers.get_by_label("Not sent")).to_have_value("Halb getippt")
    expect(hers.locator("#main")).not_to_contain_text("Nur für die Runde")
    expect(hers.locator("aside.context")).to_have_count(0)
    write(his, "Es geht weiter")
    expect(his.locator(".msg[data-rev]", has_text="Es geht weiter")).to_be_visible()
    hers.get_by_role("link", name="All conversations").click()
    hers.wait_for_url("**/chats")


def test_who_leaves_an_audience_has_nothing_of_it_left_on_the_device(visit: Visit, jana: Actor, bernd: Actor) -> None:
    jana.do("people.profile", site="Auenried")
    shown = bernd.do("feed.publish", kind="idea", title="Nur für Auenried", text="Dach", lines=[{"site": "auenried"}])
    path = f"/posts/{shown['post']}"
    page = visit(jana, path)
    expect(page.locator("#main")).to_contain_text("Nur für Auenried")
    for url in (path, "/"):
        kept(page, jana, url)
    before = {row["url"]: row["at"] for row in stored(page, jana, "pages")}
    jana.do("people.profile", site="")
    for _ in range(400):
        now = {row["url"]: row["at"] for row in stored(page, jana, "pages")}
        if path not in now and now.get("/", 0) > before["/"]:
            break
        page.wait_for_timeout(15)
    assert path not in now, "what was read of it"
    assert now["/"] > before["/"], "lists that may have shown something of it are kept anew"
    page.context.set_offline(True)
    page.goto(page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
