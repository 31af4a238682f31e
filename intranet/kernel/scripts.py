"""Scripts as they leave the house: what is meant for readers of the source stays at home."""

import re
from functools import cache
from pathlib import Path

# Only lines that are nothing but a comment; one within a text in backticks would look the same.
COMMENT = re.compile(rb"^[ \t]*(?://.*|/\*\*.*\*/[ \t]*)$", re.MULTILINE)


def served(source: bytes) -> bytes:
    """Without comments, every other line with the number it had."""
    return COMMENT.sub(b"", source)


@cache
def script(path: Path) -> bytes:
    """A file as it is served: the tree does not change while a process runs."""
    return served(path.read_bytes())
