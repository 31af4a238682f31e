"""Words: catalogues merged over rooms, plurals, templates, the browser's catalogue, which language to speak."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from intranet.kernel import i18n

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
CHAT = """
msgid "Send"
msgstr "Senden"

msgid "{n} file"
msgid_plural "{n} files"
msgstr[0] "{n} Datei"
msgstr[1] "{n} Dateien"

msgctxt "verb"
msgid "Archive"
msgstr "Archivieren"

#, fuzzy
msgid "Maybe"
msgstr "Vielleicht"

msgid "Untranslated"
msgstr ""

msgid "Hello %(name)s"
msgstr "Hallo %(name)s"
"""
PEOPLE = 'msgid "Archive"\nmsgstr "Archiv"\n'
JS = """
import { word, words } from "./words.js";
button.title = word("Send"); status = words("{n} file", "{n} files", n); gone = word("Not in the catalogue");
"""


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two rooms in German, one module that asks for words."""
    (tmp_path / "locale" / "de").mkdir(parents=True)
    (tmp_path / "static" / "vendor").mkdir(parents=True)
    (tmp_path / "locale" / "de" / "chat.po").write_text(HEAD + CHAT, "utf-8")
    (tmp_path / "locale" / "de" / "people.po").write_text(HEAD + PEOPLE, "utf-8")
    (tmp_path / "static" / "chat.js").write_text(JS, "utf-8")
    (tmp_path / "static" / "vendor" / "other.js").write_text('word("Hello %(name)s")', "utf-8")
    monkeypatch.setattr(i18n, "_LOCALE", tmp_path / "locale")
    monkeypatch.setattr(i18n, "_STATIC", tmp_path / "static")
    cached = (i18n._words, i18n.words_json, i18n._asked_by_js)
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


@pytest.mark.usefixtures("catalogues")
def test_words_of_all_rooms() -> None:
    de = i18n.words("de")
    assert de.gettext("Send") == "Senden"
    assert de.gettext("Archive") == "Archiv"
    assert de.pgettext("verb", "Archive") == "Archivieren"
    assert de.pgettext("noun", "Archive") == "Archive"


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize("msgid", ["Maybe", "Untranslated", "Nobody wrote this"])
def test_what_is_not_translated_is_english(msgid: str) -> None:
    assert i18n.words("de").gettext(msgid) == msgid


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("n", "de", "en"), [(0, "{n} Dateien", "{n} files"), (1, "{n} Datei", "{n} file"), (2, "{n} Dateien", "{n} files")]
)
def test_plurals(n: int, de: str, en: str) -> None:
    marked = i18n.ngettext("{n} file", "{n} files")
    assert i18n.words("de").ngettext(*marked, n) == de
    assert i18n.words("en").ngettext(*marked, n) == en
    assert i18n.words("de").npgettext("disk", *marked, n) == en


def test_english_needs_no_catalogue_and_other_languages_get_it() -> None:
    assert i18n.words("en").gettext("Send") == "Send"
    assert i18n.words("fr") is i18n.words("en")
    assert i18n._("Send") == "Send"


@pytest.mark.usefixtures("catalogues")
def test_templates_speak_their_language() -> None:
    template = (
        "{% macro button() %}{{ _('Send') }}{% endmacro %}{{ button() }} "
        "{% trans %}Send{% endtrans %} {{ _('Hello %(name)s', name=name) }} "
        "{% trans n=2 %}{{ n }} file{% pluralize %}{{ n }} files{% endtrans %} {{ pgettext('verb', 'Archive') }}"
    )
    said = {}
    for lang in ("de", "en"):
        env = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
        i18n.install(env, lang)
        said[lang] = env.from_string(template).render(name="<b>")
    assert said["de"] == "Senden Senden Hallo &lt;b&gt; 2 files Archivieren"  # %(n)s is another msgid than {n}
    assert said["en"] == "Send Send Hello &lt;b&gt; 2 files Archive"


@pytest.mark.usefixtures("catalogues")
def test_the_browser_gets_the_words_its_modules_ask_for() -> None:
    body, etag = i18n.words_json("de")
    assert json.loads(body) == {"Send": "Senden", "{n} file": ["{n} Datei", "{n} Dateien"]}
    assert etag.startswith('"')
    assert i18n.words_json("en")[0] == b"{}"
    assert i18n.words_json("en")[1] != etag


@pytest.mark.parametrize(
    ("header", "setting", "lang"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "", "de"),
        ("fr-FR,nl;q=0.5,en;q=0.4", "", "nl"),
        ("en;q=0.5, NL-be ;q=0.7", "", "nl"),
        ("de,nl", "", "de"),
        ("de", "nl", "nl"),
        ("de", "fr", "de"),
        ("de;q=0", "", "en"),
        ("fr", "", "en"),
        ("", "", "en"),
        ("de;q=1.1.1,;;,q=*", "", "en"),
        ("*" * 100_000, "", "en"),
    ],
)
def test_negotiate(header: str, setting: str, lang: str) -> None:
    assert i18n.negotiate(header, setting) == lang


def test_negotiate_falls_back_to_the_house() -> None:
    assert i18n.negotiate("fr", "", "de") == "de"
