"""What one was told: it comes by itself, is done with one tap, in a dead zone too, and comes back with another."""

import re

from playwright.sync_api import expect

from .conftest import PHONE, Visit, alive, stored
from .town import Actor


def test_what_one_is_told_comes_is_done_offline_and_comes_back(visit: Visit, jana: Actor, bernd: Actor) -> None:
    page = visit(jana, "/", viewport=PHONE)
    waiting = page.locator(".bar [data-waiting]")
    before = int(re.sub(r"\D", "", waiting.inner_text()) or 0)
    rows = page.locator("[data-notice]")
    had = rows.count()  # what other tests have told her
    for title in ("Schrank", "Regal"):
        bernd.do("feed.publish", kind="idea", title=title, text="@Jana Reuter, reicht der Platz?")
    expect(rows).to_have_count(had + 2)
    expect(rows.first).to_contain_text("Bernd Oltmanns")
    expect(rows.first).to_contain_text("Regal")
    expect(waiting).to_contain_text(str(before + 2))

    page.context.set_offline(True)
    rows.first.get_by_role("button").click()
    expect(rows).to_have_count(had + 1)
    expect(waiting).to_contain_text(str(before + 1))
    assert len(stored(page, jana, "outbox")) == 1
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("#toasts button").click()  # "Undo", still there
    expect(rows).to_have_count(had + 2)
    expect(waiting).to_contain_text(str(before + 2))

    for left in (had + 1, had):
        rows.first.get_by_role("button").click()
        expect(rows).to_have_count(left)
    page.reload()
    alive(page)
    expect(rows).to_have_count(had)
    expect(page.locator("#told-head")).to_have_count(min(had, 1))
