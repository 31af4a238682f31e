"""Highlighted code: Pygments classes for the languages people paste at work, everything else as it stands."""

import functools
from html import escape

# Only these, by name: guessing is slow and often wrong, and each lexer is code that reads hostile text.
LANGUAGES = frozenset(
    """bash batch c c# c++ cmd console cpp cs csharp css csv diff docker dockerfile go html http ini java javascript js
    json jsx kotlin lua make makefile nginx perl php powershell ps1 py python rb ruby rs rust scss sh shell sql swift
    toml ts tsx typescript vb.net vbnet xml yaml yml""".split()
)
LARGEST = 10_000  # characters in one message; what is longer stays readable, without colours


def highlight(code: str, language: str) -> str:
    """The code as escaped HTML, with classes if the language is known and the block is not too large."""
    if language not in LANGUAGES or len(code) > LARGEST:
        return escape(code, quote=False)
    # Imported late: 10 MB, and most messages hold no code.
    from pygments import highlight as coloured  # type: ignore[import-untyped]
    from pygments.formatters.html import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]

    return str(coloured(code, get_lexer_by_name(language), HtmlFormatter(nowrap=True)))


@functools.cache
def classes() -> frozenset[str]:
    """Every class that Pygments may write."""
    from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]

    return frozenset(filter(None, STANDARD_TYPES.values()))
