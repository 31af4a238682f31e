"""The feed on a phone and on a desk: what a customer said, from a dead zone; acknowledging there; two people live."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import PHONE, Visit, alive, go, kept, sent, until
from .place import photo
from .town import Actor, Town

MOST_TAPS = 8
MOST_FIELDS = 2


class Thumb:
    """A thumb that counts: taps and fields that are typed into."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.fields = page, 0, 0

    def tap(self, selector: str) -> None:
        self.taps += 1
        self.page.locator(selector).tap()

    def type(self, selector: str, text: str) -> None:
        self.tap(selector)
        self.fields += 1
        self.page.keyboard.type(text)


def test_what_a_customer_said_goes_from_a_dead_zone_with_its_photo(
    visit: Visit, jana: Actor, bernd: Actor, town: Town, tmp_path: Path
) -> None:
    olga = town.people["olga"]
    olga.do("customers.make", number="30100", name="Brauerei Kranichhof", segment="Getränke", field_person=jana.id)
    olga.do("products.make", name="Kreiselpumpe Q-25", number="Q-25")
    page = visit(jana, "/feed", viewport=PHONE, has_touch=True)
    for url in ("/feed", "/new", "/feed/new?kind=feedback"):
        kept(page, jana, url)
    town.kill()

    thumb = Thumb(page)
    thumb.tap(".bar .new")
    page.wait_for_url("**/new")
    thumb.tap("#new-sheet a:has-text('Customer voice')")
    page.wait_for_url("**/feed/new?kind=feedback")
    alive(page)
    with page.expect_file_chooser() as chooser:
        thumb.tap(".first2 [data-act=photo]")
    chooser.value.set_files(photo(tmp_path, "pumpe.jpg"))
    expect(page.locator("#tiles .attached")).to_have_count(1)
    thumb.tap("[data-quick=customer] >> text=Brauerei Kranichhof")
    thumb.tap("[data-quick=product] >> text=Kreiselpumpe Q-25")
    thumb.type("#f-text", "Nach dem Reinigen steht Wasser unter der Pumpe.")
    thumb.tap(".chip:has([name=urgency][value='2'])")
    thumb.tap("[data-publish]")
    assert thumb.taps <= MOST_TAPS
    assert thumb.fields <= MOST_FIELDS

    page.wait_for_url("**/feed")
    waiting = page.locator("[data-unsent] [data-echo]")
    expect(waiting).to_contain_text("steht Wasser unter der Pumpe")
    expect(waiting).to_contain_text("waiting for the network")
    expect(waiting.locator(".file")).to_have_count(1)
    page.reload()
    expect(waiting).to_have_count(1)

    town.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    post = page.locator("[data-list=feed] .post", has_text="steht Wasser unter der Pumpe")
    expect(post).to_have_count(1, timeout=20_000)
    expect(waiting).to_have_count(0)
    expect(post.locator(".files img")).to_have_count(1, timeout=20_000)
    expect(post).to_contain_text("Brauerei Kranichhof")
    expect(post).to_contain_text("urgent")
    seen = bernd.get("/feed?kind=feedback").text
    assert seen.count("Nach dem Reinigen steht Wasser unter der Pumpe.") == 1
    number = re.search(r'id="post-(\d+)"', seen)
    assert number
    assert "/preview/" in bernd.get(f"/posts/{number[1]}").text, "the photo came with it"


def test_acknowledging_in_a_dead_zone_is_kept_and_counted(visit: Visit, jana: Actor, town: Town) -> None:
    olga = town.people["olga"]
    post = olga.do("feed.publish", kind="news", title="Werkfahrt am Freitag", text="Bitte lesen.", ack=True)["post"]
    page = visit(jana, "/feed", viewport=PHONE)
    kept(page, jana, "/feed")
    town.kill()
    box = page.locator(f"#post-{post} .confirm")
    box.get_by_role("button", name="Read and understood").click()
    expect(box).to_contain_text("Waits for a network")
    page.reload()
    alive(page)
    expect(box).to_contain_text("Waits for a network")

    town.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(box).to_contain_text("You have acknowledged this.", timeout=20_000)
    assert "<b>1</b>" in olga.get(f"/posts/{post}/acks").text
    assert 'data-act="acknowledge"' in olga.get(f"/posts/{post}").text, "one fragment for all"
    own = visit(olga, f"/posts/{post}")
    expect(own.locator(".confirm [data-acks]")).to_be_visible()
    expect(own.locator(".confirm button")).to_have_count(0)


def top(page: Page) -> str:
    """The headline of the first post of the list."""
    return page.locator("[data-list=feed] .entry h2").first.inner_text()


