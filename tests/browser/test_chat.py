"""Two people chatting, each in a browser of their own."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from .conftest import DESK, PHONE, Visit, until
from .outbox import write
from .town import Actor, Town


def message(page: Page, text: str) -> Locator:
    """The delivered message with this text."""
    return page.locator(".msg[data-rev]", has_text=text)


def menu(page: Page, text: str, act: str) -> None:
    """Choose something in the sheet of a message."""
    message(page, text).hover()
    message(page, text).locator(".more-btn").click()
    page.locator(f"#act-sheet [data-act={act}]").click()


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


def test_who_writes_and_who_is_here_is_whispered(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Guten Morgen")
    hers, his = visit(jana, f"/c/{room}"), visit(bernd, f"/c/{room}")
    expect(hers.locator("[data-here]")).to_contain_text("1 here now")
    his.locator("#say").press_sequentially("Ich")
    expect(hers.locator("[data-typing]")).to_have_text("Bernd Oltmanns is writing")
    his.locator("#say").press("Enter")
    expect(message(hers, "Ich")).to_be_visible()
    expect(hers.locator("[data-typing]")).to_have_text("")
    his.close()
    expect(hers.locator("[data-here]")).to_have_text("")


def test_reactions_count_at_once_on_both_sides(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Wer kommt mit?")
    hers, his = visit(jana, f"/c/{room}"), visit(bernd, f"/c/{room}")
    message(hers, "Wer kommt").hover()
    message(hers, "Wer kommt").locator(".more-btn").click()
    hers.locator("#act-sheet [data-emoji='👍']").click()
    own = message(hers, "Wer kommt").locator(".react[data-emoji='👍']")
    expect(own).to_have_attribute("aria-pressed", "true")
    theirs = message(his, "Wer kommt").locator(".react[data-emoji='👍']")
    expect(theirs).to_contain_text("1")
    expect(theirs).to_have_attribute("aria-pressed", "false")
    theirs.click()
    expect(own).to_contain_text("2")
    own.click()
    expect(theirs).to_contain_text("1")
    expect(own).to_have_attribute("aria-pressed", "false")


def test_any_emoji_from_the_picker_by_its_name(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Geschafft")
    page = visit(jana, f"/c/{room}")
    menu(page, "Geschafft", "emoji")
    page.get_by_role("searchbox").fill("rocket")
    page.locator(".emoji-grid button").first.click()
    expect(message(page, "Geschafft").locator(".react[data-emoji='🚀']")).to_have_attribute("aria-pressed", "true")
    page.locator("#say").press_sequentially("fertig :rocke")
    page.locator("#suggest [role=option]").first.click()
    expect(page.locator("#say")).to_have_value("fertig 🚀 ")


def test_an_edit_reaches_everybody_and_says_so(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    jana.say(room, "Termin am Dienstag")
    hers, his = visit(jana, f"/c/{room}"), visit(bernd, f"/c/{room}")
    hers.fill("#say", "ein angefangener Satz")
    menu(hers, "Termin", "edit")
    expect(hers.locator("#say")).to_have_value("Termin am Dienstag")
    hers.fill("#say", "Termin am Mittwoch")
    hers.press("#say", "Enter")
    expect(message(his, "Termin am Mittwoch").locator(".from small")).to_have_text("edited")
    expect(hers.locator("#say")).to_have_value("ein angefangener Satz")


def test_a_deleted_message_leaves_a_tombstone_for_all(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    seq = jana.say(room, "Das war ein Irrtum")
    hers, his = visit(jana, f"/c/{room}"), visit(bernd, f"/c/{room}")
    menu(hers, "Irrtum", "delete")
    for page in (hers, his):
        expect(page.locator(f"#m-{room}-{seq}")).to_have_text("deleted")
        expect(page.get_by_text("Das war ein Irrtum")).to_have_count(0)


def test_only_own_messages_offer_to_be_changed(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Nicht von ihr")
    page = visit(jana, f"/c/{room}")
    message(page, "Nicht von ihr").hover()
    message(page, "Nicht von ihr").locator(".more-btn").click()
    expect(page.locator("#act-sheet [data-act=reply]")).to_be_visible()
    expect(page.locator("#act-sheet [data-act=edit]")).to_be_hidden()
    expect(page.locator("#act-sheet [data-act=delete]")).to_be_hidden()


def test_pinning_shows_the_mark_to_all(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Türcode 4711")
    hers, his = visit(jana, f"/c/{room}"), visit(bernd, f"/c/{room}")
    menu(his, "Türcode", "pin")
    expect(message(hers, "Türcode").locator(".mark")).to_be_visible()
    menu(his, "Türcode", "pin")
    expect(message(hers, "Türcode").locator(".mark")).to_have_count(0)


def test_the_list_of_pins_follows_what_is_pinned_changed_and_deleted(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    seq = bernd.say(room, "Türcode 4711")
    page = visit(jana, f"/c/{room}", viewport=DESK)
    pins = page.locator("#pins .row")
    expect(pins).to_have_count(0)
    bernd.do("chat.pin", room, message=seq, on=True)
    expect(pins).to_contain_text("Türcode 4711")
    bernd.do("chat.edit", room, message=seq, text="Türcode 4712")
    expect(pins).to_contain_text("Türcode 4712")
    bernd.do("chat.delete", room, message=seq)
    expect(pins).to_have_count(0)
    expect(page.locator("#pins .hint")).to_be_visible()


def test_an_answer_quotes_and_leads_to_what_it_answers(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    seq = bernd.say(room, "Passt 14 Uhr?")
    page = visit(jana, f"/c/{room}")
    menu(page, "Passt 14 Uhr", "reply")
    expect(page.locator("#answering")).to_contain_text("Bernd Oltmanns")
    write(page, "Ja")
    quote = page.locator(".msg[data-rev] .quote")
    expect(quote).to_contain_text("Passt 14 Uhr?")
    expect(page.locator("#answering")).to_be_hidden()
    quote.click()
    expect(page.locator(f"#m-{room}-{seq}")).to_be_focused()


def test_a_message_moves_to_a_topic_named_on_the_way(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Die Pumpe tropft")
    bernd.say(room, "Mittag?")
    hers, his = visit(jana, f"/c/{room}"), visit(bernd, f"/c/{room}")
    menu(his, "Pumpe", "move")
    his.fill("#topic-sheet [name=topic_name]", "Pumpe Halle 3")
    his.locator("#topic-sheet .main-act").click()
    expect(message(hers, "Die Pumpe tropft")).not_to_have_attribute("data-topic", "0")
    row = hers.locator(f"[data-list='topics-{room}'] a", has_text="Pumpe Halle 3")
    expect(row).to_have_count(1)
    his.goto(f"{his.url.partition('/c/')[0]}{row.get_attribute('href')}")
    expect(message(his, "Die Pumpe tropft")).to_have_count(1)
    expect(message(his, "Mittag?")).to_have_count(0)


def test_writing_in_a_topic_stays_in_it(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    seq = bernd.say(room, "Angebot Weber", topic_name="Weber")
    topic = re.search(rf'id="m-{room}-{seq}"[^>]*data-topic="(\d+)"', bernd.get(f"/c/{room}").text)
    assert topic
    page = visit(jana, f"/c/{room}/t/{topic[1]}")
    write(page, "Ist raus")
    expect(message(page, "Ist raus")).to_have_attribute("data-topic", topic[1])


def test_a_message_for_later_waits_on_the_outbox_page_with_its_time(
    visit: Visit, jana: Actor, town: Town, room: int
) -> None:
    page = visit(jana, f"/c/{room}", timezone_id="America/New_York")
    page.fill("#say", "Guten Morgen zusammen")
    page.locator("[data-act=later]").click()
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    page.fill("#f-at", tomorrow.strftime("%Y-%m-%dT08:30"))
    page.locator("#later-sheet [value=plan]").click()
    expect(page.locator("#toasts")).to_contain_text("08:30")
    expect(page.locator("#say")).to_have_value("")
    assert jana.messages(room) == []
    until(page, "() => !document.querySelector('[data-outbox-count]').textContent")
    page.goto(f"{town.url}/outbox")
    planned = page.locator("[data-mine^='sched/']")
    expect(planned).to_contain_text("Guten Morgen zusammen")
    expect(planned).to_contain_text("8:30")
    planned.get_by_role("button", name="Do not send").click()
    expect(page).to_have_url(f"{town.url}/later")
    page.goto(f"{town.url}/outbox")
    expect(page.locator("#out-empty")).to_be_visible()


def test_mentions_are_offered_and_large_audiences_announced(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}")
    page.route("**/people.json", lambda route: route.fulfill(json={
        "people": [{"id": bernd.id, "name": bernd.name, "side": "office"}],
        "teams": [{"id": 3, "name": "Service", "size": 14}], "all": 40,
    }))  # fmt: skip
    field = page.locator("#say")
    field.press_sequentially("Hallo @olt")
    expect(page.locator("#suggest [role=option]")).to_contain_text("Bernd Oltmanns")
    field.press("Enter")
    expect(field).to_have_value("Hallo @Bernd Oltmanns ")
    expect(page.locator("#warning")).to_be_hidden()
    field.press_sequentially("und @Servi")
    field.press("Tab")
    expect(page.locator("#warning")).to_contain_text("14 people")
    field.fill("Hallo @Bernd Oltmanns ")
    field.press("Enter")
    expect(message(page, "Hallo").locator(".mention")).to_have_attribute("data-mention", f"p{bernd.id}")


def test_a_mention_of_the_reader_stands_out_for_them_alone(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, f"@[{jana.name}](p:{jana.id}) bitte ansehen")
    expect(visit(jana, f"/c/{room}").locator(".mention")).to_have_class(re.compile("me-too"))
    expect(visit(bernd, f"/c/{room}").locator(".mention")).not_to_have_class(re.compile("me-too"))


def test_a_permalink_opens_at_its_message_and_a_date_at_its_day(
    visit: Visit, jana: Actor, bernd: Actor, town: Town, room: int
) -> None:
    seqs = [bernd.say(room, f"Nummer {number}") for number in range(150)]
    page = visit(jana, f"/c/{room}?at={seqs[20]}#m-{room}-{seqs[20]}")
    expect(page.locator(f"#m-{room}-{seqs[20]}")).to_be_in_viewport()
    expect(page.locator(f"#m-{room}-{seqs[149]}")).to_have_count(0)
    page.locator("[data-to-end]").click()
    expect(page.locator(f"#m-{room}-{seqs[149]}")).to_be_in_viewport()
    page.locator("[data-opens=date-sheet]").click()
    page.fill("#f-on", dt.datetime.now(ZoneInfo("Europe/Berlin")).date().isoformat())
    page.locator("#date-sheet .main-act").click()
    expect(page.locator(f"#m-{room}-{seqs[0]}")).to_be_in_viewport()


def test_who_is_taken_out_sees_nothing_of_the_channel_any_more(visit: Visit, jana: Actor, bernd: Actor) -> None:
    room = bernd.channel("Nicht für immer", jana, kind="private")
    bernd.say(room, "Vertraulich")
    page = visit(jana, f"/c/{room}")
    bernd.do("channels.remove", room, person=jana.id)
    expect(page.get_by_text("Vertraulich")).to_have_count(0)
    expect(page.locator("#composer")).to_have_count(0)


def test_a_topic_is_ticked_off_beside_the_channel_also_on_a_phone(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    bernd.say(room, "Der Zweite reißt", topic_name="Dichtung")
    page = visit(jana, f"/c/{room}", viewport=PHONE)
    page.get_by_role("button", name="Topics, pinned, people").click()
    topics = page.locator(f"[data-list='topics-{room}']")
    expect(topics.get_by_role("link")).to_have_text(re.compile(r"^DichtungBernd Oltmanns, \d\d:\d\d ?$"))
    topics.get_by_role("button", name="Dichtung: done").click()
    expect(topics.locator("[data-closed]")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(topics.locator("[data-closed]")).to_have_count(0)
    page.get_by_role("button", name="Topics, pinned, people").click()
    expect(topics.get_by_role("button", name="Dichtung: done")).to_be_visible()


def test_more_about_a_message_opens_with_one_tap_while_writing(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    for number in range(20):
        bernd.say(room, f"Zeile {number}")
    page = visit(jana, f"/c/{room}?at=end", viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("#say").tap()
    expect(page.locator(".composer-more")).to_be_visible()
    page.locator(".more-btn").nth(-2).tap()  # takes the focus from the field, which grows smaller only afterwards
    expect(page.locator("#act-sheet")).to_be_visible()
