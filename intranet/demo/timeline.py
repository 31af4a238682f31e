"""Place the written scenes on days and clock times, so that each conversation reads in its order."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .clock import is_working, moment, words, workdays
from .model import File, Message, Person
from .scenes import Line, Scene, scenes

WEEKS = 6
DAYS = WEEKS * 5
EVENING = 18 * 60
PAPERS = {
    "commissioning": "Commissioning Skagen.pdf", "entlueftung": "Entlüftung Q-40.pdf",
    "preisentwurf": "Preisrunde Entwurf.pdf", "uebergabe": "Übergabe Libelle 3.pdf",
}  # fmt: skip
_KEY = re.compile(r"@([a-z]+)\b")


@dataclass(frozen=True, slots=True)
class Said:
    """A message, and whether its scene closes the topic with it."""

    message: Message
    closes: bool = False


@dataclass(slots=True)
class Clock:
    """A day and a time of day."""

    day: date
    minute: float


def written(latest: date, seed: int, people: Mapping[str, Person]) -> list[Said]:
    """All scenes as messages."""
    dice = random.Random(seed)
    said: list[Said] = []
    for number, variants in enumerate(scenes()):
        shift = dice.random()
        for turn, scene in enumerate(variants):
            share = (turn + shift) / len(variants)
            day = _day(scene, latest, share, dice)
            if day is not None:
                said += _messages(scene, f"s{number}.{turn}", day, latest, people, dice)
    return said


# -- when


def _day(scene: Scene, latest: date, share: float, dice: random.Random) -> date | None:
    """The day a scene begins on: as it says, or somewhere in its share of the six weeks, ending before the newest."""
    flags = scene.flags
    if "day" in flags:
        return workdays(latest, int(flags["day"]))
    if "weekend" in flags:
        saturday = latest - timedelta(days=latest.weekday() + 2 + 7 * int(share * (WEEKS - 1)))
        return saturday if flags["weekend"] == "sat" else saturday + timedelta(days=1)
    length = _length(scene)
    if "week" in flags:
        monday = latest - timedelta(days=latest.weekday() + 7 * int(flags["week"]))
        day = monday + timedelta(days=int(flags.get("dow", dice.randrange(5) if int(flags["week"]) else 0)))
    else:
        day = workdays(latest, -1 - int(share * DAYS))
    while workdays(day, length) >= latest:
        day = workdays(day, -1)
    return day


def _length(scene: Scene) -> int:
    """Working days from a scene's first to its last line, one to spare for an evening that runs over."""
    days = sum(int(line.gap[:-1]) for line in scene.lines if line.gap.endswith("d"))
    hours = sum(int(line.gap[:-1]) for line in scene.lines if line.gap.endswith("h"))
    return days + hours // 5


def _begin(scene: Scene, day: date, dice: random.Random) -> Clock:
    if "at" in scene.flags:
        hour, minute = scene.flags["at"].split(":")
        spread = 0 if "day" in scene.flags else dice.randint(-9, 9)
        return Clock(day, int(hour) * 60 + int(minute) + spread)
    if scene.channel == "mittag":
        return Clock(day, dice.randint(9 * 60 + 20, 11 * 60 + 20))
    if "weekend" in scene.flags:
        return Clock(day, dice.randint(8 * 60, 17 * 60))
    return Clock(day, dice.choice((dice.randint(6 * 60 + 40, 11 * 60 + 50), dice.randint(12 * 60 + 20, 15 * 60 + 40))))


def advance(clock: Clock, gap: str, dice: random.Random, *, fixed: bool) -> None:
    """Let the time between two lines pass; what would fall into the evening waits for the next morning."""
    if gap.endswith("d"):
        clock.day, clock.minute = workdays(clock.day, int(gap[:-1])), dice.randint(7 * 60 + 20, 15 * 60)
        return
    if gap.endswith("h"):
        minutes = int(gap[:-1]) * 60 + dice.uniform(-4, 4)
    else:
        minutes = int(gap) + dice.random() * 0.8 if gap else dice.uniform(0.6, 4.5)
    clock.minute += minutes
    if clock.minute >= 24 * 60:
        clock.day, clock.minute = clock.day + timedelta(days=1), clock.minute - 24 * 60
    elif clock.minute > EVENING and not fixed:
        clock.day, clock.minute = workdays(clock.day, 1), dice.randint(6 * 60 + 50, 8 * 60)


# -- what


def _messages(
    scene: Scene, key: str, day: date, latest: date, people: Mapping[str, Person], dice: random.Random
) -> Iterator[Said]:
    clock = _begin(scene, day, dice)
    fixed = "day" in scene.flags or "weekend" in scene.flags
    topic = words(scene.topic, latest, "de") if scene.topic else ""
    for number, line in enumerate(scene.lines):
        if number:
            advance(clock, line.gap, dice, fixed=fixed)
        said_on = clock.day if is_working(clock.day) or fixed else workdays(clock.day, 1)
        at = moment(said_on, clock.minute) + dice.randrange(60_000)
        last = number == len(scene.lines) - 1
        message = _message(scene, line, f"{key}.{number}", topic, at, said_on, people)
        if line.reply:
            message = replace(message, reply_to=f"{key}.{line.reply - 1}")
        yield Said(message, closes=last and "closed" in scene.flags)


def _message(
    scene: Scene, line: Line, key: str, topic: str, at: int, day: date, people: Mapping[str, Person]
) -> Message:
    lang = line.lang or scene.lang
    reactions, files, edited, deleted, pinned = [], [], "", False, False
    for extra in line.extras:
        mark, _, rest = extra.partition(" ")
        if mark in ("photo", "pdf", "voice"):
            files.append(file_of(mark, rest, key))
        elif mark == "pin":
            pinned = True
        elif mark == "edited":
            edited = named(words(rest, day, lang), people)
        elif mark == "deleted":
            deleted = True
        else:
            reactions.append((mark, tuple(dict.fromkeys(rest.split()))))
    text = named(words(line.text, day, lang), people)
    return Message(
        key, scene.channel, topic, line.by, at, lang, text,
        mentions=tuple(name for name in _KEY.findall(line.text) if name in people), reactions=tuple(reactions),
        files=tuple(files), pinned=pinned, edited_from=edited, deleted=deleted,
    )  # fmt: skip


def file_of(mark: str, rest: str, key: str) -> File:
    """What a mark on a line attaches to it."""
    if mark == "voice":
        return File("Sprachnachricht.m4a", "voice", key, int(rest))
    source, _, note = rest.partition(" ")
    if mark == "pdf":
        return File(PAPERS[source], "pdf", source)
    return File(f"IMG_{zlib.crc32(key.encode()) % 9000 + 1000}.jpg", "photo", source, note=note)


def named(text: str, people: Mapping[str, Person]) -> str:
    """`@jana` as people see it: @Jana Reuter."""
    return _KEY.sub(lambda found: f"@{people[found[1]].name}" if found[1] in people else found[0], text)
