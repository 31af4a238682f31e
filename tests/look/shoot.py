"""Open a screen as its reader does and take its picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .place import House
from .screens import SCHEMES, SIZES, Screen, filled

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream", "--hide-scrollbars", "--font-render-hinting=none"]  # fmt: skip
PATIENCE_MS = 10_000


@dataclass
class Taken:
    """What was seen at one size: a picture per scheme, and what is wrong with the page."""

    pictures: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Camera:
    """One browser; a signed-in context per reader and size, so that each page is opened as in daily use."""

    def __init__(self, browser: Browser, houses: dict[str, House]) -> None:
        self.browser, self.houses = browser, houses
        self._contexts: dict[tuple[str, str, int, str], BrowserContext] = {}

    def take(self, screen: Screen, width: int) -> Taken:
        """Open the page, open what belongs open, look, and take it in both schemes."""
        house, taken = self.houses[screen.house], Taken()
        page = self._context(screen, width).new_page()
        page.on("pageerror", lambda error: taken.faults.append(f"script: {error}"))
        page.on("console", lambda said: taken.faults.append(f"console: {said.text}") if _matters(said) else None)
        path = house.set_up if screen.house == "new" else filled(screen.path, house.known)
        answer = page.goto(house.url + path)
        if answer is None or answer.status != screen.status:
            taken.faults.append(f"{path} answered {answer and answer.status}, not {screen.status}")
        _settle(page)
        if screen.act:
            screen.act(page)
            _settle(page)
        taken.faults += _layout(page)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            taken.pictures[scheme] = page.screenshot()
        page.context.unroute_all()
        page.context.set_offline(False)
        page.close()
        return taken

    def _context(self, screen: Screen, width: int) -> BrowserContext:
        key = (screen.house, screen.persona, width, screen.name if screen.alone else "")
        if key not in self._contexts:
            phone = width < 760
            context = self.browser.new_context(
                viewport={"width": width, "height": SIZES[width]}, locale="de-DE", timezone_id="Europe/Berlin",
                has_touch=phone, is_mobile=phone, reduced_motion="reduce",
            )  # fmt: skip
            context.set_default_timeout(PATIENCE_MS)
            if screen.persona:
                house = self.houses[screen.house]
                entered = context.request.post(
                    f"{house.url}/demo/as/{house.personas[screen.persona]}", headers={"Origin": house.url}
                )
                assert entered.ok, entered.status
            self._contexts[key] = context
        return self._contexts[key]

    def close(self) -> None:
        """Let go of every context."""
        for context in self._contexts.values():
            context.close()


@contextmanager
def camera(houses: dict[str, House]) -> Iterator[Camera]:
    """A camera with a browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        one = Camera(browser, houses)
        yield one
        one.close()
        browser.close()


def _settle(page: Page) -> None:
    """Fonts and pictures are there, nothing is moving."""
    page.evaluate(
        """async () => {
            await document.fonts.ready;
            const seen = ({top, bottom}) => bottom > 0 && top < innerHeight;
            await Promise.all([...document.images].filter((one) => one.src && seen(one.getBoundingClientRect()))
              .map((one) => one.decode().catch(() => 0)));
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }"""
    )


def _layout(page: Page) -> list[str]:
    """What may never be: sideways scrolling, a picture that did not come, a page without words."""
    found: list[str] = page.evaluate(
        """() => {
            const faults = [];
            const wide = document.documentElement.scrollWidth - innerWidth;
            if (wide > 0) faults.push(`the page is ${wide} px too wide`);
            for (const one of document.images)
              if (one.complete && one.src && !one.naturalWidth) faults.push(`picture missing: ${one.src}`);
            if (document.body.innerText.trim().length < 20) faults.push('the page is empty');
            if (document.documentElement.lang !== 'de') faults.push(`the page is in ${document.documentElement.lang}`);
            return faults;
        }"""
    )
    return found


def _matters(said: object) -> bool:
    kind, text = getattr(said, "type", ""), getattr(said, "text", "")
    expected = ("status of 404", "net::ERR_FAILED", "net::ERR_INTERNET_DISCONNECTED")  # screens that show just that
    return kind == "error" and not any(one in text for one in expected)


def store(folder: Path, screen: Screen, width: int, taken: Taken) -> None:
    """Beside the design's shot: `<name>-<width>[-dark].webp`."""
    import io

    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    for scheme, data in taken.pictures.items():
        name = f"{screen.name}-{width}{'-dark' if scheme == 'dark' else ''}.webp"
        Image.open(io.BytesIO(data)).save(folder / name, "WEBP", quality=66, method=4)
