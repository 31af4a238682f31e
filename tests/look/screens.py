"""The screens of this step: which real page each is, who looks at it, and what is opened on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

SIZES = {390: 844, 1440: 900}
SCHEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Screen:
    """`path` may name a channel as {service-sued}; `act` opens what the design shows opened."""

    name: str
    persona: str  # technician, sales, editor, administrator; empty: nobody is signed in
    path: str
    act: Callable[[Page], None] | None = None
    house: str = "demo"  # "demo", or "new" for a house that nobody owns yet
    only: tuple[int, ...] = (390, 1440)
    design: str = ""  # the name of the design's shot, where it differs
    status: int = 200

    @property
    def shot(self) -> str:
        return self.design or self.name


def _jump(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.locator("#jump").wait_for(state="visible")


def _first(page: Page, selector: str) -> None:
    found = page.locator(selector).first
    found.scroll_into_view_if_needed()
    found.click()


def _act(page: Page) -> None:
    """The sheet of a message: on a phone by touching it, at a desk by its menu."""
    message = page.locator(".message:not(.own)").last
    message.scroll_into_view_if_needed()
    message.hover()
    message.locator("[data-open=act-sheet], [popovertarget=act-sheet], .more").first.click()


SCREENS: tuple[Screen, ...] = (
    Screen("sign-in", "", "/sign-in"),
    Screen("first-run", "", "/set-up", house="new"),
    Screen("inbox", "sales", "/"),
    Screen("chats", "sales", "/chats"),
    Screen("chats-jump", "sales", "/chats", _jump),
    Screen("channel", "technician", "/c/{service-sued}"),
    Screen("topic", "sales", "/c/{service-sued}/t/{Gleitringdichtung Q-40}"),
    Screen("outbox", "technician", "/outbox"),
    Screen("states", "sales", "/c/999999", status=404),
)


def named(names: list[str]) -> list[Screen]:
    """The screens of these names, or all."""
    unknown = set(names) - {one.name for one in SCREENS}
    if unknown:
        raise SystemExit(
            f"No such screen: {', '.join(sorted(unknown))}. There are: {', '.join(s.name for s in SCREENS)}"
        )
    return [one for one in SCREENS if not names or one.name in names]


def filled(path: str, known: dict[str, str]) -> str:
    """The path with the demo's own numbers."""
    return re.sub(r"\{([^}]+)\}", lambda found: known[found[1]], path)
