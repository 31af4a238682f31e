"""Posts written and changed in the browser: in one form, from a dead zone, by two people."""

import json
import re
import time
from pathlib import Path

from playwright.sync_api import Route, expect

from .axe import violations
from .conftest import NO_WORKER, PHONE, Visit, alive, go, kept, sent
from .place import photo
from .town import Actor, Town


def test_a_post_is_changed_in_the_form_it_was_written_in_from_a_dead_zone_too(
    visit: Visit, jana: Actor, bernd: Actor, town: Town, tmp_path: Path
) -> None:
    olga = town.people["olga"]
    brewery = olga.do("customers.make", number="30200", name="Brauerei Ammersee", segment="Getränke")["customer"]
    fields = {"kind": "feedback", "text": "Die Dichtung tropft.", "customer": brewery, "urgency": 2}
    post = int(jana.do("feed.publish", authors=[bernd.id], **fields)["post"])
    page = visit(jana, f"/posts/{post}", viewport=PHONE, has_touch=True)
    kept(page, jana)
    go(page, f"{town.url}/posts/{post}/edit")
    kept(page, jana)
    expect(page.locator("#f-customer")).to_have_value("Brauerei Ammersee")
    expect(page.locator("[name=urgency][value='2']")).to_be_checked()
    expect(page.locator("[data-several=authors] .chip")).to_have_text("Bernd Oltmanns")
    expect(page.locator("#f-title")).to_be_hidden()

    town.kill()
    page.locator("#f-text").fill("Die Dichtung tropft seit Montag.")
    page.locator(".chip:has([name=urgency][value='1'])").tap()
    with page.expect_file_chooser() as chooser:
        page.locator(".tools [data-act=photo]").tap()
    chooser.value.set_files(photo(tmp_path, "dichtung.jpg"))
    expect(page.locator("#tiles .attached")).to_have_count(1)
    page.locator("[data-publish]").tap()
    page.wait_for_url(f"**/posts/{post}")
    waits = page.locator(".edit-echo")
    expect(waits).to_contain_text("Your change waits for the network")
    go(page, f"{town.url}/posts/{post}/edit")  # it stands in the form again, and is gone on with
    expect(page.locator("#f-text")).to_have_value("Die Dichtung tropft seit Montag.")
    expect(page.locator("#tiles .attached")).to_have_count(1)
    page.locator("#f-text").fill("Die Dichtung tropft seit Montag, im Heißteil.")
    page.locator("[data-publish]").tap()
    page.wait_for_url(f"**/posts/{post}")

    town.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    shown = page.locator(f"#post-{post}")
    expect(shown).to_contain_text("seit Montag, im Heißteil", timeout=20_000)
    expect(waits).to_have_count(0)
    expect(shown.locator(".files img")).to_have_count(1, timeout=20_000)
    expect(shown).to_contain_text("soon")
    expect(shown).to_contain_text("Brauerei Ammersee")
    assert shown.get_attribute("data-version") == "2", "two attempts made one change"


def test_over_a_newer_version_both_texts_stand_there_until_one_is_chosen(visit: Visit, jana: Actor, town: Town) -> None:
    olga = town.people["olga"]
    dutch = {"lang": "nl", "title": "Hal 4", "text": "Draait."}
    news = {"kind": "news", "lang": "de", "title": "Halle 4", "text": "Sie läuft.", "versions": [dutch]}
    post = int(olga.do("feed.publish", authors=[jana.id], **news)["post"])
    page = visit(olga, f"/posts/{post}/edit")
    page.locator("[data-lang=nl]").click()
    expect(page.locator("#f-text")).to_have_value("Draait.")
    page.locator("#f-text").fill("Draait sinds maandag.")
    page.locator("[data-lang=de]").click()
    page.locator("#f-text").fill("Sie läuft seit Montag.")
    jana.do("feed.edit", post=post, base=1, title="Halle 4", text="Sie läuft wieder.")
    page.locator("[data-publish]").click()
    conflict = page.locator("[data-conflict]")
    expect(conflict).to_contain_text("Sie läuft wieder.")
    expect(page.locator("#f-text")).to_have_value("Sie läuft seit Montag.")
    go(page, f"{town.url}/posts/{post}")  # left without choosing: nothing is lost
    expect(page.locator(".edit-echo")).to_contain_text("newer version")
    page.locator(".edit-echo a").click()
    page.wait_for_url("**/edit")
    alive(page)
    expect(conflict).to_contain_text("Sie läuft wieder.")
    expect(page.locator("#f-text")).to_have_value("Sie läuft seit Montag.")
    conflict.get_by_role("button", name="Keep this one").click()
    page.locator("[data-publish]").click()
    page.wait_for_url(re.compile(r"/posts/\d+$"))
    expect(page.locator(f"#post-{post} .version[lang=de] .text")).to_have_text("Sie läuft seit Montag.")
    expect(page.locator(f"#post-{post} .version[lang=nl] .text")).to_have_text("Draait sinds maandag.")
    sent(page, olga)
    earlier = olga.get(f"/posts/{post}/earlier").text
    assert "Sie läuft wieder." in earlier
    assert "Draait." in earlier


