"""axe-core over a page: WCAG 2.2 AA and best practices, in both schemes and at both widths."""

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from .conftest import DESK, PHONE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """(options) => axe.run(document, options).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`)))"""
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


def look(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe finds on the page as it stands."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(RUN, options))


def violations(page: Page) -> list[str]:
    """At 390 and 1440 px, in light and dark: all of it at each width, the colours in each scheme."""
    found = []
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width["width"], "height": width["height"]})
        for scheme, options in (("light", EVERYTHING), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{width['width']} {scheme}: {one}" for one in look(page, options)]
    return found


def told(found: dict[str, list[str]]) -> str:
    """Readable lines of what was found where."""
    return json.dumps({where: some for where, some in found.items() if some}, indent=1, ensure_ascii=False)
