"""Times as the server writes them."""

import datetime as dt

import pytest

from intranet.kernel.times import iso, time_tag, time_text

ZONE = "Europe/Berlin"


def ms(text: str) -> int:
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


AT = ms("2026-11-17T15:12:00.250+00:00")  # a Tuesday, 16:12 in Berlin


@pytest.mark.parametrize(
    ("style", "lang", "text"),
    [
        ("clock", "de", "16:12"),
        ("clock", "en", "16:12"),
        ("day", "de", "Dienstag, 17. November 2026"),
        ("day", "nl", "dinsdag 17 november 2026"),
        ("short", "de", "17. Nov. 2026"),
        ("short", "nl", "17 nov 2026"),
        ("short", "en", "17 Nov 2026"),
        ("full", "de", "Dienstag, 17. November 2026, 16:12"),
    ],
)
def test_without_now_nothing_is_relative(style: str, lang: str, text: str) -> None:
    assert time_text(AT, style, lang, ZONE) == text


@pytest.mark.parametrize(
    ("style", "now", "text"),
    [
        ("short", "2026-11-17T16:00+01:00", "16:12"),  # a clock that runs behind
        ("short", "2026-11-17T23:59+01:00", "16:12"),
        ("short", "2026-11-18T00:00+01:00", "gestern"),
        ("short", "2026-11-19T00:00+01:00", "17. Nov."),
        ("short", "2027-01-01T00:00+01:00", "17. Nov. 2026"),
        ("day", "2026-11-17T23:59+01:00", "Heute"),
        ("day", "2026-11-18T00:00+01:00", "Gestern"),
        ("day", "2026-11-19T00:00+01:00", "Dienstag, 17. November"),
        ("day", "2027-01-02T00:00+01:00", "Dienstag, 17. November 2026"),
        ("short", "2026-11-15T00:00+01:00", "17. Nov."),  # scheduled, still to come
    ],
)
def test_with_now(style: str, now: str, text: str) -> None:
    assert time_text(AT, style, "de", ZONE, ms(now)) == text


def test_yesterday_in_dutch_and_english() -> None:
    assert time_text(AT, "short", "nl", ZONE, AT + 86_400_000) == "gisteren"
    assert time_text(AT, "day", "en", ZONE, AT + 86_400_000) == "Yesterday"


def test_the_day_is_the_one_of_the_zone() -> None:
    late = ms("2026-11-17T23:30:00+00:00")
    assert time_text(late, "short", "de", "UTC") == "17. Nov. 2026"
    assert time_text(late, "short", "de", ZONE) == "18. Nov. 2026"


def test_the_day_of_the_clock_change_is_one_day() -> None:
    assert time_text(ms("2026-10-24T12:00+02:00"), "short", "de", ZONE, ms("2026-10-25T23:30+01:00")) == "gestern"


def test_the_tag() -> None:
    assert (
        time_tag(AT, "clock", "de", ZONE) == '<time datetime="2026-11-17T15:12:00.250Z" data-style="clock">16:12</time>'
    )
    assert iso(0) == "1970-01-01T00:00:00.000Z"
    assert iso(-1) == "1969-12-31T23:59:59.999Z"


def test_an_unknown_style_is_an_error() -> None:
    with pytest.raises(ValueError, match="ago"):
        time_text(AT, "ago", "de")
