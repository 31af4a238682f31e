"""Messages as the product's own template draws them, without a database."""

import html
import re

from markupsafe import Markup

from intranet.kernel.html import render

VERSION = "test"
CHANNEL = 17
EPOCH = "e1"
START = 1_763_000_000_000
NAMES = {5: "Jana Reuter", 6: "Bernd Oltmanns", 9: "Mehmet Aydin"}


def fragment(
    seq: int, text: str, *, by: int = 9, rev: int = 0, lists: str = "", write: str = "", topic: int = 0
) -> str:
    """A message by the product's own template."""
    message = {
        "place": CHANNEL, "seq": seq, "rev": rev or seq, "topic": topic, "write": write, "at": START + seq * 90_000,
        "mentions": [], "author": {"id": by, "name": NAMES[by], "side": "field"}, "html": Markup(f"<p>{html.escape(text)}</p>"),  # noqa: E501
        "edited": 0, "pinned": 0, "deleted": 0, "hidden": None, "quote": None, "reactions": [], "card": "", "files": "",
    }  # fmt: skip
    drawn = render("chat/_message.html", "en", m=message)
    return re.sub(r'data-in="[^"]*"', f'data-in="{lists}"', drawn) if lists else drawn
