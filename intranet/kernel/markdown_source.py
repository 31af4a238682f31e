"""What happens to a text before it is stored: cleaned, emoji as Unicode, typed names as mentions."""

import functools
import re
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path


class UnreadableError(ValueError):
    """The text holds half a character (an unpaired surrogate) and cannot be stored."""


# NUL and other controls mean nothing here. Direction overrides can make a text read as something else, and
# zero-width characters can hide in a name or a link; joiners and variation selectors stay, emoji need them.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = str.maketrans(dict.fromkeys("\u2028\u2029\x85", "\n"))

# Code as people write it: a fence to its end, or to the end of the text, or a span between equal backticks.
_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?^[ \t>]*(?P=fence)[`~]*[ \t]*$|.*)"
    r"|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_QUOTE_END = re.compile(r"^([ \t]*>[^\n]*)\n(?=[^\n]*\S)(?![ \t]*>)", re.MULTILINE)
_SHORTCODE = re.compile(r"(?<![\w:/]):([\w+-]{1,40}):(?![\w/])")
_TYPED = re.compile(r"(?<![\w@/.\\])@(?=\w)")
_WORD_END = re.compile(r"(?<=\w)(?!\w)")
_LONGEST_NAME = 100


def clean(text: str) -> str:
    """The text with plain newlines and without characters that only hide something; refuses half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnreadableError("unpaired surrogate") from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", text.translate(_SPACES)) if _UNWANTED.search(text) else text


def emojify(text: str) -> str:
    """The text with known shortcodes (`:thumbsup:`, `:daumen_hoch:`, `:duim_omhoog:`) as Unicode, outside code."""
    if text.count(":") < 2:
        return text
    names = shortcodes()
    return _outside_code(text, lambda part: _SHORTCODE.sub(lambda m: names.get(m[1].casefold(), m[0]), part))


@functools.cache
def shortcodes() -> Mapping[str, str]:
    """Every known shortcode of all three languages with its character."""
    rows = (Path(__file__).parent / "emoji.tsv").read_text("utf-8").splitlines()
    split = (row.split("\t") for row in rows if row and not row.startswith("#"))
    return {name: emoji for emoji, *languages in split for names in languages for name in names.split()}


def mention(name: str, target: str) -> str:
    """The stored form of a mention (`p:5`, `t:12`, `all`) or of a link to a channel (`c:17`)."""
    shown = re.sub(r"([\\\[\]])", r"\\\1", " ".join(name.split())[:_LONGEST_NAME])
    return f"{'#' if target.startswith('c:') else '@'}[{shown}]({target})"


def link_mentions(text: str, names: Mapping[str, str]) -> str:
    """Turn names typed by hand into mentions: `names` says which name is whom, as `p:5`, `t:12` or `all`.

    The longest name wins, case does not count; code, e-mail addresses and paths are left alone.
    """
    if "@" not in text or not names:
        return text
    known = {_folded(name): (name, target) for name, target in names.items()}
    words = max(len(_WORD_END.findall(name)) for name in known)
    return _outside_code(text, lambda part: _link_typed(part, known, words))


def end_quotes(text: str) -> str:
    """Markdown lets a quote swallow the line below it; in chat that line is the answer."""
    return _outside_code(text, lambda part: _QUOTE_END.sub(r"\1\n\n", part)) if ">" in text else text


def _link_typed(text: str, known: Mapping[str, tuple[str, str]], words: int) -> str:
    out: list[str] = []
    done = 0
    for at in _TYPED.finditer(text):
        line = text[at.end() : at.end() + _LONGEST_NAME].split("\n", 1)[0]
        ends = [end.end() for end in islice(_WORD_END.finditer(line), words)]
        for end in reversed(ends):
            if found := known.get(_folded(line[:end])):
                out += (text[done : at.start()], mention(*found))
                done = at.end() + end
                break
    return "".join((*out, text[done:]))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    if "`" not in text and "~~~" not in text:
        return change(text)
    out: list[str] = []
    done = 0
    for code in _CODE.finditer(text):
        out += (change(text[done : code.start()]), code[0])
        done = code.end()
    return "".join((*out, change(text[done:])))
