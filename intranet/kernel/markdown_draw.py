"""How the parser's pieces become HTML where markdown-it's own way does not fit: no headings, no styles, no scripts."""

from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from .markdown_code import LARGEST, highlight


def draw_reference(name: str, to: str) -> str:
    """A mention or a channel link as HTML; the name is already escaped."""
    if to.startswith("c:"):
        return f'<a href="/c/{to[2:]}" class="channel">#{name}</a>'
    return f'<span class="mention" data-mention="{to.replace(":", "")}">@{name}</span>'


def _draw_reference(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[at]
    return draw_reference(escape(token.content, quote=False), token.info)


def _draw_fence(self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[at]
    language = token.info.strip().split(" ", 1)[0].lower()
    left = env.setdefault("colours", LARGEST)
    env["colours"] = left - len(token.content)
    code = highlight(token.content, language if env["colours"] >= 0 else "")
    return f'<pre tabindex="0"><code class="code">{code}</code></pre>\n'


def _draw_cell(self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[at]
    align = str(token.attrs.get("style", "")).removeprefix("text-align:")
    return f'<{token.tag} class="{align}">' if align in ("right", "center") else f"<{token.tag}>"


def _fixed(html: str) -> Any:
    return lambda self, tokens, at, options, env: html


DRAWN: dict[str, Any] = {
    "reference": _draw_reference,
    "fence": _draw_fence,
    "heading_open": _fixed("<p><strong>"),
    "heading_close": _fixed("</strong></p>\n"),
    "table_open": _fixed('<div class="table" tabindex="0"><table>\n'),
    "table_close": _fixed("</table></div>\n"),
    "th_open": _draw_cell,
    "td_open": _draw_cell,
}
