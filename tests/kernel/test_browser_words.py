"""words.js and times.js in Chromium: plurals, the reader's zone, midnight. No server: the files are handed in."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright, Route

pytestmark = pytest.mark.browser
STATIC = Path(__file__).resolve().parents[2] / "static" / "kernel"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
GERMAN = {"Waiting for {name}": "Wartet auf {name}", "{n} file": ["{n} Datei", "{n} Dateien"]}
PAGE = """<!doctype html><html lang="%s"><body>
<time id="clock" datetime="2026-11-17T15:12:00Z" data-style="clock">16:12</time>
<time id="day" datetime="2026-11-17T15:12:00Z" data-style="day">x</time>
<time id="short" datetime="2026-11-17T15:12:00Z" data-style="short">x</time>
<time id="old" datetime="2025-11-17T15:12:00Z" data-style="short">x</time>
<time id="full" datetime="2026-11-17T15:12:00Z" data-style="full">x</time>
<time id="broken" datetime="soon" data-style="short">soon</time>
<time id="foreign" datetime="2026-11-17T15:12:00Z">untouched</time></body></html>"""


@pytest.fixture(scope="module")
def chromium(playwright: "Playwright") -> Iterator["Browser"]:
    if not (path := shutil.which("chromium")):
        pytest.skip("no Chromium")
    browser = playwright.chromium.launch(executable_path=path, args=ARGS)
    yield browser
    browser.close()


def open_page(browser: "Browser", lang: str, now: str = "2026-11-17T16:00:00-05:00", offline: bool = False) -> "Page":
    page = browser.new_context(timezone_id="America/New_York").new_page()

    def answer(route: "Route") -> None:
        name = route.request.url.rsplit("/", 1)[1]
        if name.endswith(".js"):
            route.fulfill(body=(STATIC / name).read_text("utf-8"), content_type="text/javascript")
        elif name.endswith(".json"):
            route.abort() if offline else route.fulfill(json=GERMAN)
        else:
            route.fulfill(body=PAGE % lang, content_type="text/html")

    page.route("**/*", answer)
    page.clock.install(time=now)
    page.goto("https://binnen.test/")
    return page


def say(page: "Page", call: str) -> str:
    said = page.evaluate(f"import('/words.js').then(async (w) => {{ await w.ready; return w.{call}; }})")
    assert isinstance(said, str)
    return said


def test_words_and_plurals(chromium: "Browser") -> None:
    page = open_page(chromium, "de")
    assert say(page, 'word("Waiting for {name}", {name: "Jan"})') == "Wartet auf Jan"
    assert say(page, 'word("Unknown {name}")') == "Unknown {name}"
    many = [say(page, f'words("{{n}} file", "{{n}} files", {n})') for n in (0, 1, 2, 3000)]
    assert many == ["0 Dateien", "1 Datei", "2 Dateien", "3.000 Dateien"]
    assert say(page, 'words("{n} photo", "{n} photos", 2)') == "2 photos"


@pytest.mark.parametrize(("lang", "offline"), [("en", True), ("nl", True)])
def test_without_a_catalogue_it_speaks_english(chromium: "Browser", lang: str, offline: bool) -> None:
    page = open_page(chromium, lang, offline=offline)
    assert say(page, 'words("{n} file", "{n} files", 1)') == "1 file"
    assert say(page, 'word("{n} of {all}", {n: 0, all: "5"})') == "0 of 5"


def texts(page: "Page") -> dict[str, str]:
    found = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('time')].map((t) => [t.id, t.textContent]))"
    )
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def test_times_in_the_readers_zone(chromium: "Browser") -> None:
    page = open_page(chromium, "de")
    page.evaluate("import('/times.js').then((t) => t.start())")
    assert texts(page) == {
        "clock": "10:12", "day": "Heute", "short": "10:12", "old": "17. Nov. 2025",
        "full": "Dienstag, 17. November 2026, 10:12", "broken": "soon", "foreign": "untouched",
    }  # fmt: skip
    assert page.get_attribute("#clock", "title") == "Dienstag, 17. November 2026, 10:12"


def test_a_new_time_is_localised_and_midnight_turns_the_day(chromium: "Browser") -> None:
    page = open_page(chromium, "nl", now="2026-11-17T23:58:00-05:00")
    page.evaluate("import('/times.js').then((t) => t.start())")
    added = "<p><time id=new datetime=2026-11-18T04:00:00Z data-style=short>?</time></p>"
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", added)
    assert texts(page)["new"] == "23:00"
    page.clock.fast_forward("05:00")
    now = texts(page)
    assert (now["new"], now["short"], now["day"], now["clock"]) == ("gisteren", "gisteren", "Gisteren", "10:12")
    page.clock.fast_forward("24:00:00")
    assert texts(page)["day"] == "dinsdag 17 november"


def test_english_is_european(chromium: "Browser") -> None:
    page = open_page(chromium, "en", now="2026-11-20T12:00:00-05:00")
    page.evaluate("import('/times.js').then((t) => t.start())")
    assert texts(page)["short"] == "17 Nov"
    assert texts(page)["day"] == "Tuesday 17 November"
