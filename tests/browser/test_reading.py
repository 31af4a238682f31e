"""What is new and what was read, in step on all devices of one person; drafts that no device loses."""

from playwright.sync_api import Page, expect

from .conftest import Visit, alive, go, stored, until
from .outbox import write
from .town import Actor, Town


def has_focus(page: Page) -> None:
    """Only what is looked at counts as read."""
    page.bring_to_front()


def nothing_unsent(page: Page, who: Actor) -> None:
    """Wait until this device's outbox is empty."""
    for _ in range(500):
        if not stored(page, who, "outbox"):
            return
        page.wait_for_timeout(15)
    raise AssertionError("the outbox does not get empty")


def test_it_opens_at_the_first_unread_message_with_a_line_above(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    seqs = [bernd.say(room, f"Nummer {number}") for number in range(120)]
    jana.do("chat.read", room, topic=0, seq=seqs[59])
    page = visit(jana, f"/c/{room}")
    line = page.locator("#unread")
    expect(line).to_be_in_viewport()
    following = line.evaluate(
        "line => { let m = line; do m = m.nextElementSibling; while (!m.dataset.rev); return m.id; }"
    )
    assert following == f"m-{room}-{seqs[60]}"


def test_reading_on_one_device_is_read_on_the_other(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    desk = visit(jana, "/chats")
    bernd.say(room, "Neuigkeit")
    number = desk.locator(f".nav-item[data-place='{room}'] [data-unread]")
    expect(number).to_contain_text("1")
    phone = visit(jana, f"/c/{room}")
    has_focus(phone)
    expect(phone.locator("#unread")).to_be_visible()
    expect(number).to_have_text("")


def test_unread_from_here_stays_unread_and_says_so_elsewhere(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    seqs = [bernd.say(room, f"Nummer {number}") for number in range(4)]
    desk, phone = visit(jana, "/chats"), visit(jana, f"/c/{room}")
    has_focus(phone)
    number = desk.locator(f".nav-item[data-place='{room}'] [data-unread]")
    expect(number).to_have_text("")
    message = phone.locator(f"#m-{room}-{seqs[2]}")
    message.hover()
    message.locator(".more-btn").click()
    phone.locator("#act-sheet [data-act=unread]").click()
    expect(number).to_contain_text("2")
    phone.mouse.wheel(0, -50)
    nothing_unsent(phone, jana)
    expect(number).to_contain_text("2")


def test_a_draft_is_there_after_a_reload_at_once(visit: Visit, jana: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}")
    page.fill("#say", "angefangen")
    until(page, "() => true")
    for _ in range(400):
        if stored(page, jana, "drafts"):
            break
        page.wait_for_timeout(15)
    page.reload()
    alive(page)
    expect(page.locator("#say")).to_have_value("angefangen")
    write(page, "angefangen und fertig")
    expect(page.locator(".msg[data-rev]")).to_have_count(1)
    page.reload()
    alive(page)
    expect(page.locator("#say")).to_have_value("")


def test_a_draft_comes_along_to_the_other_device(visit: Visit, jana: Actor, room: int) -> None:
    phone, desk = visit(jana, f"/c/{room}"), visit(jana, f"/c/{room}")
    phone.fill("#say", "auf dem Telefon begonnen")
    expect(desk.locator("#say")).to_have_value("auf dem Telefon begonnen")
    write(desk, "auf dem Telefon begonnen, am Schreibtisch gesendet")
    expect(phone.locator(".msg[data-rev]")).to_have_count(1)
    expect(phone.locator("#say")).to_have_value("")


def test_two_devices_that_both_changed_it_keep_both_texts(visit: Visit, jana: Actor, town: Town, room: int) -> None:
    phone = visit(jana, f"/c/{room}")
    phone.context.set_offline(True)
    phone.fill("#say", "im Funkloch geschrieben")
    for _ in range(400):
        if stored(phone, jana, "drafts"):
            break
        phone.wait_for_timeout(15)
    desk = visit(jana, f"/c/{room}")
    desk.fill("#say", "am Schreibtisch geschrieben")
    until(desk, "() => !document.hidden")
    nothing_saved_yet = f"draft/{room}/0"
    give_up = 400
    while "Schreibtisch" not in jana.get(f"/c/{room}").text and give_up:
        desk.wait_for_timeout(15)
        give_up -= 1
    assert give_up, nothing_saved_yet
    phone.context.set_offline(False)
    go(phone, f"{town.url}/c/{room}")
    expect(phone.locator("#say")).to_have_value("im Funkloch geschrieben")
    expect(phone.locator("#conflict")).to_contain_text("am Schreibtisch geschrieben")
    phone.locator("#conflict button").click()
    expect(phone.locator("#say")).to_have_value("am Schreibtisch geschrieben")
    expect(phone.locator("#conflict")).to_contain_text("im Funkloch geschrieben")


def test_a_refused_message_keeps_its_text_and_its_copy_is_at_hand(
    visit: Visit, jana: Actor, bernd: Actor, town: Town, room: int
) -> None:
    page = visit(jana, f"/c/{room}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=town.url)
    bernd.do("channels.archive", room)
    write(page, "Mühsam getippt")
    expect(page.locator("[data-echo].refused")).to_be_visible()
    go(page, f"{town.url}/outbox")
    page.get_by_role("button", name="Copy text").click()
    expect(page.locator("#toasts")).to_contain_text("Text copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "Mühsam getippt"
