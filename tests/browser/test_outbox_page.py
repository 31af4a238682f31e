"""What is unsent beyond one conversation: its page, what names it, and what a restored server no longer has."""

from playwright.sync_api import expect

from .conftest import NO_WORKER, Enter, Visit, alive, go, stored, until
from .outbox import answering, problem, waiting, wake, write
from .town import Actor, Town


def test_the_outbox_page_lists_what_waits_and_what_was_refused(
    enter: Enter, jana: Actor, town: Town, room: int
) -> None:
    context = enter(jana, **NO_WORKER)
    page = context.new_page()
    go(page, f"{town.url}/c/{room}")
    answering(page, problem(403, "archived", "The channel is archived."), *({"abort": True} for _ in range(50)))
    write(page, "abgelehnt")
    expect(page.locator("[data-echo].refused")).to_have_count(1)
    write(page, "wartet noch")
    expect(waiting(page)).to_have_count(1)
    expect(page.locator("[data-outbox-count]").first).to_have_text("2")
    other = context.new_page()
    other.route("**/do", lambda route: route.abort())
    go(other, f"{town.url}/outbox")
    refused = other.locator("#out-refused-list li")
    expect(refused).to_contain_text("abgelehnt")
    expect(refused).to_contain_text("The channel is archived.")
    expect(other.locator("#out-waiting-list li")).to_contain_text("wartet noch")
    refused.get_by_role("button", name="Discard").click()
    expect(other.locator("#out-refused-section")).to_be_hidden()
    other.unroute("**/do")
    other.get_by_role("button", name="Try now").click()
    expect(other.locator("#out-empty")).to_be_visible()
    expect(page.locator("[data-echo]")).to_have_count(0)
    assert jana.messages(room) == ["wartet noch"]


def test_a_reply_to_a_waiting_message_finds_it(visit: Visit, jana: Actor, town: Town, room: int) -> None:
    page = visit(jana, f"/c/{room}")
    page.context.set_offline(True)
    page.evaluate(
        """async (place) => {
        const base = document.querySelector('script[src$="page.js"]').src.replace("page.js", "");
        const { send, newId } = await import(`${base}outbox.js`);
        const first = newId();
        await send({ do: "chat.post", id: first, place, text: "Frage" });
        await send({ do: "chat.post", place, text: "Nachtrag", reply_to: first });
    }""",
        room,
    )
    expect(waiting(page)).to_have_count(2)
    page.context.set_offline(False)
    wake(page)
    expect(page.locator(".msg[data-rev] .quote")).to_contain_text("Frage")


def test_after_a_restored_backup_what_is_gone_is_offered_again(visit: Visit, jana: Actor, room: int) -> None:
    page = visit(jana, f"/c/{room}", **NO_WORKER)
    write(page, "vor dem Unglück")
    expect(page.locator(".msg[data-rev]", has_text="vor dem Unglück")).to_have_count(1)
    until(page, "() => !document.querySelector('[data-outbox-count]').textContent")
    assert len(stored(page, jana, "sent")) >= 1
    # the record of a restored server has another epoch and does not know the receipt
    page.route("**/receipts", lambda route: route.fulfill(json={"known": []}))
    page.evaluate(
        """async (place) => {
        const base = document.querySelector('script[src$="page.js"]').src.replace("page.js", "");
        const frames = await import(`${base}frames.js`);
        frames.take({ place, epoch: "restored", from: 0, to: 1, things: [] });
    }""",
        room,
    )
    page.wait_for_event("load")
    alive(page)
    expect(page.locator("[data-echo].refused")).to_contain_text("vor dem Unglück")
