"""Hostile texts: nothing runs, nothing blows up, nothing hides, and nothing anybody wrote disappears."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel import markdown
from intranet.kernel.markdown import UnreadableError, clean, render
from intranet.kernel.markdown_clean import TAGS
from intranet.kernel.markdown_parser import NESTING

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<div style='background:url(javascript:alert(1))'>",
    "<input type=checkbox onfocus=alert(1) autofocus>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&#x09;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61script:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x](/%09/evil.example)",
    "[x](<javascript:alert(1)>)",
    "[x](https://a.de\" onmouseover=\"alert(1))",
    "[x](https://a.de 'x\" onmouseover=\"alert(1)')",
    "[x](https://a.de \"x' onclick='alert(1)\")",
    '<https://a.de/"onmouseover="alert(1)">',
    'https://a.de/"onmouseover="alert(1)"',
    "https://a.de/<script>alert(1)</script>",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[![x](javascript:alert(1))](https://a.de)",
    "[a[b](javascript:alert(1))c](https://a.de)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "![x](https://a.de/t.gif?reader=1)",
    "`<script>alert(1)</script>`",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "```\"><script>alert(1)</script>\nx\n```",
    "```<script>\nx\n```",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "@[<script>alert(1)</script>](p:5)",
    '@["><img src=x onerror=alert(1)>](p:5)',
    '@[x](p:5" onclick="alert(1))',
    "@[x](javascript:alert(1))",
    "#[<svg onload=alert(1)>](c:17)",
    "- [x] <script>alert(1)</script>",
    "- [ ] <img src=x onerror=alert(1)>",
    "# <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "mailto:a@b.de?subject=\"><script>",
    "tel:+49123\"onclick=alert(1)",
    ":thumbsup\"><script>:",
    "<" * 5 + "script>alert(1)//" + "<" * 5,
]  # fmt: skip


class _Seen(HTMLParser):
    """Every tag with its attributes, refused unless it is one a message may hold."""

    ATTRIBUTES = frozenset(
        {"href", "target", "rel", "class", "data-mention", "start", "value", "tabindex", "type", "disabled", "checked"}
    )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in self.ATTRIBUTES
            if name == "href":
                assert re.match(r"(https?://|mailto:|tel:|/(?![/\\]))", value or ""), value
                assert not re.search(r"[\s\\]", value or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def check(text: str) -> markdown.Rendered:
    shown = render(text)
    _Seen().feed(shown.html)
    for tag in ("script", "img", "svg", "iframe", "style"):
        assert f"<{tag}" not in shown.html
    return shown


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_text(text: str) -> None:
    check(text)
    check(f"> **{text}**\n\n- {text}")
    check(text + " " * markdown.LONGEST_MARKUP)


PARTS = [*"[]()<>!@#`*_~|\\&:\"'\n ->", "a", "p:5", "javascript:", "https://a.de", "&#x", "on=", "```", "c:1"]


@given(st.lists(st.sampled_from(PARTS), max_size=40))
def test_no_combination_gets_through(parts: list[str]) -> None:
    check("".join(parts))


@given(st.text(max_size=60))
def test_every_text_is_shown_or_refused(text: str) -> None:
    try:
        shown = check(text)
    except UnreadableError:
        assert re.search("[\ud800-\udfff]", text)
    else:
        assert not re.search("[\x00-\x08\u202a-\u202e\u200b]", shown.html + shown.plain)


N = markdown.LONGEST_MARKUP // 2


BLOW_UPS = [
    *("[" * N, "![" * N, "[a](" * (N // 4), "*" * N, "**a" * (N // 3), "_a" * (N // 2), ">" * N, "> " * (N // 2)),
    *("- " * (N // 2), "1. " * (N // 3), "`" * N, "~~~\n" * (N // 4), "<" * N, "<a:" * (N // 3), "\t*" * (N // 2)),
    *("@[" * (N // 2), "@[" + "\\a" * (N // 2), "a@" * (N // 2), "http://" * (N // 7), "&amp" * (N // 4), "\\" * N),
    "|" * N + "\n" + "|-" * (N // 2),
    "|" + "a|" * 256 + "\n|" + "-|" * 256 + "\n" + "|\n" * 9000,
    "".join(" " * (2 * i) + "- a\n" for i in range(90)),
]


@pytest.mark.parametrize("text", BLOW_UPS)
def test_blow_ups_stay_small_and_lose_nothing(text: str) -> None:
    shown = check(text)
    assert len(shown.html) <= 20 * len(text)
    assert shown.html.count("<blockquote>") <= NESTING
    assert shown.html.count("<ul>") <= NESTING
    assert shown.html.count("<td>") + shown.html.count("<th>") <= 2 * markdown.MOST_CELLS


def test_what_is_too_deep_is_shown_as_typed() -> None:
    text = "> " * 200 + "**wichtig** @[A & B](p:5)"
    shown = render(text)
    assert shown.html.endswith('**wichtig** <span class="mention" data-mention="p5">@A &amp; B</span></p>')
    assert shown.plain == "> " * 200 + "**wichtig** @A & B"
    assert shown.mentions == {"5"}


def test_what_is_too_long_is_shown_as_typed() -> None:
    shown = render("**x** @[A](t:5) #[B](c:6)\n" * 2000)
    assert "<strong>" not in shown.html
    assert shown.html.count('href="/c/6"') == 2000
    assert shown.mentions == {"t5"}


def test_hidden_characters_go() -> None:
    assert clean("a\u202eb\u200bc\x00d\ufeff\r\ne\rf\u2028g") == "abcd\ne\nf\ng"
    assert clean("👩‍🔧 ❤️ Müller") == "👩‍🔧 ❤️ Müller"
    assert render("\u202egro.elpmaxe\u202c\x00").plain == "gro.elpmaxe"


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "**\ud83d**"])
def test_half_characters_are_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        render(text)
    with pytest.raises(UnreadableError):
        clean(text)
