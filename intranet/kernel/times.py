"""Times as `<time>`: the server writes them in the organisation's zone, static/kernel/times.js in the reader's own.

A fragment is the same for everybody and at any moment, so without `now` nothing is relative: "17. Nov. 2026".
A page may say `now`, then today and yesterday are called so.
"""

import datetime as dt
import functools
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from markupsafe import Markup

from .i18n import _, words

Style = Literal["clock", "day", "short", "full"]
TODAY = _("today")
YESTERDAY = _("yesterday")


def time_tag(ms: int, style: str, lang: str, zone: str = "UTC", now: int | None = None) -> Markup:
    """`<time datetime="…Z" data-style="…">` with a text that makes sense without JavaScript."""
    return Markup('<time datetime="{}" data-style="{}">{}</time>').format(
        iso(ms), style, time_text(ms, style, lang, zone, now)
    )


def iso(ms: int) -> str:
    """Milliseconds as the browser writes them: 2026-11-17T15:12:00.000Z."""
    moment = _EPOCH + dt.timedelta(milliseconds=ms)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def time_text(ms: int, style: str, lang: str, zone: str = "UTC", now: int | None = None) -> str:
    """The text alone, for mails and notifications.

    clock "16:12" · day "Dienstag, 17. November" · short "09:41", "gestern", "17. Nov." · date, with year ·
    full, with year and clock.
    """
    at = _local(ms, zone)
    today = _local(now, zone).date() if now is not None else None
    match style:
        case "clock":
            return f"{at:%H:%M}"
        case "day":
            return _named(at.date(), today, lang).capitalize() or _day(at.date(), today, lang)
        case "short":
            if at.date() == today:
                return f"{at:%H:%M}"
            return _named(at.date(), today, lang) or _short(at.date(), today, lang)
        case "date":
            return format_date(at.date(), "full", locale=_locale(lang))
        case "full":
            return f"{format_date(at.date(), 'full', locale=_locale(lang))}, {at:%H:%M}"
    raise ValueError(f"no such style of time: {style}")


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def _local(ms: int, zone: str) -> dt.datetime:
    return (_EPOCH + dt.timedelta(milliseconds=ms)).astimezone(ZoneInfo(zone))


def _named(day: dt.date, today: dt.date | None, lang: str) -> str:
    """Today or yesterday, or nothing."""
    if today is None or not 0 <= (today - day).days <= 1:
        return ""
    return words(lang).gettext(TODAY if day == today else YESTERDAY)


def _day(day: dt.date, today: dt.date | None, lang: str) -> str:
    if today is None or day.year != today.year:
        return format_date(day, "full", locale=_locale(lang))
    return format_date(day, _locale(lang).date_formats["full"].pattern.replace(" y", ""), locale=_locale(lang))


def _short(day: dt.date, today: dt.date | None, lang: str) -> str:
    skeleton = "MMMd" if today is not None and day.year == today.year else "yMMMd"
    return format_skeleton(skeleton, day, locale=_locale(lang))


@functools.cache
def _locale(lang: str) -> Locale:
    """English as it is written in Europe: 17 November, 16:12."""
    return Locale.parse({"en": "en_GB"}.get(lang, lang))
