"""Somebody is taken out of a channel while it is open before them."""

import pytest
from playwright.sync_api import expect

from .conftest import DESK, PHONE, Visit
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