def test_names_are_offered_while_typing_of_those_alone_who_may_read_it(
    visit: Visit, jana: Actor, bernd: Actor, town: Town
) -> None:
    post = int(jana.do("feed.publish", kind="idea", title="Nur draußen", text="Wer kommt?", lines=["field;;"])["post"])
    page = visit(jana, f"/posts/{post}", reduced_motion="reduce")  # axe looks at colours that stand
    field, box = page.locator("#say-text"), page.locator(".say .suggest")
    field.press_sequentially("Frag @meh")
    expect(box.locator("[role=option] > span:not(.avatar)")).to_have_text(["Mehmet Aydin"])
    assert not (found := violations(page)), found
    field.press("Enter")
    expect(field).to_have_value("Frag @Mehmet Aydin ")
    with page.expect_response(lambda answer: "q=olt" in answer.url) as asked:
        field.press_sequentially("und @olt")
    assert asked.value.json()["people"] == [], "Bernd is not in the field"
    expect(box).to_be_hidden()
    field.press("ControlOrMeta+Enter")
    mehmet = town.people["mehmet"]
    expect(page.locator(".comment .mention")).to_have_attribute("data-mention", f"p{mehmet.id}")

    phone = visit(bernd, "/feed/new?kind=idea", viewport=PHONE, has_touch=True)
    phone.locator("#f-title").fill("Regal")
    phone.locator("#f-text").press_sequentially("Mit @jan")
    option = phone.locator(".text-in .suggest").get_by_role("option", name="Jana Reuter")
    expect(option).to_be_in_viewport()
    assert (option.bounding_box() or {"height": 0})["height"] >= 44
    option.tap()
    expect(phone.locator("#f-text")).to_have_value("Mit @Jana Reuter ")
    phone.locator("[data-publish]").tap()
    phone.wait_for_url(re.compile(r"/posts/\d+$"))
    expect(phone.locator(".post .text .mention")).to_have_attribute("data-mention", f"p{jana.id}")
    phone.goto(f"{phone.url}/edit")
    expect(phone.locator("#f-text")).to_have_value("Mit @Jana Reuter")


def soon(route: Route) -> None:
    """What is planned for tomorrow is due in a moment: the server's clock cannot be turned, the write's time can."""
    write = json.loads(route.request.post_data or "{}")
    if write.get("at"):
        write["at"] = int(time.time() * 1000) + 1500
    route.continue_(post_data=json.dumps(write))


def test_a_planned_post_goes_out_at_its_time_with_its_files(
    visit: Visit, jana: Actor, bernd: Actor, tmp_path: Path
) -> None:
    reader = visit(bernd, "/feed")
    page = visit(jana, "/feed/new?kind=idea", **NO_WORKER)
    page.locator("#f-title").fill("Leiter im Wagen")
    with page.expect_file_chooser() as chooser:
        page.locator(".tools [data-act=photo]").click()
    chooser.value.set_files(photo(tmp_path, "leiter.jpg"))
    expect(page.locator("#tiles .attached")).to_have_count(1)
    page.locator("[data-times] label").nth(1).click()
    expect(page.locator("[data-publish]")).to_contain_text("Plan for")
    page.locator("[data-publish]").click()
    page.wait_for_url("**/feed/drafts")
    planned = page.locator("li", has_text="Leiter im Wagen")
    expect(planned.get_by_role("button", name="Don’t publish then")).to_be_visible()
    assert "Leiter im Wagen" not in bernd.get("/feed").text

    planned.locator("a.row").click()
    page.wait_for_url("**/feed/new?draft=*")
    alive(page)
    expect(page.locator("#tiles .attached")).to_contain_text("leiter.jpg")
    expect(page.locator("[name=_when][value=other]")).to_be_checked()
    page.route("**/do", soon)
    page.locator("[data-publish]").click()
    page.wait_for_url("**/feed/drafts")
    bar = reader.locator("[data-newer-posts]")
    expect(bar).to_contain_text("new post", timeout=15_000)
    bar.get_by_role("button").click()
    post = reader.locator("[data-list=feed] .post", has_text="Leiter im Wagen")
    expect(post.locator(".files img")).to_have_count(1)
    assert "Leiter im Wagen" not in jana.get("/feed/drafts").text


