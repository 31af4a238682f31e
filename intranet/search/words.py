"""From text to the words of the index: the same for what is written and for what is asked.

A text carries no language, so each word is kept as it stands and as the stems that German, Dutch and English make of
it; two texts meet where any of these are equal. Umlauts, accents and their spellings with e all become the bare letter.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from Stemmer import Stemmer

LANGUAGES = ("german", "dutch", "english")
LONGEST = 40  # characters of a word; what is longer is an address or a key, found by its beginning
MOST_WORDS = 5000  # of one text
MOST_LETTERS = 400  # of what stands between two blanks
REMEMBERED = 30_000  # words whose forms are kept: nearly all of a company's talk

WORD = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")
_JOINT = re.compile("[-‐‑]")
_SPELLED = re.compile("(?<![aeq])ue|ae|oe")  # not in "neue Steuer, Quelle"
_own = threading.local()  # a stemmer serves one thread


def normal(text: str) -> str:
    """Composed and without case, umlauts kept: what the stemmers know."""
    return unicodedata.normalize("NFKC", text).casefold()


def bare(word: str) -> str:
    """Without accents; ä, ae and a are one letter."""
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _SPELLED.sub(lambda found: found[0][0], word)[:LONGEST]


@lru_cache(REMEMBERED)
def forms(word: str) -> frozenset[str]:
    """A normal word without a hyphen as it stands and by its stems."""
    if not hasattr(_own, "stemmers"):
        _own.stemmers = [Stemmer(language, 0) for language in LANGUAGES]
    stems = [stemmer.stemWord(word) for stemmer in _own.stemmers]
    return frozenset(filter(None, map(bare, (word, *stems))))


def words_of(text: str) -> set[str]:
    """The words under which a text is found. The writer does this for every message: most of it is remembered."""
    pieces = set(text.split())
    if len(pieces) > MOST_WORDS:
        pieces = set(text.split(maxsplit=MOST_WORDS)[:-1])
    return set[str]().union(*map(_of_piece, pieces))


@lru_cache(REMEMBERED)
def _of_piece(piece: str) -> frozenset[str]:
    """Of what stands between blanks. Hyphens join: Q-40 is found by q40, by q and by 40."""
    found: set[str] = set()
    for word in WORD.findall(normal(piece[:MOST_LETTERS])):
        parts = parts_of(word)
        found.update(*map(forms, parts))
        if len(parts) > 1:
            found |= forms("".join(parts))
    return frozenset(found)


def parts_of(word: str) -> list[str]:
    """A normal word's parts between hyphens."""
    return _JOINT.split(word)


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the words of a text stand, part by part, each with its normal form."""
    for found in re.finditer(r"[^\W_]+", text):
        yield found.start(), found.end(), normal(found[0])
