"""Words of files and of shared results, where no template writes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from intranet.kernel import AnyRow, _, ngettext, times, words

COLUMNS = {
    "answer": _("Answer"),
    "votes": _("Votes"),
    "maybe": _("If need be"),
    "all": _("Votes in all"),
    "round": _("Round"),
    "name": _("Name"),
    "code": _("Code"),
    "sentences": _("Sentences, shuffled"),
}
ANSWERS = {"yes": _("yes"), "maybe": _("if need be")}
VOTES = ngettext("{n} vote in all", "{n} votes in all")


def titles(options: Sequence[AnyRow], kind: str, lang: str, zone: str = "UTC") -> dict[int, str]:
    """Each option in one line, where no `<time>` can be."""
    found = {}
    for option in options:
        text = option.text or (str(option.number) if kind == "rating" else "")
        if option.starts:
            style = "day" if option.whole_day else "full"
            text = times.time_text(option.starts, style, lang, "UTC" if option.whole_day else zone)
        elif kind == "rating" and option.text:
            text = f"{option.number} · {option.text}"
        found[option.number] = text
    return found


def as_text(options: Sequence[AnyRow], kind: str, result: Mapping[str, Any], lang: str, zone: str) -> str:
    """A result as Markdown, for a post: the most on top."""
    named = titles(options, kind, lang, zone)
    say, n = words(lang), result["n"]
    lines = []
    for key, count in sorted(result["yes"].items(), key=lambda pair: (-pair[1], int(pair[0]))):
        maybe = result.get("maybe", {}).get(key, 0)
        more = f" + {maybe} {say.gettext(ANSWERS['maybe'])}" if maybe else ""
        mark = "**" if result.get("best") == int(key) else ""
        share = f" ({round(100 * count / n)} %)" if n and kind in ("one", "several", "rating") else ""
        lines.append(f"- {mark}{_plain(named[int(key)])}: {count}{more}{share}{mark}")
    return "\n".join([*lines, "", say.ngettext(*VOTES, n).format(n=n)])


def _plain(text: str) -> str:
    """An answer stays what it is, also where it looks like Markdown."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#+-!|~@:" else letter for letter in text)


__all__ = ["ANSWERS", "COLUMNS", "as_text", "titles"]
