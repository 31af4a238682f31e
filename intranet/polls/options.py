"""Answers as they are written down: words, or times of a date to find."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from intranet.kernel import Refused, tidy

from .choices import LEVELS
from .writes import MOST_OPTION, MOST_OPTIONS

Row = dict[str, Any]
_LEAST = {"one": 2, "several": 2, "ranking": 2, "dates": 1}


def rows_of(kind: str, given: list[str], zone: str, *, additions: bool) -> list[Row]:
    """The options of a new poll, without numbers. Raises Refused 422."""
    texts = [text for one in given if (text := tidy(one))]
    if kind == "rating":
        if len(texts) not in (0, 2, LEVELS):
            raise Refused(422, "options-rating")
        ends = [texts[0], "", "", "", texts[1]] if len(texts) == 2 else texts or [""] * LEVELS
        return [words(text) if text else _row("") for text in ends]
    rows = [row_of(kind, text, zone) for text in texts]
    if len(rows) < (1 if additions else _LEAST[kind]):
        raise Refused(422, "options-few")
    if len(rows) > MOST_OPTIONS:
        raise Refused(422, "options-many", most=MOST_OPTIONS)
    if len({key_of(row) for row in rows}) < len(rows):
        raise Refused(422, "options-twice")
    return sorted(rows, key=lambda row: row["starts"]) if kind == "dates" else rows


def row_of(kind: str, text: str, zone: str) -> Row:
    """One option. Raises Refused 422."""
    return _times(text, zone) if kind == "dates" else words(text)


def words(text: str) -> Row:
    """An answer in words. Raises Refused 422."""
    clean = tidy(text)
    if not clean or len(clean) > MOST_OPTION:
        raise Refused(422, "option-long", most=MOST_OPTION)
    return _row(clean)


def key_of(row: Any) -> tuple[Any, ...]:
    """What makes two options the same."""
    fields = row if isinstance(row, dict) else row._mapping
    return (fields["text"].casefold(), fields["starts"], fields["ends"])


def _row(text: str, starts: int = 0, ends: int = 0, *, whole_day: bool = False) -> Row:
    return {"text": text, "starts": starts, "ends": ends, "whole_day": int(whole_day)}


def _times(text: str, zone: str) -> Row:
    """A day, a moment, or a span. A time without a zone is the organisation's. Raises Refused 422."""
    first, _slash, last = text.replace(" ", "T").partition("/")
    try:
        if "T" not in first:
            return _row("", _ms(dt.datetime.combine(dt.date.fromisoformat(first), dt.time(), dt.UTC)), whole_day=True)
        starts = dt.datetime.fromisoformat(first)
        starts = starts if starts.tzinfo else starts.replace(tzinfo=ZoneInfo(zone))
        if not last:
            return _row("", _ms(starts))
        if "T" in last:
            ends = dt.datetime.fromisoformat(last)
            ends = ends if ends.tzinfo else ends.replace(tzinfo=starts.tzinfo)
        else:
            ends = dt.datetime.combine(starts.date(), dt.time.fromisoformat(last), starts.tzinfo)
            ends += dt.timedelta(days=ends <= starts)  # past midnight
    except (ValueError, OverflowError) as error:
        raise Refused(422, "option-time") from error
    if not starts < ends < starts + dt.timedelta(days=31):
        raise Refused(422, "option-time")
    return _row("", _ms(starts), _ms(ends))


def _ms(moment: dt.datetime) -> int:
    if not 2000 <= moment.year <= 2200:
        raise ValueError
    return int(moment.timestamp() * 1000)


__all__ = ["key_of", "row_of", "rows_of", "words"]
