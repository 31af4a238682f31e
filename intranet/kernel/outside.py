"""What comes from outside as text: numbers in addresses, forms and references; names on one line."""

_BLANK = str.maketrans(dict.fromkeys("\u115f\u1160\u2800\u3164\uffa0", " "))  # letters by name that draw nothing


def number(text: str) -> int | None:
    """A whole number in plain digits that both engines can hold, else None.

    Not `isdigit` alone: that is true of "²", which `int` refuses, and of digits without end.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def one_line(text: str) -> str:
    """Single spaces and nothing around: a name of blanks alone, whatever kind, is none."""
    return " ".join(text.translate(_BLANK).split())
