"""What tests of the outbox have in common: writing, waking, and standing between page and server."""

import json
from typing import Any

from playwright.sync_api import Locator, Page, Route


def write(page: Page, text: str) -> None:
    """Type and send."""
    page.fill("#say", text)
    page.press("#say", "Enter")


def answering(page: Page, *answers: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Answer `/do` for messages with these in turn, None = let it through; then always through. What was asked."""
    asked: list[dict[str, Any]] = []
    waiting = list(answers)

    def answer(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        if body.get("do") != "chat.post":
            route.continue_()
            return
        asked.append(body)
        given = waiting.pop(0) if waiting else None
        if given is None:
            route.continue_()
        elif given.pop("abort", False):
            route.abort()
        else:
            route.fulfill(**given)

    page.route("**/do", answer)
    return asked


def problem(status: int, code: str, title: str, **headers: str) -> dict[str, Any]:
    """The server's way to say no."""
    document = {"type": f"/problems/{code}", "title": title, "status": status, "code": code}
    return {"status": status, "content_type": "application/problem+json", "headers": headers,
            "body": json.dumps(document)}  # fmt: skip


def wake(page: Page) -> None:
    """What the browser does when there is a line again: no test waits for a back-off."""
    page.evaluate("dispatchEvent(new Event('online'))")


def waiting(page: Page) -> Locator:
    """The echoes that wait."""
    return page.locator("[data-echo].waits")
