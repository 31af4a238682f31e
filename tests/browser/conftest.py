"""One browser for all browser tests of a run, a fresh context for each test, and the pretended server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .fake import Fake

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream"]  # fmt: skip
PATIENCE_MS = 8000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, and run them last: Playwright keeps an event loop running, beside which no other test's can start."""
    here = Path(__file__).parent
    browser = [item for item in items if item.path.is_relative_to(here)]
    for item in browser:
        item.add_marker(pytest.mark.browser)
    items[:] = [item for item in items if item not in browser] + browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def fake() -> Iterator[Fake]:
    server = Fake()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    one = browser.new_context(viewport={"width": 1000, "height": 800}, locale="en-GB", timezone_id="Europe/Berlin")
    one.set_default_timeout(PATIENCE_MS)
    yield one
    one.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when a script of ours does."""
    errors: list[str] = []
    one = context.new_page()
    one.on("pageerror", lambda error: errors.append(str(error)))
    yield one
    assert not errors, errors
