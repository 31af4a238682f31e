"""Markdown: what people write, what the reader sees, and what hostile texts cannot do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel import markdown
from intranet.kernel.markdown import (
    emojify,
    excerpt,
    link_mentions,
    mention,
    render,
    shortcodes,
)
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
        ("12. Dez\n14. Dez", '<ol start="12">\n<li>Dez</li>\n<li value="14">Dez</li>\n</ol>'),
        ("1. a\n1. b\n   1. c", "<ol>\n<li>a</li>\n<li>b\n<ol>\n<li>c</li>\n</ol>\n</li>\n</ol>"),
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
