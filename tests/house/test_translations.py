"""The check of translations finds what it is there to find."""

from typing import Any

import pytest
from jinja2 import FileSystemLoader

from intranet.kernel.html import environment
from tools import translations

PYTHON = 'from intranet.kernel import _\n\nTITLE = _("Channels")\nngettext("one message", "{n} messages", n)\n'
PAGE = "<h1>{{ _('Home') }}</h1>{% trans name=x %}Hello {{ name }}{% endtrans %}\n100 %"
SCRIPT = 'import { word } from "./words.js";\nword("Waiting for {n}", {n: 3});\n'
ROOM = """
msgid "Channels"
msgstr "Kanäle"

msgid "one message"
msgid_plural "{n} messages"
msgstr[0] "eine Nachricht"
msgstr[1] "{n} Nachrichten"

msgid "Home"
msgstr "Eingang"

msgid "Hello %(name)s"
msgstr "Guten Tag, %(name)s"

msgid "Waiting for {n}"
msgstr "Wartet auf {n}"
"""


@pytest.fixture
def tree(tmp_path):
    files = {"intranet/chat/a.py": PYTHON, "templates/chat/a.html": PAGE, "static/chat/a.js": SCRIPT}
    for name, text in {**files, "intranet/locale/de/chat.po": ROOM}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def problems(tree):
    return list(translations.problems("de", translations.extracted(tree), translations.catalogs("de", tree)))


def change(tree, old, new):
    path = tree / "intranet/locale/de/chat.po"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_words_of_python_templates_and_scripts_are_found(tree):
    words = translations.extracted(tree)
    assert {word.singular: word.where for word in words.values()} == {
        "Channels": "intranet/chat/a.py:3",
        "one message": "intranet/chat/a.py:4",
        "Home": "templates/chat/a.html:1",
        "Hello %(name)s": "templates/chat/a.html:1",
        "Waiting for {n}": "static/chat/a.js:2",
    }
    assert problems(tree) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('msgid "Home"\nmsgstr "Eingang"\n', "", "de: 'Home' (templates/chat/a.html:1) is missing"),
        ('msgstr "Eingang"', 'msgstr ""', "de/chat.po: 'Home' is empty"),
        ('msgid "Home"', '#, fuzzy\nmsgid "Home"', "de/chat.po: 'Home' is fuzzy"),
        ('msgstr[1] "{n} Nachrichten"', 'msgstr[1] ""', "de/chat.po: 'one message' is empty"),
        ("auf {n}", "auf {m}", "de/chat.po: 'Waiting for {n}' has other placeholders: 'Wartet auf {m}'"),
        ("{n} Nachrichten", "Nachrichten", "de/chat.po: 'one message' has other placeholders: 'Nachrichten'"),
        (", %(name)s", "", "de/chat.po: 'Hello %(name)s' has other placeholders: 'Guten Tag'"),
        ('msgid "Home"', 'msgid "Old"\nmsgstr "Alt"\n\nmsgid "Home"', "de/chat.po: 'Old' is used nowhere"),
    ],
)
def test_a_fault_is_found(tree, old, new, sentence):
    change(tree, old, new)
    assert problems(tree) == [sentence]


def test_two_rooms_may_not_translate_one_word_differently(tree):
    (tree / "intranet/locale/de/people.po").write_text('msgid "Home"\nmsgstr "Heim"\n', encoding="utf-8")
    assert problems(tree) == ["de/people.po: 'Home' is translated otherwise in chat.po"]


def test_the_msgids_are_those_that_pages_ask_for(tree):
    """Line ends and percent signs included: the page is rendered with a translator that notes what it is asked."""
    text = "{% trans %}\n  100 % of\n  it\n{% endtrans %}\n{% trans n=2 %}a{% pluralize %}\n{{ n }} b{% endtrans %}"
    (tree / "templates/chat/b.html").write_text(text, encoding="utf-8")
    asked = []
    env: Any = environment("en").overlay(loader=FileSystemLoader(tree / "templates"))
    env.install_gettext_callables(
        lambda one: asked.append(one) or one, lambda one, many, n: asked.append(one) or many, newstyle=True
    )
    env.get_template("chat/b.html").render()
    found = [name for (_context, name), word in translations.extracted(tree).items() if "b.html" in word.where]
    assert len(asked) == 2
    assert sorted(found) == sorted(asked)


def test_stubs_hold_what_is_missing_in_a_room(tree):
    change(tree, 'msgid "Home"\nmsgstr "Eingang"\n', "")
    words, rooms = translations.extracted(tree), translations.catalogs("de", tree)
    assert [message.id for message in translations.stubs("de", "chat", words, rooms) if message.id] == ["Home"]
    assert not [message.id for message in translations.stubs("de", "people", words, rooms) if message.id]
