"""Words in German, Dutch and English. The msgid is the English text; `intranet/locale/<lang>/<room>.po` has the rest.

Python marks words with `_` and `ngettext` and translates them when it renders, by the reader's language:
`words(lang).gettext(...)`. Templates are installed once per language. The browser gets one JSON per language with the
words that `static/**/*.js` asks for by `word("…")` and `words("…", "…", n)`.
"""

import functools
import gettext as gnu
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

LANGUAGES = ("de", "nl", "en")
_PACKAGE = Path(__file__).resolve().parent.parent
_LOCALE = _PACKAGE / "locale"
_STATIC = (_PACKAGE if (_PACKAGE / "static").is_dir() else _PACKAGE.parent) / "static"
_WISH = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[\w-]*)?\s*(?:;\s*q=([\d.]+))?\s*")

Key = str | tuple[str, str]  # the msgid, or its context and the msgid


def _(msgid: str) -> str:
    """Mark a text for translation; it stays English until somebody reads it."""
    return msgid


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Mark a text that depends on a number: `words(lang).ngettext(*marked, n)`."""
    return one, many


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    lang: str
    forms: Mapping[Key, tuple[str, ...]]
    plural: Callable[[int], int]

    def gettext(self, msgid: str) -> str:
        """The text in this language, in English if nobody has translated it."""
        return self.forms.get(msgid, (msgid,))[0]

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The text for this number."""
        return self._choose(one, one, many, n)

    def pgettext(self, context: str, msgid: str) -> str:
        """The text where one English word needs two here."""
        return self.forms.get((context, msgid), (msgid,))[0]

    def npgettext(self, context: str, one: str, many: str, n: int) -> str:
        """The text for this number in this context."""
        return self._choose((context, one), one, many, n)

    def _choose(self, key: Key, one: str, many: str, n: int) -> str:
        forms = self.forms.get(key)
        return forms[self.plural(n)] if forms and len(forms) > 1 else (one if n == 1 else many)


def words(lang: str) -> Words:
    """The words of a language, English for one that Binnen does not speak."""
    return _words(lang if lang in LANGUAGES else "en")


@functools.cache
def _words(lang: str) -> Words:
    """The catalogues of all rooms merged, read once."""
    from babel.messages.pofile import read_po  # parsing needs a tenth of a second of imports

    forms: dict[Key, tuple[str, ...]] = {}
    rule = "n != 1"
    for path in sorted((_LOCALE / lang).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=lang)
        rule = catalogue.plural_expr
        for message in catalogue:
            said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if message.id and said and all(said) and not message.fuzzy:
                msgid = message.id if isinstance(message.id, str) else message.id[0]
                forms[(message.context, msgid) if message.context else msgid] = said
    return Words(lang, forms, gnu.c2py(rule))


class _Translatable(Protocol):
    def install_gettext_callables(
        self, gettext: Any, ngettext: Any, newstyle: bool, pgettext: Any, npgettext: Any
    ) -> None: ...


def install(env: Any, lang: str) -> None:
    """Give the templates of a Jinja environment (with `jinja2.ext.i18n`) the words of one language."""
    said = words(lang)
    translatable: _Translatable = env
    translatable.install_gettext_callables(
        said.gettext, said.ngettext, newstyle=True, pgettext=said.pgettext, npgettext=said.npgettext
    )


def negotiate(accept_language: str, setting: str = "", default: str = "en") -> str:
    """The language to speak: the person's setting, else what the browser likes best, else the default."""
    if setting in LANGUAGES:
        return setting
    best, liked = default, 0.0
    for wish in accept_language[:500].split(","):
        if (found := _WISH.fullmatch(wish)) and found[1].lower() in LANGUAGES:
            quality = _quality(found[2])
            if quality > liked:
                best, liked = found[1].lower(), quality
    return best


def _quality(text: str | None) -> float:
    try:
        return min(float(text), 1.0) if text else 1.0
    except ValueError:
        return 0.0


def catalogue_js(lang: str) -> dict[str, str | list[str]]:
    """The words of the browser's modules in one language, by msgid; those with plurals as a list of forms."""
    said = words(lang)
    found = ((msgid, said.forms.get(msgid)) for msgid in sorted(_asked_by_js()))
    return {msgid: list(forms) if len(forms) > 1 else forms[0] for msgid, forms in found if forms}


@functools.cache
def words_json(lang: str) -> tuple[bytes, str]:
    """The catalogue as the browser fetches it, with its ETag."""
    body = json.dumps(catalogue_js(lang), ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'


_JS_WORDS: dict[str, Any] = {"word": None, "words": (1, 2)}


@functools.cache
def _asked_by_js() -> frozenset[str]:
    """Every msgid that a module of ours asks for, found by Babel's own reader of JavaScript."""
    from babel.messages.extract import extract_from_file

    found: set[str] = set()
    for path in _STATIC.rglob("*.js"):
        if "vendor" not in path.parts:
            # Words within ${…} of a template string too; without the option they would stay English.
            options = {"parse_template_string": True}
            for _line, ids, *_rest in extract_from_file("javascript", path, _JS_WORDS, options=options):
                found.add(ids if isinstance(ids, str) else ids[0])
    return frozenset(found)
