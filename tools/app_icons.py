"""Draw the icons of the installed app from the mark, with Chromium: `python -m tools.app_icons`."""

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

IMG = Path(__file__).resolve().parent.parent / "static" / "kernel" / "img"
SIZES = (192, 512)


def full_bleed(svg: str) -> str:
    """The mark for systems that cut their own shape: no corners of its own, the door inside the safe circle."""
    square = re.sub(r'(<rect [^>]*?) rx="\d+"', r"\1", svg)
    head, tail = square.split("/>", 1)
    drawing = tail.removesuffix("</svg>")
    return f'{head}/><g transform="translate(32 32) scale(.95) translate(-32 -34)">{drawing}</g></svg>'


def main() -> None:
    """Write the four pictures beside the mark."""
    mark = (IMG / "mark.svg").read_text(encoding="utf-8").strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, svg in (("icon", mark), ("icon-maskable", full_bleed(mark))):
            for size in SIZES:
                page = browser.new_page(viewport={"width": size, "height": size})
                page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:100vw;height:100vh}}</style>{svg}")
                page.screenshot(path=IMG / f"{name}-{size}.png", omit_background=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
