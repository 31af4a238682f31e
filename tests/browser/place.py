"""A served house with one channel and two people in it, and what their thumbs do."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from intranet.kernel import House
from tests import cast
from tests.files import making
from tests.process import Real, signed_in

PATIENCE_MS = 15_000


@dataclass
class Place:
    """A served house with one channel; the secrets open sessions of its two members."""

    real: Real
    channel: int
    jana: str
    bernd: str


def enter(browser: Browser, place: Place, secret: str, port: int = 0) -> Page:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="de-DE", timezone_id="Europe/Berlin")
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "binnen", "value": secret, "domain": "127.0.0.1", "path": "/"}])
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port or place.real.port}/c/{place.channel}")
    until(page, "document.querySelector('#say')")
    return page


def photo(folder: Path, name: str, width: int = 800, height: int = 600) -> Path:
    path = folder / name
    path.write_bytes(making.jpeg(width, height))
    return path


def until(page: Page, true: str) -> None:
    """Wait in the page until an expression is true; Playwright's own way needs `eval`, which our CSP forbids."""
    page.evaluate(
        f"() => new Promise((on) => {{ const look = () => (({true}) ? on() : setTimeout(look, 20)); look(); }})"
    )


def attach(page: Page, *paths: Path) -> None:
    page.set_input_files("#file-input", list(paths))
    expect(page.locator(".attached[data-id]")).to_have_count(len(paths))


def send(page: Page, text: str = "") -> None:
    page.fill("#say", text)
    page.locator("#composer .send").click()


def said(page: Page, text: str) -> Locator:
    return page.locator("article.msg[data-rev]", has_text=text)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    real = Real.fresh(tmp_path_factory.mktemp("real"))

    async def fill(house: House) -> tuple[int, list[str]]:
        jana = await cast.person(house, "Jana Reuter", side="field")
        bernd = await cast.person(house, "Bernd Oltmanns")
        channel = await cast.channel(house, jana, "Service Süd", members=[bernd])
        return channel, await signed_in(house, jana, bernd)

    channel, (jana, bernd) = real.fill(fill)
    real.start()
    yield Place(real, channel, jana, bernd)
    real.kill()


@pytest.fixture
def field(browser: Browser, place: Place) -> Iterator[Page]:
    page = enter(browser, place, place.jana)
    yield page
    page.context.close()


@pytest.fixture
def office(browser: Browser, place: Place) -> Iterator[Page]:
    page = enter(browser, place, place.bernd)
    yield page
    page.context.close()
