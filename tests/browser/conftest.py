"""One browser and one served company for all browser tests of a run; contexts and channels are each test's own."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from intranet.kernel.config import Settings
from tests import postgres
from tests.conftest import KEY

from .place import field, office, place  # noqa: F401  fixtures
from .town import Actor, Town

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream"]  # fmt: skip
PATIENCE_MS = 8000
PHONE = {"width": 390, "height": 844}
NO_WORKER: dict[str, Any] = {"service_workers": "block"}  # so that a test can stand between page and server
DESK = {"width": 1440, "height": 900}
_number = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def serving(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The company's server of this run, on SQLite unless `--engine` says otherwise: browsers do not see it."""
    with ExitStack() as stack:
        url = ""
        if request.config.getoption("--engine") == "postgres":
            url = stack.enter_context(postgres.cluster()).make("binnen_town")
        data = str(tmp_path_factory.mktemp("town"))
        town = Town(Settings(data=data, database_url=url, secret_key=KEY, language="en", host="127.0.0.1"))
        stack.callback(town.close)
        yield town


@pytest.fixture
def town(serving: Town) -> Iterator[Town]:
    """The company, up again after a test that took it down."""
    yield serving
    if serving.process is None:
        serving.start()


@pytest.fixture
def jana(town: Town) -> Actor:
    """In the field; most tests look through her eyes."""
    return town.people["jana"]


@pytest.fixture
def bernd(town: Town) -> Actor:
    """In the office."""
    return town.people["bernd"]


@pytest.fixture
def room(jana: Actor, bernd: Actor) -> int:
    """A channel of this test's own, moderated by Bernd, with Jana in it."""
    return bernd.channel(f"Room {next(_number)}", jana)


Enter = Callable[..., BrowserContext]


@pytest.fixture
def enter(browser: Browser) -> Iterator[Enter]:
    """`enter(actor, **options)`: a browser of that person, signed in. Pages that throw fail the test."""
    errors: list[str] = []
    made: list[BrowserContext] = []

    def one(who: Actor | None = None, **options: Any) -> BrowserContext:
        chosen = {"viewport": {"width": 1000, "height": 800}, "locale": "en-GB", "timezone_id": "Europe/Berlin"}
        context = browser.new_context(**{**chosen, **options})
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        if who is not None:
            sign_in(context, who)
        made.append(context)
        return context

    yield one
    for context in made:
        with suppress(Exception):
            context.close()
    assert not errors, errors


def sign_in(context: BrowserContext, who: Actor) -> None:
    """Give a browser somebody's session."""
    context.add_cookies([{"name": "binnen", "value": who.secret, "url": who.town.url, "httpOnly": True}])


Visit = Callable[..., Page]


@pytest.fixture
def visit(enter: Enter) -> Visit:
    """`visit(actor, path, **options)`: a page of that person's in a browser of its own, ready to be used."""

    def one(who: Actor, path: str, **options: Any) -> Page:
        page = enter(who, **options).new_page()
        go(page, who.town.url + path)
        return page

    return one


def go(page: Page, url: str) -> None:
    """Open a page and wait until it is alive: outbox started, socket asked for."""
    page.goto(url)
    alive(page)


def until(page: Page, question: str, arg: Any = None) -> None:
    """Ask the page until the answer is yes. Playwright's own way needs `eval`, which the product's CSP forbids."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(question, arg):
        assert time.monotonic() < give_up, f"the page still says no to: {question}"
        page.wait_for_timeout(15)


def alive(page: Page) -> None:
    """Wait until the scripts of a page have started."""
    page.evaluate(
        "() => Promise.all([...document.querySelectorAll('script[type=module]')].map(({ src }) => import(src)))"
        ".then((modules) => Promise.all(modules.map(({ ready }) => ready)))"
    )


STORED = """([name, store]) => new Promise((resolve, reject) => {
    const open = indexedDB.open(name);
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
        const all = open.result.transaction(store).objectStore(store).getAll();
        all.onsuccess = () => { open.result.close(); resolve(all.result.map(({ sealed, ...rest }) => rest)); };
    };
})"""


def stored(page: Page, who: Actor, store: str) -> list[dict[str, Any]]:
    """The readable part of what lies in a store of this device."""
    return list(page.evaluate(STORED, [f"binnen-{who.id}", store]))


def kept(page: Page, who: Actor, url: str = "") -> None:
    """Wait until the service worker is in charge and has this (or another) page for a start without network."""
    until(page, "() => navigator.serviceWorker.controller !== null")
    url = url or page.evaluate("location.pathname + location.search")
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while url not in [row["url"] for row in stored(page, who, "pages")]:
        assert time.monotonic() < give_up, f"{url} is not kept"
        page.wait_for_timeout(15)


def sent(page: Page, who: Actor) -> None:
    """Wait until nothing of this device waits for the server."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while stored(page, who, "outbox"):
        assert time.monotonic() < give_up, "the outbox is not empty"
        page.wait_for_timeout(15)