def test_two_write_one_draft_and_neither_loses_a_word(visit: Visit, jana: Actor, bernd: Actor, town: Town) -> None:
    page = visit(jana, "/feed/new?kind=idea")
    page.locator("#f-title").fill("Werkzeug teilen")
    page.locator("details.more summary").click()
    page.locator("[data-several=authors] .input").press_sequentially("Oltm")
    page.locator("[data-several=authors] [role=option]").first.click()
    page.locator("#f-text").fill("Erste Fassung von Jana.")
    expect(page.locator("[data-saved]")).to_contain_text("saved")
    sent(page, jana)

    found = re.search(r"/feed/new\?draft=([\w-]+)", bernd.get("/feed/drafts").text)
    assert found, "it is among his drafts as well"
    other = visit(bernd, f"/feed/new?draft={found[1]}")
    expect(other.locator("#f-text")).to_have_value("Erste Fassung von Jana.")
    other.locator("#f-text").fill("Bernd schreibt weiter.")
    expect(page.locator("#f-text")).to_have_value("Bernd schreibt weiter.")  # nothing was typed there since

    page.context.set_offline(True)  # both go on from the same text
    page.locator("#f-text").fill("Jana, anders.")
    expect(page.locator("[data-saved]")).to_contain_text("kept on this device")
    with other.expect_response("**/do"):
        other.locator("#f-text").fill("Bernd, noch einmal.")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    conflict = page.locator("[data-conflict]")
    expect(conflict).to_contain_text("Bernd, noch einmal.")
    expect(page.locator("#f-text")).to_have_value("Jana, anders.")
    conflict.get_by_role("button", name="Take that text").click()
    expect(page.locator("#f-text")).to_have_value("Bernd, noch einmal.")
    other.locator("[data-publish]").click()
    other.wait_for_url(re.compile(r"/posts/\d+$"))
    expect(other.locator(".post .by")).to_contain_text("Jana Reuter, Bernd Oltmanns")


def test_praise_goes_to_people_and_teams(visit: Visit, jana: Actor, bernd: Actor, town: Town) -> None:
    town.people["olga"].do("people.team_make", name="Werkstatt Nord")
    page = visit(jana, "/feed/new?kind=praise", viewport=PHONE, has_touch=True)
    expect(page.locator("#f-title")).to_be_hidden()
    page.locator("#f-text").fill("Die Nacht durchgehalten, danke!")
    page.locator("[data-publish]").tap()
    expect(page.locator("[data-problem]")).to_contain_text("Whom is the praise for?")
    page.locator("[data-several=people] .input").press_sequentially("bernd")
    page.locator("[data-several=people] [role=option]").first.tap()
    expect(page.locator("[data-several=people] .chip")).to_have_text("Bernd Oltmanns")
    page.locator(".chip", has_text="Werkstatt Nord").tap()
    page.locator("[data-publish]").tap()
    page.wait_for_url(re.compile(r"/posts/\d+$"))
    expect(page.locator(".praised .pill")).to_have_text([re.compile("Bernd Oltmanns"), re.compile("Werkstatt Nord")])
    assert "Die Nacht durchgehalten" in bernd.get("/").text, "he is told"


def test_for_whom_is_chosen_by_lines_and_counted_while_one_chooses(visit: Visit, jana: Actor, town: Town) -> None:
    town.people["olga"].do("feed.publish", kind="idea", title="Nur für drinnen", lines=["office;;"])
    page = visit(town.people["olga"], "/feed/new?kind=idea")
    picker = page.locator("audience-picker")
    count = picker.locator("fieldset > .reach")
    expect(count).to_contain_text("4 people")
    assert picker.locator("[data-chips] .chip").first.inner_text() == "Everyone"
    office = picker.locator(".chip:has([name=lines][value='office;;'])")
    expect(office).to_be_visible()  # an audience there is already is offered
    office.click()
    expect(count).to_contain_text("2 people")
    expect(picker.locator("[data-everyone]")).not_to_be_checked()
    picker.locator("[data-opens=audience-sheet]").click()
    sheet = page.locator("#audience-sheet")
    expect(sheet.locator("[data-add]")).to_be_disabled()
    sheet.locator("[data-line=side]").select_option("field")
    expect(sheet.locator(".reach")).to_contain_text("2 people")
    sheet.locator("[data-add]").click()
    expect(count).to_contain_text("4 people")
    expect(count).to_contain_text("nobody is counted twice")
    office.click()
    expect(count).to_contain_text("2 people")
    page.locator("#f-title").fill("Nur für draußen")
    page.locator("[data-publish]").click()
    page.wait_for_url(re.compile(r"/posts/\d+$"))
    expect(page.locator(".post .by small")).to_contain_text("in the field")
    number = page.url.rpartition("/")[2]
    assert jana.get(f"/posts/{number}").status_code == 200
    assert town.people["bernd"].get(f"/posts/{number}").status_code == 404
