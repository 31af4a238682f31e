"""What somebody asks for: words, all of which must be there, what stands in quotes exactly so, and the last word as
far as it is typed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .words import WORD, bare, forms, normal, parts_of, spans

LONGEST = 200  # characters of a question
MOST_TERMS = 8
SHORTEST_BEGINNING = 3  # letters: two would begin a tenth of all words
_QUOTED = re.compile('["„“”«»‟]([^"„“”«»‟]*)["“”«»]?')


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A condition: one of these words, a word that begins so, or all of the parts that a hyphen joins."""

    words: frozenset[str]
    beginning: str = ""
    parts: tuple["AnyOf", ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the index understands it."""

    text: str
    terms: tuple[AnyOf, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()  # bare words that must stand side by side

    def fits(self, word: str) -> bool:
        """Whether a normal word of a text is one of those that were asked for."""
        found = forms(word)
        return any(_fits(term, found) for term in self.terms)

    def touches(self, text: str) -> bool:
        """Whether any word of a text is one of those that were asked for."""
        return any(self.fits(word) for _start, _end, word in spans(text))

    def stands_in(self, text: str) -> bool:
        """Whether every phrase stands in this text."""
        return not self.phrases or all(f" {' '.join(phrase)} " in _line(text) for phrase in self.phrases)


def asked(text: str) -> Asked:
    """Understand a question; without `terms` it asks for nothing."""
    text = text.replace("\0", " ").strip()[:LONGEST]
    phrases = [_bare_words(quoted) for quoted in _QUOTED.findall(text)]
    words = WORD.findall(normal(text))[:MOST_TERMS]
    open_ended = text[-1:].isalnum()
    terms = [_term(word, open_ended and number == len(words) - 1) for number, word in enumerate(words)]
    return Asked(text, tuple(terms), tuple(filter(None, phrases)))


def _term(word: str, open_ended: bool) -> AnyOf:
    parts = parts_of(word)
    beginning = bare("".join(parts)) if open_ended else ""
    if len(beginning) < SHORTEST_BEGINNING:
        beginning = ""
    if len(parts) == 1:
        return AnyOf(forms(word), beginning)
    return AnyOf(forms("".join(parts)), beginning, tuple(AnyOf(forms(part)) for part in parts))


def _fits(term: AnyOf, found: Iterable[str]) -> bool:
    return (
        not term.words.isdisjoint(found)
        or any(_fits(part, found) for part in term.parts)
        or bool(term.beginning and any(word.startswith(term.beginning) for word in found))
    )


def _bare_words(text: str) -> tuple[str, ...]:
    return tuple(bare(part) for word in WORD.findall(normal(text)) for part in parts_of(word))


def _line(text: str) -> str:
    return f" {' '.join(_bare_words(text))} "


# -- as the engines write it


def for_fts5(every: Iterable[AnyOf], within: Iterable[Iterable[str]]) -> str:
    """The question in FTS5's language; `within` are marks, one of each list must be there too."""
    return " AND ".join([*(_either(marks, '"{}"', " OR ") for marks in within), *map(_fts5, every)])


def for_tsquery(every: Iterable[AnyOf], within: Iterable[Iterable[str]]) -> str:
    """The question in PostgreSQL's language."""
    return " & ".join([*(_either(marks, "'{}'", " | ") for marks in within), *map(_tsquery, every)])


def _either(words: Iterable[str], form: str, by: str) -> str:
    return f"({by.join(form.format(word) for word in sorted(words))})"


def _fts5(term: AnyOf) -> str:
    ways = [f'"{word}"' for word in sorted(term.words)]
    ways += [f'"{term.beginning}" *'] if term.beginning else []
    ways += [f"({' AND '.join(map(_fts5, term.parts))})"] if term.parts else []
    return f"({' OR '.join(ways)})"


def _tsquery(term: AnyOf) -> str:
    ways = [f"'{word}'" for word in sorted(term.words)]
    ways += [f"'{term.beginning}':*"] if term.beginning else []
    ways += [f"({' & '.join(map(_tsquery, term.parts))})"] if term.parts else []
    return f"({' | '.join(ways)})"


__all__ = ["AnyOf", "Asked", "asked", "for_fts5", "for_tsquery"]
