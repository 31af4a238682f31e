"""What the sample company says, whatever day it is made on."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from intranet.demo.clock import is_working, last_working, moment, words
from intranet.demo.company import build
from intranet.demo.model import Company
from intranet.demo.serving import newest_day

DAYS = [date(2026, 11, 24), date(2027, 1, 4), date(2027, 7, 2)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def company(request: pytest.FixtureRequest) -> Company:
    return build(request.param)


def test_the_same_day_makes_the_same_company(company):
    assert build(company.latest) == company


def test_it_is_as_large_as_promised(company):
    assert 38 <= len(company.people) <= 44
    assert len([one for one in company.channels if one.kind != "direct"]) == 15
    assert 2600 <= len(company.messages) <= 3300
    weeks = {(company.latest - datetime.fromtimestamp(one.at / 1000, UTC).date()).days // 7 for one in company.messages}
    assert weeks >= {0, 1, 2, 3, 4, 5}


def test_it_speaks_three_languages_and_has_two_sides(company):
    spoken = Counter(one.lang for one in company.messages)
    assert spoken["de"] > spoken["nl"] > 100
    assert spoken["en"] > 100
    assert {one.side for one in company.people} == {"field", "office", "both"}
    assert len({one.site for one in company.people}) >= 4


def test_the_four_personas_are_there_once(company):
    assert sorted(one.persona for one in company.people if one.persona) == [
        "administrator", "editor", "sales", "technician",
    ]  # fmt: skip
    assert next(one.role for one in company.people if one.persona == "administrator") == "owner"


def test_nobody_speaks_in_the_future_or_out_of_order(company):
    times = [one.at for one in company.messages]
    assert times == sorted(times)
    assert times[-1] < moment(company.latest, 11 * 60)


def test_nothing_is_left_unfilled(company):
    for message in company.messages:
        assert message.text or message.files
        assert not re.search(
            r"\{[a-z]+[^}]*\}|\[d[m+]|<|>\s*:|\|(?!.*\n.*\|)", message.text.replace("<-", "")
        ) or "|" in (message.text), message.text
        assert "{" not in message.topic


def test_only_members_speak_react_and_are_replied_to(company):
    members = {one.key: set(one.members) for one in company.channels}
    said: dict[str, str] = {}
    for message in company.messages:
        assert message.by in members[message.channel], (message.by, message.channel)
        for _emoji, people in message.reactions:
            assert set(people) <= members[message.channel], (people, message.channel, message.text)
        if message.reply_to:
            assert said[message.reply_to] == message.channel
        said[message.key] = message.channel


def test_mentioned_people_are_members(company):
    members = {one.key: set(one.members) for one in company.channels}
    mentions = [(name, one.channel) for one in company.messages for name in one.mentions]
    assert mentions
    assert all(name in members[channel] for name, channel in mentions)


def test_desks_refer_to_what_is_there(company):
    topics = {(one.channel, one.name) for one in company.topics}
    for draft in company.drafts:
        assert not draft.topic or (draft.channel, draft.topic) in topics
    assert {one.person for one in company.unread} == {"mehmet", "jana", "aylin", "ravi"}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-11-24T12:00", date(2026, 11, 24)),
        ("2026-11-24T06:00", date(2026, 11, 23)),
        ("2026-11-22T20:00", date(2026, 11, 20)),
        ("2026-11-23T05:00", date(2026, 11, 20)),
    ],
)
def test_the_newest_day_is_over_or_well_under_way(at, day):
    assert newest_day(int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000)) == day


def test_words_for_days_follow_the_working_week():
    friday = date(2026, 11, 20)
    assert words("{morgen^}, {d+1}, {gestern}", friday, "de") == "Montag, Montag, gestern"
    assert words("{dm+2}", friday, "nl") == "20 november"
    assert is_working(last_working(friday + timedelta(days=2)))
