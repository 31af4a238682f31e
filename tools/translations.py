"""Translations: every word of the product exists in every language, and nothing lies there unused.

    python -m tools.translations                  check all
    python -m tools.translations --stubs de chat  print what is missing in intranet/locale/de/chat.po, ready to fill in

Words are found in `intranet/**/*.py` (`_`, `ngettext`), in `templates/**` (`{% trans %}`, `_`, `ngettext`) and in
`static/**/*.js` (`word`, `words`).
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from intranet.kernel.html import environment

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "nl")  # English is the language the words are written in
METHODS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("intranet", "**/*.py", "python", DEFAULT_KEYWORDS),
    ("templates", "**/*.html", "jinja2.ext.babel_extract", DEFAULT_KEYWORDS),
    ("templates", "**/*.txt", "jinja2.ext.babel_extract", DEFAULT_KEYWORDS),
    ("static", "**/*.js", "javascript", {"word": None, "words": (1, 2)}),
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
Key = tuple[str | None, str]


@dataclass
class Word:
    """A msgid as it stands in the sources."""

    singular: str
    plural: str | None
    context: str | None
    places: list[tuple[str, int]] = field(default_factory=list)

    @property
    def where(self) -> str:
        """The first place it stands at."""
        return "{}:{}".format(*self.places[0])


def extracted(root: Path = ROOT) -> dict[Key, Word]:
    """Every word of the product with the places it stands at."""
    words: dict[Key, Word] = {}
    options = as_rendered()
    for folder, pattern, method, keywords in METHODS:
        for path in sorted((root / folder).glob(pattern)):
            if "vendor" in path.parts:
                continue
            found = extract_from_file(method, path, keywords, options=options)
            for line, ids, _comments, context in found:
                singular, plural = (ids[0], ids[1]) if isinstance(ids, tuple | list) else (ids, None)
                word = words.setdefault((context, singular), Word(singular, None, context))
                word.plural = word.plural or plural
                word.places.append((str(path.relative_to(root)), line))
    return words


def as_rendered() -> dict[str, str]:
    """Options that make the extraction see the msgids which the pages ask for: white space is part of a msgid."""
    env = environment("en")
    flags = {
        "trim_blocks": env.trim_blocks,
        "lstrip_blocks": env.lstrip_blocks,
        "trimmed": env.policies["ext.i18n.trimmed"],
        "newstyle_gettext": getattr(env, "newstyle_gettext", False),
    }
    return {
        "silent": "false",
        "parse_template_string": "true",
        **{name: str(bool(flag)).lower() for name, flag in flags.items()},
    }


def catalogs(language: str, root: Path = ROOT) -> dict[str, Catalog]:
    """The catalogue of each room, by the room's name."""
    found = {}
    for path in sorted((root / "intranet" / "locale" / language).glob("*.po")):
        with path.open("rb") as file:
            found[path.stem] = read_po(file, locale=language, abort_invalid=True)
    return found


def entries(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def key(message: Message) -> Key:
    """What a message is looked up by."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def problems(language: str, words: dict[Key, Word], rooms: dict[str, Catalog]) -> Iterator[str]:
    """All that is wrong with the translations into one language."""
    seen: dict[Key, tuple[str, Message]] = {}
    for room, catalog in rooms.items():
        for message in entries(catalog):
            name = f"{language}/{room}.po: {key(message)[1]!r}"
            other = seen.setdefault(key(message), (room, message))
            if other[1].string != message.string:
                yield f"{name} is translated otherwise in {other[0]}.po"
            yield from (f"{name} {fault}" for fault in faults(message, words.get(key(message)), catalog.num_plurals))
    for wanted, word in words.items():
        if wanted not in seen:
            yield f"{language}: {word.singular!r} ({word.where}) is missing"


def faults(message: Message, word: Word | None, plurals: int) -> Iterator[str]:
    """What is wrong with one translation."""
    if word is None:
        yield "is used nowhere"
        return
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy:
        yield "is fuzzy"
    if not all(forms):
        yield "is empty"
        return
    if word.plural and len(forms) != plurals:
        yield f"needs {plurals} forms"
    # the form for one may leave the number out ("one message")
    wanted = set(PLACEHOLDER.findall(word.plural or word.singular))
    optional = wanted - set(PLACEHOLDER.findall(word.singular))
    for number, form in enumerate(forms):
        have = set(PLACEHOLDER.findall(form or ""))
        if have - wanted or wanted - have - (optional if number == 0 else set()):
            yield f"has other placeholders: {form!r}"


def room_of(path: str) -> str:
    """The room whose catalogue a word belongs to."""
    parts = Path(path).parts
    return parts[1] if len(parts) > 2 else "kernel"


def stubs(language: str, room: str, words: dict[Key, Word], rooms: dict[str, Catalog]) -> Catalog:
    """The words of a room that no catalogue of the language has yet."""
    known = {key(message) for catalog in rooms.values() for message in entries(catalog)}
    missing = Catalog(locale=language)
    for name, word in words.items():
        if name not in known and room_of(word.places[0][0]) == room:
            ids = (word.singular, word.plural) if word.plural else word.singular
            missing.add(ids, context=word.context, locations=word.places)
    return missing


def main(argv: list[str]) -> int:
    """Check, or print stubs; the exit code says whether something is wrong."""
    words = extracted()
    if argv[:1] == ["--stubs"]:
        language, room = argv[1:3]
        write_po(sys.stdout.buffer, stubs(language, room, words, catalogs(language)), omit_header=True, width=120)
        return 0
    found = [line for language in LANGUAGES for line in problems(language, words, catalogs(language))]
    print("\n".join([*found, f"{len(words)} words in {len(LANGUAGES)} languages"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
