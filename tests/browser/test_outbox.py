"""Everything that is written goes by the outbox: it waits, it is delivered once, or it is refused with the reason."""

import json

from playwright.sync_api import Route, expect

from .conftest import NO_WORKER, Enter, Visit, alive, go, kept, stored, until
from .outbox import answering, problem, waiting, wake, write
from .town import Actor, Town


def test_offline_it_waits_survives_a_reload_and_is_delivered_once(
    visit: Visit, jana: Actor, town: Town, room: int
) -> None:
    page = visit(jana, f"/c/{room}")
    kept(page, jana)
    town.kill()
    write(page, "aus dem Funkloch")
    expect(waiting(page)).to_have_count(1)
    assert [row["state"] for row in stored(page, jana, "outbox")] == ["waiting"]
    page.reload()
    alive(page)
    expect(waiting(page)).to_contain_text("aus dem Funkloch")
    town.start()
    wake(page)
    expect(page.locator(".msg[data-rev]", has_text="aus dem Funkloch")).to_have_count(1)
    expect(page.locator("[data-echo]")).to_have_count(0)
    assert jana.messages(room) == ["aus dem Funkloch"]
    assert stored(page, jana, "outbox") == []


def test_a_server_killed_in_mid_send_has_it_once(visit: Visit, jana: Actor, town: Town, room: int) -> None:
    page = visit(jana, f"/c/{room}")
    town.pause()
    write(page, "mitten im Senden")
    write(page, "und noch eins")
    expect(waiting(page)).to_have_count(2)
    town.kill()
    expect(waiting(page)).to_have_count(2)
    town.start()
    wake(page)
    expect(page.locator(".msg[data-rev]")).to_have_count(2)
    expect(page.locator("[data-echo]")).to_have_count(0)
    assert jana.messages(room) == ["mitten im Senden", "und noch eins"]


