"""Yesterday's backup comes back under people's browsers: one that stayed open, one that was closed meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from intranet.keeping.backup import backup
from intranet.keeping.restore import restore
from intranet.kernel import House
from tests import cast
from tests.process import Real, signed_in

from .conftest import alive, go, until
from .outbox import wake, write

YESTERDAY, TODAY = "schon gestern da", "heute, nach der Sicherung"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Real]:
    one = Real.fresh(tmp_path / "data")
    yield one
    one.kill()


def opened(browser: Browser, real: Real, secret: str, channel: int) -> Page:
    context = browser.new_context(service_workers="block", locale="de-DE")
    context.add_cookies([{"name": "binnen", "value": secret, "url": real.url}])
    page = context.new_page()
    go(page, f"{real.url}/c/{channel}")
    return page


def say(page: Page, text: str) -> None:
    """Written and acknowledged."""
    write(page, text)
    expect(page.locator(".msg[data-rev]", has_text=text)).to_have_count(1)
    until(page, "() => !document.querySelector('[data-outbox-count]').textContent")


def test_what_was_acknowledged_since_the_backup_is_offered_again(browser: Browser, real: Real, tmp_path: Path) -> None:
    async def fill(house: House) -> tuple[int, list[str]]:
        jana = await cast.person(house, "Jana Reuter", side="field")
        bernd = await cast.person(house, "Bernd Oltmanns")
        channel = await cast.channel(house, jana, "Service", members=[bernd])
        return channel, await signed_in(house, jana, bernd)

    channel, (jana, bernd) = real.fill(fill)
    real.start()
    stays, leaves = opened(browser, real, jana, channel), opened(browser, real, bernd, channel)
    say(stays, YESTERDAY)
    backup(real.settings, tmp_path / "backups", print)
    for number, page in enumerate((stays, leaves)):
        say(page, f"{TODAY} {number}")
    go(leaves, f"{real.url}/c/{channel}")  # read from the page itself: no frame of the old record is kept any more
    leaves.goto("about:blank")

    real.kill()
    (tmp_path / "data").rename(tmp_path / "broken")
    restore(real.settings, tmp_path / "backups", print)
    real.start()
    with stays.expect_event("load"):  # the socket comes back, hears of another epoch, and the page starts over
        wake(stays)
    alive(stays)
    go(leaves, f"{real.url}/c/{channel}")
    for number, page in enumerate((stays, leaves)):
        expect(page.locator(".msg[data-rev]")).to_have_count(1 + number)
        lost = page.locator("[data-echo].refused")
        expect(lost).to_have_count(1)
        expect(lost).to_contain_text(f"{TODAY} {number}")
        lost.locator('[data-act="again"]').click()
        expect(page.locator(".msg[data-rev]", has_text=f"{TODAY} {number}")).to_have_count(1)
    expect(stays.locator(".msg[data-rev]")).to_have_count(3)  # each once, and what was in the backup was not offered
