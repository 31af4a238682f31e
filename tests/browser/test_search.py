"""Looking for something: what is there, what leads to it, and what is nobody else's."""

import re

from playwright.sync_api import expect

from .conftest import PHONE, Visit, go
from .town import Actor, Town


def test_what_one_may_read_is_found_and_leads_to_its_place(
    visit: Visit, jana: Actor, bernd: Actor, town: Town, room: int
) -> None:
    olga = town.people["olga"]
    first = bernd.say(room, "Am Kran hängt die Hebebühnensteuerung schief.")
    for number in range(60):
        bernd.say(room, f"Danach Nummer {number}")
    bernd.say(bernd.channel("Nur für Bernd", kind="private"), "Hebebühnensteuerung, vertraulich.")
    bernd.do("feed.publish", kind="idea", title="Hebebühnensteuerung für drinnen", text="Geheim.", lines=["office;;"])
    post = bernd.do("feed.publish", kind="idea", title="Neue Bühne", text="Die Hebebühnensteuerungen ersetzen?")["post"]
    olga.do("customers.make", number="40100", name="Hebebühnensteuerung Nord", segment="Bau")

    page = visit(jana, "/search")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("hebebuehnensteuerung")  # as it is typed where there is no ü
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=hebebuehnensteuerung")
    expect(page.locator("main section h2")).to_have_text(["Customers", "Posts", "Messages"])
    hits = page.locator(".hit")
    expect(hits).to_have_count(3)
    expect(page.locator("main")).not_to_contain_text("vertraulich")
    expect(page.locator("main")).not_to_contain_text("drinnen")
    hits.last.click()
    page.wait_for_url(re.compile(rf"/c/{room}\?"))
    expect(page.locator(f"#m-{room}-{first}")).to_be_in_viewport()  # sixty messages back

    page.go_back()
    page.get_by_role("navigation", name="Kind").get_by_role("link", name="Posts").click()
    page.wait_for_url("**kind=posts")
    expect(hits).to_have_count(1)
    hits.first.click()
    page.wait_for_url(f"**/posts/{post}*")
    bernd.do("feed.edit", post=post, base=1, title="Neue Bühne", text="Die Steuerung ersetzen?")
    go(page, f"{town.url}/search?q=hebebühnensteuerung&kind=posts")
    expect(page.locator("main")).to_contain_text("Nothing found")  # what it said before is found no longer


def test_on_a_phone_names_are_found_and_nothing_is_an_answer_too(visit: Visit, jana: Actor, bernd: Actor) -> None:
    page = visit(jana, "/feed", viewport=PHONE, has_touch=True)
    page.locator(".bar").get_by_role("link", name="Search").tap()
    page.wait_for_url("**/search")
    page.locator("#q").fill("oltmanns")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=oltmanns")
    page.locator("section", has=page.locator("#people")).locator(".hit").first.tap()
    page.wait_for_url(f"**/p/{bernd.id}")
    page.goto(f"{jana.town.url}/search?q=xyzzyplugh")
    empty = page.locator(".empty")
    expect(empty).to_contain_text("Nothing found")
    expect(empty.get_by_role("link", name="Ask somebody")).to_be_visible()
