"""Without JavaScript: far enough to read and to post."""

from playwright.sync_api import expect

from tests import cast

from .conftest import Enter, Visit
from .town import Actor, Town


def test_sign_in_read_and_post_with_forms_alone(enter: Enter, jana: Actor, bernd: Actor, town: Town, room: int) -> None:
    bernd.say(room, "Kommt an, auch ohne Skript")
    page = enter(java_script_enabled=False).new_page()
    page.goto(f"{town.url}/sign-in")
    page.locator("input[name=email]").fill(jana.email)
    page.locator("input[name=password]").fill(cast.PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.goto(f"{town.url}/c/{room}")
    expect(page.locator(".msg")).to_contain_text("Kommt an, auch ohne Skript")
    page.fill("#say", "Antwort\nin zwei Zeilen")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".msg").last).to_contain_text("in zwei Zeilen")
    assert bernd.messages(room)[-1] == "Antwort\nin zwei Zeilen"
    expect(page.locator(".needs-js:visible")).to_have_count(0)


def test_earlier_messages_by_a_link(
    visit: Visit, enter: Enter, jana: Actor, bernd: Actor, town: Town, room: int
) -> None:
    seqs = [bernd.say(room, f"Nummer {number}") for number in range(130)]
    jana.do("chat.read", room, topic=0, seq=seqs[-1])
    page = enter(jana, java_script_enabled=False).new_page()
    page.goto(f"{town.url}/c/{room}")
    while page.locator(f"#m-{room}-{seqs[0]}").count() == 0:
        page.locator("[data-earlier]").click()
    assert "Nummer 0" in page.locator(f"#m-{room}-{seqs[0]}").inner_text()


def test_a_text_that_is_refused_comes_back(enter: Enter, jana: Actor, town: Town, room: int) -> None:
    page = enter(jana, java_script_enabled=False).new_page()
    page.goto(f"{town.url}/c/{room}")
    page.fill("#say", "x" * 10_050)
    page.get_by_role("button", name="Send", exact=True).click()
    assert "x" * 10_050 in page.content()
