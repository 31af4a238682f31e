"""Counts, names and lists stay right while nobody loads a page; jumping by keyboard; reading in place with undo."""

import itertools
import re

from playwright.sync_api import Locator, Page, Route, expect

from .conftest import DESK, NO_WORKER, PHONE, Enter, Visit, go, until
from .town import Actor

_number = itertools.count(1)


def entry(page: Page, place: int) -> Locator:
    """A channel's line in the navigation."""
    return page.locator(f"#nav-rooms [data-place='{place}']")


def number(count: Locator) -> int:
    """What a count shows; nothing is 0."""
    return int((count.text_content() or "0").split()[0])


def quiet(actor: Actor, place: int) -> None:
    """Everything of a channel is read by this person."""
    actor.do("chat.read_all", place, seq=2**40)


def test_counts_go_on_by_themselves_and_out_when_read_elsewhere(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    page = visit(jana, "/outbox")
    line = entry(page, room)
    expect(line.locator("[data-unread]")).to_have_text("")
    bernd.say(room, "Eins")
    bernd.say(room, "Zwei")
    expect(line.locator("[data-unread]")).to_have_text("2 new")
    expect(line.locator("[data-mentions]")).to_have_text("")
    waiting = number(page.locator(".nav [data-waiting]"))
    last = bernd.say(room, "@Jana Reuter, hat Sonnfeld noch alte?")
    expect(line.locator("[data-unread]")).to_have_text("3 new")
    expect(line.locator("[data-mentions]")).to_have_text("@")
    expect(page.locator(".nav [data-waiting]")).to_have_text(re.compile(rf"^{waiting + 1}\b"))
    jana.say(room, "Von mir selbst")
    jana.do("chat.read", room, topic=0, seq=last)  # on another device
    expect(line.locator("[data-unread]")).to_have_text("")
    expect(line.locator("[data-mentions]")).to_have_text("")


def test_what_came_between_page_and_socket_is_counted(enter: Enter, jana: Actor, bernd: Actor, room: int) -> None:
    page = enter(jana, **NO_WORKER).new_page()

    def meanwhile(route: Route) -> None:
        bernd.say(room, "Im Tunnel")
        route.continue_()

    page.route("**/kernel/page.js", meanwhile, times=1)  # the page is there, its socket is not
    go(page, f"{jana.town.url}/outbox")
    expect(entry(page, room).locator("[data-unread]")).to_have_text("1 new")


def test_a_deleted_message_is_not_unread_any_more(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    seq = bernd.say(room, "Zurückgenommen")
    page = visit(jana, "/outbox")
    expect(entry(page, room).locator("[data-unread]")).to_have_text("1 new")
    bernd.do("chat.delete", room, message=seq)
    expect(entry(page, room).locator("[data-unread]")).to_have_text("")


def test_channels_come_are_renamed_and_go(visit: Visit, jana: Actor, bernd: Actor) -> None:
    page = visit(jana, "/chats")
    name = f"Touren {next(_number)}"
    place = bernd.channel(name, jana)
    expect(entry(page, place)).to_contain_text(name)
    expect(page.locator(f".talk[data-place='{place}']")).to_contain_text(name)
    bernd.do("channels.change", place, name=f"{name} <b>neu</b>")
    expect(entry(page, place).locator(".name")).to_have_text(f"{name} <b>neu</b>")
    expect(page.locator(f".talk [data-name='{place}']")).to_have_text(f"{name} <b>neu</b>")
    bernd.do("channels.remove", place, person=jana.id)
    expect(entry(page, place)).to_have_count(0)
    expect(page.locator(f".talk[data-place='{place}']")).to_have_count(0)


def test_a_new_direct_conversation_appears_and_waits(visit: Visit, jana: Actor, bernd: Actor) -> None:
    olga = jana.town.people["olga"]
    page = visit(jana, "/")
    place = int(bernd.do("channels.direct", people=[jana.id, olga.id])["place"])
    expect(entry(page, place)).to_contain_text("Bernd Oltmanns, Olga Petersen")
    bernd.say(place, "Nur wir drei")
    expect(entry(page, place).locator("[data-unread]")).to_have_text("1 new")
    expect(page.locator("[data-live]")).to_contain_text("Nur wir drei")


def test_read_in_place_and_undone(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Lampe an")
    page = visit(jana, "/")
    row = page.locator(f"[data-read='{room}/0']")
    row.locator("button").click()
    expect(row).to_have_count(0)
    expect(entry(page, room).locator("[data-unread]")).to_have_text("")
    page.locator(".toast button").click()
    expect(row).to_have_count(1)
    expect(entry(page, room).locator("[data-unread]")).to_have_text("1 new")
    quiet(jana, room)
    expect(row).to_have_count(0)


def test_the_focus_stays_while_lists_change(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Erste")
    page = visit(jana, "/chats")
    page.locator(f".talk[data-place='{room}']").focus()
    bernd.say(room, "Zweite, länger als vorher")
    expect(page.locator(f".talk[data-place='{room}']")).to_contain_text("Zweite")
    assert page.evaluate("document.activeElement.dataset.place") == str(room)


def test_jumping_by_keyboard_with_accents_left_out(visit: Visit, jana: Actor, bernd: Actor) -> None:
    place = bernd.channel(f"Dosiertechnik Öl {next(_number)}", jana)
    page = visit(jana, "/")
    page.keyboard.press("Control+k")
    page.keyboard.type("technik ol")
    option = page.locator("#jump-list [role=option]", has_text="Dosiertechnik Öl").first
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.locator("#jump-to").get_attribute("aria-activedescendant")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/c/{place}$"))


def test_escape_gives_the_focus_back_and_a_phone_searches_from_below(visit: Visit, jana: Actor) -> None:
    page = visit(jana, "/chats", viewport=PHONE)
    page.click(".bar [href='/search']")
    page.wait_for_url("**/search")
    page.click("main [data-opens='jump']")
    expect(page.locator("#jump")).to_be_visible()
    page.fill("#jump-to", "olga")
    expect(page.locator("#jump-list [role=option]").first).to_contain_text("Olga Petersen")
    expect(page.locator("#jump-list [role=option]").last).to_have_attribute("data-href", "/search?q=olga")
    page.keyboard.press("Escape")
    expect(page.locator("#jump")).to_be_hidden()
    until(page, "() => document.activeElement.dataset.opens === 'jump'")


def test_people_are_found_while_typing_and_stay_chosen(visit: Visit, jana: Actor) -> None:
    page = visit(jana, "/channels/direct")
    page.fill("#find", "ber")
    expect(page.locator(".pick")).to_have_count(1)
    page.keyboard.press("Enter")  # the only one
    page.fill("#find", "olga")
    expect(page.locator(".pick", has_text="Olga Petersen")).to_be_visible()
    expect(page.locator(".pick", has_text="Bernd Oltmanns").locator("input")).to_be_checked()
    page.locator(".pick", has_text="Olga Petersen").click()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/c/\d+$"))
    expect(page.locator("h1")).to_have_text("Bernd Oltmanns, Olga Petersen")


def test_a_channel_made_in_a_dead_zone_goes_out_by_itself(visit: Visit, jana: Actor) -> None:
    page = visit(jana, "/channels/new")
    name = f"Funkloch {next(_number)}"
    page.fill("#f-name", name)
    page.context.set_offline(True)
    page.get_by_role("button", name="Make the channel").click()
    expect(page.locator(".toast")).to_contain_text("Waiting for the network")
    assert page.input_value("#f-name") == name
    page.context.set_offline(False)
    expect(page.locator("#nav-rooms .name", has_text=name)).to_be_visible()


def test_a_refusal_keeps_the_form_and_can_be_put_right(visit: Visit, jana: Actor, bernd: Actor) -> None:
    taken = f"Vergeben {next(_number)}"
    bernd.channel(taken)
    page = visit(jana, "/channels/new")
    page.fill("#f-name", taken)
    page.fill("#f-description", "Text bleibt")
    page.get_by_role("button", name="Make the channel").click()
    expect(page.locator(".toast")).to_contain_text(f"There is a channel named “{taken}” already.")
    assert page.input_value("#f-description") == "Text bleibt"
    page.fill("#f-name", f"{taken} nicht")
    page.get_by_role("button", name="Make the channel").click()
    page.wait_for_url(re.compile(r"/c/\d+$"))


def test_a_star_moves_the_channel_up(visit: Visit, jana: Actor, bernd: Actor) -> None:
    place = bernd.channel(f"Zz {next(_number)}", jana)
    page = visit(jana, f"/c/{place}", viewport=DESK)
    button = page.locator(f"[data-mine='fav/{place}']")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#nav-channels li").first.locator("a")).to_have_attribute("data-place", str(place))
    jana.do("channels.favourite", place, on=False)  # another device
    expect(button).to_have_attribute("aria-pressed", "false")


def test_the_preview_follows_the_keyboard(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    other = bernd.channel(f"Zweiter {next(_number)}", jana)
    bernd.say(other, "Im zweiten")
    bernd.say(room, "Im ersten")
    page = visit(jana, "/chats", viewport=DESK)
    preview = page.locator("#preview .stream")
    expect(preview).to_contain_text("Im ersten")
    page.locator(f".talk[data-place='{other}']").focus()
    expect(preview).to_contain_text("Im zweiten")
    bernd.say(other, "Und gleich noch eins")
    expect(preview).to_contain_text("Und gleich noch eins")
    expect(entry(page, other).locator("[data-unread]")).to_have_text("2 new")  # looking in is not reading


def test_an_open_channel_takes_its_new_name(visit: Visit, jana: Actor, bernd: Actor) -> None:
    place = bernd.channel(f"Alt {next(_number)}", jana)
    page = visit(jana, f"/c/{place}")
    bernd.do("channels.change", place, name=f"Neu {place}")
    expect(page.locator("h1")).to_have_text(f"Neu {place}")


def test_members_are_managed_from_a_menu_that_closes(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    page = visit(bernd, f"/c/{room}/members")
    menu = page.locator("main li", has_text="Jana Reuter").locator(".row-menu")
    menu.locator("summary").click()
    expect(menu.get_by_role("button", name="Take out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="Take out")).to_be_hidden()
    menu.locator("summary").click()
    menu.get_by_role("button", name="Make moderator").click()
    expect(page.locator("main li", has_text="Jana Reuter").locator("small")).to_contain_text("moderator")
