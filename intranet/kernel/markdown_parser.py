"""markdown-it with the rules of this house: what is allowed, where links go, how mentions and code are drawn."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from linkify_it import LinkifyIt  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.link import link
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

from .markdown_draw import DRAWN

NESTING = 20

# The stored form of a mention or a channel link, and the four kinds of target it knows.
REFERENCE = re.compile(
    r"(?P<sign>[@#])\[(?P<name>(?:\\.|[^\\\[\]\n]){1,120})\]\((?P<to>p:[1-9]\d{0,17}|t:[1-9]\d{0,17}|all|c:[1-9]\d{0,17})\)"
)
_SAFE_LINK = re.compile(r"(?:https?://[^/?#\s]|mailto:[^\s]|tel:\+?\d|/(?![/\\]))[^\s\\]*", re.IGNORECASE)
_BARE_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:[/?#:]|$)", re.IGNORECASE)
_TELEPHONE = re.compile(r"^\+?\d[\d().\-/]{2,30}")
_MISSING_SPACE = re.compile(r"\.[A-Z][a-z]+$")
_TLDS = "com org net info biz edu gov eu de nl at ch be lu fr uk dk pl cz li io dev app shop online cloud digital"


class _Linkify(LinkifyIt):  # type: ignore[misc]
    """Finds http, https, mailto, tel and bare hosts; a sentence end without its space ("Morgen.De") is no host."""

    def __init__(self) -> None:
        super().__init__()
        self.tlds(_TLDS.split())
        self.add("ftp:", None).add("//", None)
        self.add("tel:", {"validate": _TELEPHONE, "normalize": lambda self, match: None})

    def match(self, text: str) -> list[Any] | None:
        found = [m for m in super().match(text) or () if m.schema or not _MISSING_SPACE.search(m.text)]
        for m in found:
            if not m.schema:
                m.url = m.url.replace("http://", "https://", 1)
        return found


def make_parser() -> MarkdownIt:
    """The one parser; it holds no state between texts."""
    md = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "maxNesting": NESTING})
    # Four spaces, a line of dashes or `[x]: y` are accidents in chat; nobody means code, headings or definitions.
    md.disable(["code", "lheading", "reference", "html_block", "html_inline"])
    md.enable(["table", "strikethrough", "linkify"])
    md.linkify = _Linkify()
    md.inline.ruler.before("link", "reference", _reference)
    md.inline.ruler.at("image", _image_as_link)
    md.use(tasklists_plugin, label=True)
    md.core.ruler.push("links", _finish_links)
    md.core.ruler.push("numbers", _keep_numbers)
    plain_normalize = md.normalizeLink
    md.normalizeLink = lambda url: plain_normalize(f"https://{url}" if _BARE_HOST.match(url) else url)  # type: ignore[method-assign]
    md.validateLink = lambda url: _SAFE_LINK.fullmatch(url) is not None  # type: ignore[method-assign]
    for name, rule in DRAWN.items():
        md.add_render_rule(name, rule)
    return md


def replace_references(text: str, draw: Callable[[str, str], str]) -> tuple[str, frozenset[str]]:
    """A text that is not parsed, with its references drawn from name and target, and whom they mention."""
    found: list[str] = []

    def replace(m: re.Match[str]) -> str:
        if not _fits(m):
            return m[0]
        found.append(m["to"])
        return draw(_bare(m["name"]), m["to"])

    return REFERENCE.sub(replace, text), mentioned(found)


def mentioned(targets: Iterable[str]) -> frozenset[str]:
    """The targets that are people, teams or all, as they stand in `Rendered.mentions`: `5`, `t12`, `all`."""
    return frozenset(to.removeprefix("p:").replace(":", "") for to in targets if not to.startswith("c:"))


def _fits(found: re.Match[str]) -> bool:
    return (found["sign"] == "#") == found["to"].startswith("c:")


def _bare(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name)


def _reference(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "@#":
        return False
    found = REFERENCE.match(state.src, state.pos, state.posMax)
    if not found or not _fits(found):
        return False
    if not silent:
        token = state.push("reference", "", 0)
        token.content = _bare(found["name"])
        token.markup = found["sign"]
        token.info = found["to"]
    state.pos = found.end()
    return True


def _image_as_link(state: StateInline, silent: bool) -> bool:
    """A picture from elsewhere would tell its host who reads; it is shown as a link."""
    if state.src[state.pos : state.pos + 2] != "![":
        return False
    state.pos += 1
    if link(state, silent):
        return True
    state.pos -= 1
    return False


def _finish_links(state: StateCore) -> None:
    """Foreign links open beside this page; a link without text shows where it goes."""
    origin = state.env.get("origin", "")
    for block in state.tokens:
        children = block.children or []
        for at in range(len(children) - 1, -1, -1):
            token = children[at]
            if token.type != "link_open":
                continue
            href = str(token.attrs["href"])
            if origin and href.startswith(f"{origin}/"):
                href = token.attrs["href"] = href.removeprefix(origin)
            if href.lower().startswith("http"):
                token.attrSet("target", "_blank")
            if children[at + 1].type == "link_close":
                children.insert(at + 1, Token("text", "", 0, content=href))


def _keep_numbers(state: StateCore) -> None:
    """A number that somebody typed stays: Markdown would count "12. Dezember" and "14. Dezember" as 12 and 13."""
    expected: list[int] = []
    for token in state.tokens:
        if token.type == "ordered_list_open":
            expected.append(int(token.attrGet("start") or 1))
        elif token.type == "ordered_list_close":
            expected.pop()
        elif token.type == "list_item_open" and token.info:
            if int(token.info) > expected[-1]:
                token.attrSet("value", token.info)
                expected[-1] = int(token.info)
            expected[-1] += 1
