"""Markdown of messages and posts, rendered once on the server, before the write is queued.

`render(text)` gives the HTML to store, the plain text for previews, notifications and search, and who is mentioned.
Most messages hold no markup at all and never reach the parser.
"""

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .markdown_clean import cleaner
from .markdown_draw import draw_reference
from .markdown_parser import NESTING, make_parser, mentioned, replace_references
from .markdown_plain import plain_text
from .markdown_source import (
    UnreadableError,
    clean,
    emojify,
    end_quotes,
    link_mentions,
    mention,
    shortcodes,
)

__all__ = [
    "Rendered",
    "UnreadableError",
    "clean",
    "emojify",
    "excerpt",
    "link_mentions",
    "mention",
    "render",
    "shortcodes",
]

LONGEST_MARKUP = 20_000  # characters; a longer text is shown as it was typed
LARGEST_HTML = 300_000
MOST_CELLS = 10_000  # a table fills short rows up, so a few characters can ask for very many cells


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as it is stored beside its source."""

    html: str
    plain: str
    mentions: frozenset[str]  # "5" a person, "t12" a team, "all" everybody in the channel


_NOBODY: frozenset[str] = frozenset()

# What sends a text to the parser. One false alarm costs 50 microseconds, one miss would show raw markup.
_MARKED = re.compile(
    r"[\\`*_\[\]<|@\x00-\x08\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200b\u2028-\u202f\u205f-\u2069\u3000\ufeff\ud800-\udfff]"
)
_MARKED_PAIR = re.compile(
    r"[.:&~](?:(?<=\.)[^\W\d_]{2}|(?<=:)[^\s\d)]|(?<=&)[#\w]|(?<=~)~|(?<=tel:)|(?<=TEL:)|(?<=Tel:))"
)
_MARKED_LINE = re.compile(r"^[ \t]*(?:>|#{1,6}(?:\s|$)|[-+](?:\s|$|-)|\d{1,9}[.)](?:\s|$))", re.MULTILINE)
_GAP = re.compile(r"[ \t]*\n(?:[ \t]*\n)+[ \t]*")
_BREAK = "<br>\n"
_LINE_END = re.compile(r"[ \t]*\n[ \t]*")
_LINE_ENDS = re.compile(r"\s*\n\s*")


def render(text: str, origin: str = "") -> Rendered:
    """The text as safe HTML, as plain text, and its mentions; raises `UnreadableError` for half characters.

    Links to `origin` ("https://chat.example.org"), the house itself, become paths and open in place.
    """
    if not (_MARKED.search(text) or _MARKED_PAIR.search(text) or _MARKED_LINE.search(text)):
        return Rendered(_paragraphs(text), _lines(text), _NOBODY)
    text = end_quotes(emojify(clean(text)))
    return (_marked_up(text, origin) if len(text) <= LONGEST_MARKUP else None) or _as_typed(text)


def excerpt(plain: str, limit: int) -> str:
    """The beginning of a plain text on one line, at most `limit` characters, cut between words where possible."""
    line = " ".join(plain.split())
    if len(line) <= limit:
        return line
    cut = line.rfind(" ", limit // 2, limit)
    if cut < 0:
        cut = limit - 1
        while cut > 1 and (_joins(line[cut]) or line[cut - 1] == "\u200d"):
            cut -= 1
    return line[:cut].rstrip(" ,;:") + "…"


def _joins(char: str) -> bool:
    return char == "\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff" or unicodedata.category(char) in ("Mn", "Me")


def _paragraphs(text: str) -> str:
    text = _escape(text.strip())
    if "\n" not in text:
        return f"<p>{text}</p>" if text else ""
    return "\n".join(f"<p>{_LINE_END.sub(_BREAK, part)}</p>" for part in _GAP.split(text))


def _lines(text: str) -> str:
    return _LINE_ENDS.sub("\n", text.strip()) if "\n" in text else text.strip()


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _marked_up(text: str, origin: str) -> Rendered | None:
    lines = text.split("\n")
    if max(line.count("|") for line in lines) * len(lines) > MOST_CELLS:
        return None
    md = _parser()
    env = {"origin": origin}
    tokens = md.parse(text, env)
    # Deeper than this markdown-it leaves text out, and nothing anybody wrote may disappear.
    if any(token.level >= NESTING - 1 for token in tokens):
        return None
    html = md.renderer.render(tokens, md.options, env)
    if len(html) > LARGEST_HTML:
        return None
    return Rendered(cleaner().clean(html).rstrip("\n"), plain_text(tokens), _mentions(tokens))


def _as_typed(text: str) -> Rendered:
    """A text too large or too deep for markup: as it was typed, mentions apart."""
    html, mentions = replace_references(_paragraphs(text), draw_reference)
    plain, _ = replace_references(_lines(text), lambda name, to: ("#" if to.startswith("c:") else "@") + name)
    return Rendered(html, plain, mentions)


def _mentions(tokens: Sequence[Token]) -> frozenset[str]:
    return mentioned(child.info for token in tokens for child in token.children or () if child.type == "reference")


@functools.cache
def _parser() -> MarkdownIt:
    return make_parser()
