"""Markdown: what people write, what the reader sees, and what hostile texts cannot do."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel import markdown
from intranet.kernel.markdown import (
    UnreadableError,
    clean,
    emojify,
    excerpt,
    link_mentions,
    mention,
    render,
    shortcodes,
)
from intranet.kernel.markdown_parser import NESTING
from intranet.kernel.markdown_source import end_quotes

REL = 'rel="noopener nofollow ugc"'


def html(text: str) -> str:
    return render(text).html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Moin", "<p>Moin</p>"),
        ("Müller & Söhne: 3 > 2, um 14:30 Uhr :)", "<p>Müller &amp; Söhne: 3 &gt; 2, um 14:30 Uhr :)</p>"),
        ("eins\nzwei  \n\n \ndrei", "<p>eins<br>\nzwei</p>\n<p>drei</p>"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_plain_text_never_reaches_the_parser(text: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "_parser", None)
    assert html(text) == shown


@given(st.text(alphabet=st.sampled_from("ab ä.:&~>#-+1)=\n\"'(!/😀"), max_size=40))
def test_the_fast_path_shows_what_the_parser_would_show(text: str) -> None:
    fast = render(text)
    slow = markdown._marked_up(end_quotes(emojify(text)), "")
    assert slow is not None
    assert (fast.html, fast.plain) == (slow.html, slow.plain)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "**fett** *leise* ~~weg~~ `x < y`",
            "<p><strong>fett</strong> <em>leise</em> <s>weg</s> <code>x &lt; y</code></p>",
        ),
        ("# Titel\nText", "<p><strong>Titel</strong></p>\n<p>Text</p>"),
        ("Text\n---", "<p>Text</p>\n<hr>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        ("    vier Leerzeichen", "<p>vier Leerzeichen</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        (r"\*nicht\*", "<p>*nicht*</p>"),
        ("&copy; &amp;", "<p>© &amp;</p>"),
    ],
)
def test_markup(text: str, shown: str) -> None:
    assert html(text) == shown


def test_a_definition_hides_nothing() -> None:
    assert "[x]:" in html("[x]: https://a.de\n\n[x]")


def test_the_line_below_a_quote_is_the_answer() -> None:
    assert html("> Wann?\n> Wo?\nHier.") == "<blockquote>\n<p>Wann?<br>\nWo?</p>\n</blockquote>\n<p>Hier.</p>"
    assert "\n\n" not in render("```\n> a\nb\n```").plain


def test_tasks() -> None:
    shown = html("- [ ] offen\n- [x] fertig")
    assert shown.count('<input class="task-list-item-checkbox"') == 2
    assert shown.count("checked=") == 1
    assert "<label>" in shown
    assert render("- [ ] offen\n- [x] fertig").plain == "☐ offen\n☑ fertig"


def test_tables_align_by_class() -> None:
    shown = html("| Artikel | Preis |\n|---|--:|\n| Rohr | **12,50** |")
    assert '<div class="table" tabindex="0"><table>' in shown
    assert '<td class="right"><strong>12,50</strong></td>' in shown
    assert "style" not in shown


def test_code_is_coloured_by_classes() -> None:
    shown = html("```python\nprint(1 < 2)\n```")
    assert '<span class="nb">print</span>' in shown
    assert "&lt;" in shown
    assert "style" not in shown
    assert html("```nonsense\n<b>\n```") == '<pre tabindex="0"><code class="code">&lt;b&gt;\n</code></pre>'


def test_code_above_the_limit_stays_without_colours() -> None:
    block = "```py\n" + "x = 1\n" * 1000 + "```\n"
    assert '<span class="n">' in html(block)
    assert html(block + block).count('<span class="n">x</span>') == 1000  # the second block is past the message's share


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("https://a.de/x?y=1&z=2", "https://a.de/x?y=1&amp;z=2"),
        ("siehe foo.de.", "https://foo.de"),
        ("www.bar.nl/pad", "https://www.bar.nl/pad"),
        ("[Seite](bar.nl/pad)", "https://bar.nl/pad"),
        ("info@bar.nl", "mailto:info@bar.nl"),
        ("tel:+49-40-1234", "tel:+49-40-1234"),
        ("[hier](/c/17)", "/c/17"),
        ("<https://a.de>", "https://a.de"),
        ("![Bild](https://a.de/b.png)", "https://a.de/b.png"),
        ("[](https://a.de)", "https://a.de"),
    ],
)
def test_links(text: str, href: str) -> None:
    shown = html(text)
    foreign = ' target="_blank"' if href.startswith("http") else ""
    assert f'<a href="{href}"{foreign} {REL}>' in shown
    assert "<img" not in shown
    assert "></a>" not in shown


@pytest.mark.parametrize("text", ["z.B.", "Bis morgen.De vergadering", "run.py", "ftp://a.de", "3.14", "//a.de"])
def test_what_is_no_link(text: str) -> None:
    assert "<a" not in html(text)


def test_links_to_this_house_become_paths() -> None:
    shown = render(
        "https://chat.example.org/c/17#m-17-4 https://chat.example.org.evil.de/", "https://chat.example.org"
    ).html
    assert f'<a href="/c/17#m-17-4" {REL}>' in shown
    assert 'href="https://chat.example.org.evil.de/" target="_blank"' in shown


def test_mentions() -> None:
    shown = render("@[Mehmet Aydin](p:5) und @[Service Süd](t:12), @[all](all): #[Halle 2](c:17) @[x](c:1) #[x](p:1)")
    assert '<span class="mention" data-mention="p5">@Mehmet Aydin</span>' in shown.html
    assert '<span class="mention" data-mention="t12">@Service Süd</span>' in shown.html
    assert '<span class="mention" data-mention="all">@all</span>' in shown.html
    assert f'<a href="/c/17" class="channel" {REL}>#Halle 2</a>' in shown.html
    assert shown.mentions == {"5", "t12", "all"}
    assert shown.plain == "@Mehmet Aydin und @Service Süd, @all: #Halle 2 @[x](c:1) #[x](p:1)"


def test_a_mention_in_code_calls_nobody() -> None:
    assert render("`@[A](p:5)`\n\n```\n@[B](p:6)\n```").mentions == frozenset()


def test_a_name_is_text() -> None:
    shown = render(mention('<img src=x onerror="a()"> [x](y) \\', "p:5"))
    assert shown.html == (
        '<p><span class="mention" data-mention="p5">@&lt;img src=x onerror="a()"&gt; [x](y) \\</span></p>'
    )
    assert shown.plain == '@<img src=x onerror="a()"> [x](y) \\'


NAMES = {"Jan": "p:1", "Jan de Vries": "p:2", "Jan-Peter Groß": "p:3", "Service Süd": "t:4", "alle": "all"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("@jan kommt", "@[Jan](p:1) kommt"),
        ("@Jan de vries, bitte", "@[Jan de Vries](p:2), bitte"),
        ("@JAN-PETER GROSS!", "@[Jan-Peter Groß](p:3)!"),
        ("(@service  süd)", "(@[Service Süd](t:4))"),
        ("@alle", "@[alle](all)"),
        ("@Janosch @unbekannt", "@Janosch @unbekannt"),
        ("info@jan.de jan@jan", "info@jan.de jan@jan"),
        ("https://a.de/@jan", "https://a.de/@jan"),
        ("`@jan` @jan", "`@jan` @[Jan](p:1)"),
        ("```\n@jan\n```\n@jan", "```\n@jan\n```\n@[Jan](p:1)"),
        ("```\n@jan", "```\n@jan"),
        ("@[Jan](p:1)", "@[Jan](p:1)"),
        ("@Jan\nde Vries", "@[Jan](p:1)\nde Vries"),
    ],
)
def test_typed_names_become_mentions(typed: str, stored: str) -> None:
    assert link_mentions(typed, NAMES) == stored


def test_shortcodes_in_three_languages() -> None:
    assert emojify(":thumbsup: :daumen_hoch: :duim_omhoog: :+1:") == "👍 👍 👍 👍"
    assert (
        emojify("`:tada:` https://a.de/:tada: 10:30:45 :gibtsnicht:")
        == "`:tada:` https://a.de/:tada: 10:30:45 :gibtsnicht:"
    )
    assert html(":tada:") == "<p>🎉</p>"
    assert len(set(shortcodes().values())) > 100


def test_the_plain_text() -> None:
    text = "# Titel\n\n- **eins**\n- [zwei](https://a.de)\n\n1. drei\n\n> vier\n\n"
    text += "| a | b |\n|---|---|\n| c | d |\n\n```\nx  =  1\n```"
    assert render(text).plain == "Titel\n• eins\n• zwei\n1. drei\nvier\na · b\nc · d\nx  =  1"


@pytest.mark.parametrize(
    ("plain", "limit", "cut"),
    [
        ("kurz", 10, "kurz"),
        ("eins zwei\ndrei", 20, "eins zwei drei"),
        ("eins zwei, drei", 12, "eins zwei…"),
        ("Donaudampfschiff", 6, "Donau…"),
        ("ab👍🏽👍🏽", 4, "ab…"),
        ("ab👩‍🔧👩‍🔧", 5, "ab…"),
    ],
)
def test_excerpt(plain: str, limit: int, cut: str) -> None:
    assert excerpt(plain, limit) == cut


# ---------------------------------------------------------------------------------------------------------- hostile

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

    TAGS = markdown._TAGS
    ATTRIBUTES = frozenset(
        {"href", "target", "rel", "class", "data-mention", "start", "tabindex", "type", "disabled", "checked"}
    )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.TAGS
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