def test_two_people_live_new_posts_by_a_bar_older_ones_on_demand(visit: Visit, jana: Actor, bernd: Actor) -> None:
    for number in range(21):
        bernd.do("feed.publish", kind="idea", title=f"Idee {number}", text="Regal beschriften.")
    page, other = visit(jana, "/feed", viewport=PHONE), visit(bernd, "/feed")
    assert top(page) == "Idee 20"

    for title in ("Neu eins", "Neu zwei"):
        bernd.do("feed.publish", kind="idea", title=title, text="Jetzt.")
    bar = page.locator("[data-newer-posts]")
    expect(bar).to_contain_text("2 new posts")
    assert top(page) == "Idee 20", "nothing moves by itself"
    bar.get_by_role("button").click()
    expect(page.locator("[data-list=feed] .entry h2").first).to_have_text("Neu zwei")
    expect(bar).to_have_attribute("hidden", "")
    until(page, "() => document.activeElement.matches('[data-list=feed] .entry:first-child .post')")
    expect(other.locator("[data-list=feed] .entry h2").first).to_have_text("Neu zwei")  # one's own need no bar

    entry = page.locator("[data-list=feed] .entry").first
    entry.locator("[data-act=like]").first.click()
    theirs = other.locator("[data-list=feed] .entry").first
    expect(theirs.locator(".post-acts [data-act=like] .n")).to_have_text("1")
    theirs.locator("[data-act=comments]").click()
    theirs.locator("form[data-say] textarea").fill("Das mache ich.")
    theirs.locator("form[data-say] button").click()
    expect(entry.locator(".comment")).to_contain_text("Das mache ich.")
    expect(entry.locator(".post-acts [data-act=like]")).to_have_attribute("aria-pressed", "true")
    entry.locator("form[data-say] textarea").fill("Danke!")
    entry.locator("form[data-say] button").click()
    expect(theirs.locator(".comment:not([data-echo])")).to_have_count(2)

    before = page.locator("[data-list=feed] > .entry").count()
    page.locator("[data-older]").click()
    until(page, "(before) => document.querySelectorAll('[data-list=feed] > .entry').length > before", before)
    assert top(page) == "Neu zwei"
    page.locator(".more-btn").first.click()
    menu = page.locator("#post-sheet")
    menu.get_by_role("button", name="Keep for later").click()
    expect(menu).to_be_hidden()
    sent(page, jana)
    go(page, f"{jana.town.url}/feed/saved")
    expect(page.locator(".entry h2").first).to_have_text("Neu zwei")


def test_a_post_is_written_by_keyboard_and_its_draft_saves_itself(visit: Visit, town: Town) -> None:
    olga = town.people["olga"]
    page = visit(olga, "/feed/new")
    page.locator("#f-title").focus()
    page.keyboard.type("Winterreifen")
    page.keyboard.press("Enter")
    page.keyboard.type("Alle Wagen bekommen **neue** Reifen.")
    expect(page.locator("[data-saved]")).to_contain_text("saved")
    draft = re.search(r"/feed/new\?draft=([\w-]+)", olga.get("/feed/drafts").text)
    assert draft
    go(page, f"{town.url}/feed/new?draft={draft[1]}")
    expect(page.locator("#f-title")).to_have_value("Winterreifen")

    rev = int(page.locator("#post").get_attribute("data-rev") or 0)
    page.locator("#f-text").press("End")
    olga.do("feed.draft", draft=draft[1], base=rev, kind="news", title="Winterreifen", text="Von anderswo.")
    expect(page.locator("#f-text")).to_have_value("Von anderswo.")  # nothing was typed here since
    page.locator("#f-text").fill("Hier geschrieben.")
    olga.do("feed.draft", draft=draft[1], base=rev + 1, kind="news", title="Winterreifen", text="Noch einmal anderswo.")
    conflict = page.locator("[data-conflict]")
    expect(conflict).to_contain_text("Noch einmal anderswo.")
    conflict.get_by_role("button", name="Keep this one").click()
    page.locator("[name=ack]").check()
    page.locator("[data-publish]").click()
    page.wait_for_url(re.compile(r"/posts/\d+$"))
    expect(page.locator(".post h2")).to_have_text("Winterreifen")
    expect(page.locator(".post .text").first).to_have_text("Hier geschrieben.")
    assert draft[1] not in olga.get("/feed/drafts").text

    channel = olga.channel("Reifen", town.people["jana"])
    page.locator("[data-act=share]").click()
    page.locator("#share-sheet .choice", has_text="Reifen").click()
    page.locator("#share-sheet [value=share]").click()
    reader = visit(town.people["jana"], f"/c/{channel}")
    expect(reader.locator(".msg .shared")).to_contain_text("Winterreifen")
