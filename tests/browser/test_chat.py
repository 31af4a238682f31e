"""Two people chatting, each in a browser of their own."""

from playwright.sync_api import Locator, Page, expect

from .conftest import Visit
from .town import Actor


def write(page: Page, text: str) -> None:
    """Type and send."""
    page.fill("#say", text)
    page.press("#say", "Enter")


def message(page: Page, text: str) -> Locator:
    """The delivered message with this text."""
    return page.locator(".msg[data-rev]", has_text=text)


def test_what_one_writes_the_other_sees_at_once_and_the_echo_goes(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    hers, his = visit(jana, f"/c/{room}"), visit(bernd, f"/c/{room}")
    write(hers, "Kessel steht, **Abnahme** morgen")
    expect(message(his, "Kessel steht")).to_have_count(1)
    expect(message(hers, "Kessel steht").locator("strong")).to_have_text("Abnahme")
    expect(hers.locator("[data-echo]")).to_have_count(0)
    write(his, "Danke!")
    expect(message(hers, "Danke!")).to_be_visible()
