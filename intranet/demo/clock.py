"""Working days, Berlin time and the words for days, relative to the day a message is written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

DAYS = {
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}
DAY_AND_MONTH = {"de": "{}. {}", "nl": "{} {}", "en": "{} {}"}
TOMORROW = {"de": "morgen", "nl": "morgen", "en": "tomorrow"}
YESTERDAY = {"de": "gestern", "nl": "gisteren", "en": "yesterday"}
SLOT = re.compile(r"\{(d|dm|kw|jahr|morgen|gestern)([+-]\d+)?(\^)?\}")


def is_working(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


def workdays(day: date, count: int) -> date:
    """The day `count` working days later, or earlier when negative; 0 is the day itself."""
    step = 1 if count > 0 else -1
    while count:
        day += timedelta(days=step)
        if is_working(day):
            count -= step
    return day


def last_working(day: date) -> date:
    """The day itself when people work on it, else the Friday before."""
    return day if is_working(day) else workdays(day, -1)


def _summer(day: date) -> bool:
    """Whether Berlin is on summer time at noon; computed, since a bare machine may have no time zone data."""

    def last_sunday(month: int) -> date:
        end = date(day.year, month, 31)
        return end - timedelta(days=(end.weekday() + 1) % 7)

    return last_sunday(3) <= day < last_sunday(10)


def moment(day: date, minutes: float) -> int:
    """Milliseconds UTC of a Berlin wall-clock time, given as minutes since midnight."""
    offset = 120 if _summer(day) else 60
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int((midnight.timestamp() + (minutes - offset) * 60) * 1000)


def words(text: str, day: date, lang: str) -> str:
    """Fill `{d+1}`, `{dm+5}`, `{kw+1}`, `{jahr+1}`, `{morgen}` and `{gestern}` as somebody would say them that day."""
    return SLOT.sub(lambda found: _word(found, day, lang), text)


def _word(found: re.Match[str], day: date, lang: str) -> str:
    name, count = found[1], int(found[2] or 0)
    if name == "d":
        said = DAYS[lang][workdays(day, count).weekday()]
    elif name == "dm":
        target = last_working(day + timedelta(days=count))
        said = DAY_AND_MONTH[lang].format(target.day, MONTHS[lang][target.month - 1])
    elif name == "kw":
        said = str((day + timedelta(weeks=count)).isocalendar().week)
    elif name == "jahr":
        said = str(day.year + count)
    else:
        said = _neighbour(day, lang, TOMORROW if name == "morgen" else YESTERDAY)
    return said[0].upper() + said[1:] if found[3] else said


def _neighbour(day: date, lang: str, plain: dict[str, str]) -> str:
    """Tomorrow or yesterday; over a weekend the name of the working day."""
    step = 1 if plain is TOMORROW else -1
    target = workdays(day, step)
    return plain[lang] if target == day + timedelta(days=step) else DAYS[lang][target.weekday()]
