"""What is said every day: reports from tours, shifts and the ramp, put together from short written parts."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from .clock import moment, words, workdays
from .model import Message, Person
from .timeline import DAYS, Said


def routine(rows: Mapping[str, Any], latest: date, seed: int, people: Mapping[str, Person]) -> list[Said]:
    """Six weeks of it, up to the day before the newest."""
    said: list[Said] = []
    for key, row in rows.items():
        dice = random.Random(f"{seed} {key}")
        bags = {name: _Bag(parts, dice) for name, parts in {**row["words"], "": row.get("answers", [])}.items()}
        for back in range(DAYS, 0, -1):
            day = workdays(latest, -back)
            for who in row["people"]:
                if who in people and dice.random() < row["chance"]:
                    said += _one(f"r.{key}.{back}.{who}", row, who, day, bags, dice)
    return said


class _Bag:
    """Draws every part once before any comes again, so that nothing is said twice in a row."""

    def __init__(self, parts: list[str], dice: random.Random) -> None:
        self.parts, self.dice, self.left = parts, dice, list[str]()

    def draw(self) -> str:
        if not self.left:
            self.left = self.dice.sample(self.parts, len(self.parts))
        return self.left.pop()


def _one(
    key: str, row: Mapping[str, Any], who: str, day: date, bags: Mapping[str, _Bag], dice: random.Random
) -> list[Said]:
    lang = row.get("lang", "de")
    minute = dice.randint(*row["between"])
    text = _on_that_day(row["text"].format_map({name: bag.draw() for name, bag in bags.items() if name}), day, lang)
    at = moment(day, minute) + dice.randrange(60_000)
    nods = tuple(one for one in row.get("nods", ()) if one != who and dice.random() < 0.3)
    message = Message(
        key, row["channel"], row.get("topic", ""), who, at, lang, text, reactions=((("👍", nods),) if nods else ())
    )
    if dice.random() >= row.get("answered", 0):
        return [Said(message)]
    later, said = at + dice.randint(2, 25) * 60_000, _on_that_day(bags[""].draw(), day, lang)
    answer = replace(message, key=f"{key}.a", by=row["by"], at=later, text=said, reactions=(), reply_to=key)
    return [Said(message), Said(answer)]


def _on_that_day(text: str, day: date, lang: str) -> str:
    """With its days filled in, and without the gaps that empty parts leave."""
    return " ".join(words(text.replace("[", "{").replace("]", "}"), day, lang).split())
