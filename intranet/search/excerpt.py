"""What is shown of a text that fits: the part around the first word that was asked for, its words marked."""

from markupsafe import Markup, escape

from .asked import Asked
from .words import spans

LONG = 220  # characters
HYPHENS = ("-", "‐", "‑")  # what they join is one mark
BEFORE = 60  # of them before the first word that fits


def marked(text: str, asked: Asked) -> Markup:
    """All of a short text, such as a title or a name."""
    return _with_marks(text, _fitting(text, asked), 0, len(text))


def excerpt(text: str, asked: Asked) -> Markup:
    """A part of a longer text on one line."""
    line = " ".join(text.split())
    fitting = _fitting(line, asked)
    start = 0
    if fitting and fitting[0][0] > BEFORE and len(line) > LONG:
        start = _word_begin(line, min(fitting[0][0] - BEFORE, len(line) - LONG))
    end = len(line) if len(line) - start <= LONG else _word_end(line, start + LONG)
    before, after = "… " if start else "", " …" if end < len(line) else ""
    return before + _with_marks(line, fitting, start, end) + after


def _fitting(text: str, asked: Asked) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end, word in spans(text):
        if asked.fits(word):
            joined = found and text[found[-1][1] : start] in HYPHENS
            found[-1:] = [(found[-1][0], end)] if joined else [*found[-1:], (start, end)]
    return found


def _with_marks(text: str, fitting: list[tuple[int, int]], start: int, end: int) -> Markup:
    drawn, at = Markup(""), start
    for begin, stop in fitting:
        if begin >= start and stop <= end:
            drawn += escape(text[at:begin]) + Markup("<mark>") + escape(text[begin:stop]) + Markup("</mark>")
            at = stop
    return drawn + escape(text[at:end])


def _word_begin(text: str, at: int) -> int:
    space = text.rfind(" ", 0, at + 1)
    return space + 1


def _word_end(text: str, at: int) -> int:
    space = text.rfind(" ", 0, at)
    return space if space > at - 40 else at
