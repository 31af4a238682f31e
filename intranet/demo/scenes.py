"""Read the written conversations: who says what, in reply to what, how much later.

A scene in `data/scenes/*.txt` is a heading and lines:

    == channel | topic or - | x2 week=3 day=-1 at=9:31 weekend=sat closed lang=nl
    jana +20 >: Zwanzig Minuten später, eine Antwort auf die vorige Nachricht
      zweite Zeile desselben Texts
    * 👍 mehmet silke        a reaction
    * photo manometer Gemaal 4

`x2` says that the scene happens twice; `<first|second>` anywhere in it then gives each time its own words.
A line whose text is only `-` is left out that time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "scenes"
CHOICE = re.compile(r"<([^<>]*\|[^<>]*)>")
LINE = re.compile(r"(?P<by>[a-z]+)(?:/(?P<lang>[a-z]{2}))?(?P<mods>(?: +[+>]\w*)*) *:(?: (?P<text>.*))?$")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said."""

    by: str
    lang: str  # empty: as the scene
    text: str
    gap: str  # "", "25" minutes, "2h", "1d"
    reply: int  # 0 none, else the number of the line it answers
    extras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A conversation as it was written down."""

    channel: str
    topic: str
    flags: dict[str, str]
    lines: tuple[Line, ...]

    @property
    def lang(self) -> str:
        return self.flags.get("lang", "de")

    @property
    def pinned(self) -> bool:
        """Whether it belongs to one certain day, counted from the newest."""
        return "day" in self.flags


@dataclass(slots=True)
class _Draft:
    found: re.Match[str]
    text: list[str] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)


@cache
def scenes() -> tuple[tuple[Scene, ...], ...]:
    """All scenes in a fixed order, each as the tuple of its variants."""
    texts = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*.txt"))]
    return tuple(_variants(block) for text in texts for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:])


def _variants(block: str) -> tuple[Scene, ...]:
    times = re.search(r"\| .*\bx(\d)", block.split("\n", 1)[0])
    return tuple(_scene(_choose(block, number)) for number in range(int(times[1]) if times else 1))


def _choose(block: str, number: int) -> str:
    def pick(found: re.Match[str]) -> str:
        words = found[1].split("|")
        return words[number % len(words)]

    return CHOICE.sub(pick, block)


def _scene(block: str) -> Scene:
    heading, *rest = block.strip("\n").split("\n")
    parts = [part.strip() for part in heading.split(" | ")]
    channel, topic, marks = [*parts, "", ""][:3]
    flags = {name: value for name, _, value in (mark.partition("=") for mark in marks.split())}
    drafts: list[_Draft] = []
    for row in rest:
        _take(row, drafts)
    return Scene(channel, "" if topic == "-" else topic, flags, _lines(drafts))


def _take(row: str, drafts: list[_Draft]) -> None:
    if row.startswith("  "):
        drafts[-1].text.append(row[2:])
    elif row.startswith("* "):
        drafts[-1].extras.append(row[2:])
    elif found := LINE.match(row):
        drafts.append(_Draft(found, [found["text"] or ""]))
    elif row.strip():
        raise ValueError(f"not a line of a scene: {row!r}")
    elif drafts:
        drafts[-1].text.append("")


def _lines(drafts: list[_Draft]) -> tuple[Line, ...]:
    """Lines of this variant; a reply names its target by number, so left-out lines are counted out first."""
    kept = [draft for draft in drafts if "\n".join(draft.text).strip() != "-"]
    lines = []
    for number, draft in enumerate(kept):
        mods = (draft.found["mods"] or "").split()
        gap = next((mod[1:] for mod in mods if mod[0] == "+"), "")
        answer = next((mod[1:] for mod in mods if mod[0] == ">"), None)
        reply = 0 if answer is None else int(answer) if answer else number
        extras = tuple(extra for extra in draft.extras if not extra.endswith(" -"))
        text = "\n".join(draft.text).strip()
        lines.append(Line(draft.found["by"], draft.found["lang"] or "", text, gap, reply, extras))
    return tuple(lines)
