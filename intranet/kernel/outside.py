"""What comes from outside as text: numbers in addresses, forms and references; names on one line and as found."""

import unicodedata

from .errors import Refused

_BLANK = str.maketrans(dict.fromkeys("\u115f\u1160\u2800\u3164\uffa0", " "))  # letters by name that draw nothing


def number(text: str) -> int | None:
    """A whole number in plain digits that both engines can hold, else None.

    Not `isdigit` alone: that is true of "²", which `int` refuses, and of digits without end.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def one_line(text: str) -> str:
    """Single spaces and nothing around: a name of blanks alone, whatever kind, is none."""
    return " ".join(text.translate(_BLANK).split())


def tidy(text: str) -> str:
    """One line: composed letters, single spaces, nothing invisible that could pretend to be another name."""
    shown = (" " if letter in "\t\n\r" else letter for letter in unicodedata.normalize("NFC", text))
    kept = "".join(letter for letter in shown if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return one_line(kept)


def tidied(text: str, most: int, long: str, missing: str = "") -> str:
    """The same, of at most so many characters; with `missing` something has to be left. Raises Refused 422 with the
    code `long` or `missing`."""
    line = tidy(text)
    if not line and missing:
        raise Refused(422, missing)
    if len(line) > most:
        raise Refused(422, long, most=most)
    return line


def fold(text: str) -> str:
    """Lower case without accents, so that a search for "muller" finds Müller."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
