"""What one was told: it comes by itself, is done with one tap, in a dead zone too, and comes back with another."""

import re

from playwright.sync_api import expect

from .conftest import PHONE, Visit, alive, stored
from .town import Actor


def test_what_one_is_told_comes_is_done_offline_and_comes_back(visit: Visit, jana: Actor, bernd: Actor) -> None:
    page = visit(jana, "/", viewport=PHONE)
    waiting = page.locator(".bar [data-waiting]")
    before = int(re.sub(r"\D", "", waiting.inner_text()) or 0)
    for title in ("Schrank", "Regal"):
        bernd.do("feed.publish", kind="idea", title=title, text="@Jana Reuter, reicht der Platz?")
    rows = page.locator("[data-notice]")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Bernd Oltmanns")
    expect(rows.first).to_contain_text("Regal")
    expect(waiting).to_contain_text(str(before + 2))

    page.context.set_offline(True)
    rows.first.get_by_role("button").click()
    expect(rows).to_have_count(1)
    expect(waiting).to_contain_text(str(before + 1))
    assert len(stored(page, jana, "outbox")) == 1
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("#toasts button").click()  # "Undo", still there
    expect(rows).to_have_count(2)
    expect(waiting).to_contain_text(str(before + 2))

    for _ in range(2):
        page.locator("[data-notice] button").first.click()
    expect(page.locator("#told-head")).to_have_count(0)
    page.reload()
    alive(page)
    expect(page.locator("#told-head")).to_have_count(0)
