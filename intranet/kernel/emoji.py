"""What counts as one emoji."""

import re
import unicodedata

from .errors import Refused

_JOINS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d\U000e0020-\U000e007f]")  # tones, forms, families, flags


def clean_emoji(emoji: str) -> str:
    """One emoji in Unicode; no letters, no words. Raises Refused 422."""
    signs = _JOINS.sub("", emoji)
    keycap = len(signs) == 2 and signs[0] in "0123456789#*" and signs[1] == "\u20e3"
    drawn = 1 <= len(signs) <= 4 and all(unicodedata.category(sign) == "So" for sign in signs)
    if len(emoji) > 16 or not (keycap or drawn):
        raise Refused(422, "malformed", reason="emoji")
    return emoji