def test_an_answer_that_got_lost_is_asked_for_again_and_nothing_doubles(visit: Visit, jana: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}", **NO_WORKER)
    asked: list[str] = []

    def lose_the_first(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        if body.get("do") == "chat.post":
            asked.append(body["id"])
            if len(asked) == 1:
                route.fetch()  # the server has it; the answer never arrives
                route.abort()
                return
        route.continue_()

    page.route("**/do", lose_the_first)
    write(page, "nur einmal")
    expect(page.locator(".msg[data-rev]", has_text="nur einmal")).to_have_count(1)
    wake(page)
    until(page, "() => document.querySelectorAll('[data-echo]').length === 0")
    until(page, "() => !document.querySelector('[data-outbox-count]').textContent")
    assert jana.messages(room) == ["nur einmal"]
    assert len(set(asked)) == 1


def test_order_within_a_place_is_kept_over_failures(visit: Visit, jana: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}", **NO_WORKER)
    asked = answering(page, {"abort": True}, problem(503, "database-gone", "Later.", **{"Retry-After": "0"}))
    for text in ("eins", "zwei", "drei"):
        write(page, text)
    while len(jana.messages(room)) < 3:
        wake(page)
        page.wait_for_timeout(15)
    assert jana.messages(room) == ["eins", "zwei", "drei"]
    assert [one["text"] for one in asked][:3] == ["eins", "eins", "eins"]


def test_full_or_busy_servers_keep_it_and_it_goes_out_later(visit: Visit, jana: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}", **NO_WORKER)
    hotel = {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to our WLAN</h1>"}
    answers = [problem(507, "disk-full", "Full."), problem(503, "database-gone", "Gone."),
               problem(429, "too-many", "Slowly."), {"status": 502, "body": "Bad gateway"}, hotel]  # fmt: skip
    asked = answering(page, *answers)
    write(page, "bleibt hier")
    for number in range(1, len(answers) + 1):
        while len(asked) < number:
            wake(page)
            page.wait_for_timeout(15)
        expect(waiting(page)).to_have_count(1)
    wake(page)
    expect(page.locator(".msg[data-rev]", has_text="bleibt hier")).to_have_count(1)
    assert jana.messages(room) == ["bleibt hier"]


def test_the_server_says_when_to_come_back_and_is_left_alone_until_then(visit: Visit, jana: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}", **NO_WORKER)
    asked = answering(page, problem(503, "database-gone", "Later.", **{"Retry-After": "3600"}))
    write(page, "in einer Stunde")
    expect(waiting(page)).to_have_count(1)
    until(page, "() => navigator.locks.query().then(q => q.held.length === 0)")
    wake(page)
    write(page, "auch")
    expect(waiting(page)).to_have_count(2)
    assert len(asked) == 1


def test_a_refusal_shows_its_reason_and_can_be_tried_again_or_thrown_away(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    page = visit(jana, f"/c/{room}")
    bernd.do("channels.archive", room)
    write(page, "zu spät")
    refused = page.locator("[data-echo].refused")
    expect(refused.locator("[data-reason]")).not_to_be_empty()
    expect(refused).to_contain_text("zu spät")
    page.reload()
    alive(page)
    bernd.do("channels.unarchive", room)
    page.reload()
    alive(page)
    page.locator("[data-echo].refused [data-act=again]").click()
    expect(page.locator(".msg[data-rev]", has_text="zu spät")).to_have_count(1)
    assert jana.messages(room) == ["zu spät"]


def test_discarding_leaves_nothing_behind(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}", **NO_WORKER)
    answering(page, problem(422, "malformed", "That could not be read: x."))
    write(page, "weg damit")
    page.locator("[data-echo].refused [data-act=drop]").click()
    expect(page.locator("[data-echo]")).to_have_count(0)
    assert stored(page, jana, "outbox") == []
    write(page, "danach geht es weiter")
    expect(page.locator(".msg[data-rev]", has_text="danach")).to_have_count(1)


def test_the_same_id_with_other_content_is_refused_visibly(visit: Visit, jana: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}")
    page.evaluate(
        """async (place) => {
        const base = document.querySelector('script[src$="page.js"]').src.replace("page.js", "");
        const { send, newId } = await import(`${base}outbox.js`);
        const id = newId();
        await (await send({ do: "chat.post", id, place, text: "erst so" })).settled;
        await (await send({ do: "chat.post", id, place, text: "dann anders" })).settled;
    }""",
        room,
    )
    expect(page.locator("[data-echo].refused")).to_contain_text("dann anders")
    assert jana.messages(room) == ["erst so"]


def test_a_value_that_a_newer_one_replaces_settles_as_gone(visit: Visit, jana: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}")
    page.context.set_offline(True)
    state = page.evaluate(
        """async (place) => {
        const base = document.querySelector('script[src$="page.js"]').src.replace("page.js", "");
        const { send } = await import(`${base}outbox.js`);
        const last = `draft/${place}/0`;
        const draft = (text) => send({ do: "chat.draft", place, topic: 0, text, base: 0 }, { last });
        const older = await draft("alt");
        window.newer = (await draft("neu")).settled;
        return (await older.settled).state;
    }""",
        room,
    )
    assert state == "gone"
    page.context.set_offline(False)
    wake(page)
    assert page.evaluate("window.newer.then(({ state }) => state)") == "delivered"


def test_two_tabs_send_once_and_both_show_it(enter: Enter, jana: Actor, town: Town, room: int) -> None:
    context = enter(jana)
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        go(page, f"{town.url}/c/{room}")
    context.set_offline(True)
    write(one, "aus dem ersten")
    expect(waiting(two)).to_contain_text("aus dem ersten")
    write(two, "aus dem zweiten")
    expect(waiting(one)).to_have_count(2)
    context.set_offline(False)
    for page in (one, two):
        wake(page)
    for page in (one, two):
        expect(page.locator(".msg[data-rev]")).to_have_count(2)
        expect(page.locator("[data-echo]")).to_have_count(0)
    assert jana.messages(room) == ["aus dem ersten", "aus dem zweiten"]


def test_a_tab_that_is_closed_leaves_its_writes_to_the_next(enter: Enter, jana: Actor, town: Town, room: int) -> None:
    context = enter(jana)
    page = context.new_page()
    go(page, f"{town.url}/c/{room}")
    context.set_offline(True)
    write(page, "vor dem Schließen")
    expect(waiting(page)).to_have_count(1)
    page.close()
    context.set_offline(False)
    page = context.new_page()
    go(page, f"{town.url}/outbox")
    expect(page.locator("#out-empty")).to_be_visible()
    assert jana.messages(room) == ["vor dem Schließen"]


def test_a_dead_session_keeps_it_sealed_until_the_same_person_is_back(
    enter: Enter, jana: Actor, town: Town, room: int
) -> None:
    phone = town.session("jana")
    context = enter(phone)
    page = context.new_page()
    go(page, f"{town.url}/c/{room}")
    jana.do("people.revoke_session", others=True)
    expect(page.locator("#strip")).to_be_visible()
    write(page, "nach dem Abmelden geschrieben")
    expect(waiting(page)).to_have_count(1)
    assert len(stored(page, jana, "outbox")) == 1
    again = town.session("jana")
    context.add_cookies([{"name": "binnen", "value": again.secret, "url": town.url}])
    go(page, f"{town.url}/c/{room}")
    expect(page.locator(".msg[data-rev]", has_text="nach dem Abmelden")).to_have_count(1)
    assert jana.messages(room) == ["nach dem Abmelden geschrieben"]
