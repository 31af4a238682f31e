"""Posts and polls of the sample company, whatever day it is made on: by whom, for whom, and when."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from intranet.demo.board import LATEST, ballots, readers
from intranet.demo.clock import moment
from intranet.demo.company import build
from intranet.demo.model import Company

DAYS = [date(2026, 11, 24), date(2027, 7, 2)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def company(request: pytest.FixtureRequest) -> Company:
    return build(request.param)


def test_every_kind_is_there_and_the_newest_are_of_today(company):
    kinds = Counter(one.kind for one in company.posts)
    assert kinds == {"news": 15, "feedback": 15, "idea": 9, "question": 9, "praise": 7, "draft": 1}
    assert {step.state for post in company.posts for step in post.steps} == {"seen", "planned", "done", "declined"}
    assert sum(reply.answers for post in company.posts for reply in post.replies) == 9
    assert {lang for post in company.posts for lang, *_ in post.versions} == {"nl", "en"}
    assert {one.kind for one in company.polls} == {"one", "several", "rating", "ranking", "dates"}
    end = moment(company.latest, LATEST)
    assert sorted(one.ends > end for one in company.polls if one.anonymous) == [False, True]
    assert Counter(one.lang for one in company.posts) == {"de": 47, "nl": 6, "en": 3}


def test_nothing_happens_in_the_future_or_before_its_post(company):
    end = moment(company.latest, 11 * 60)
    for post in company.posts:
        assert post.at < end
        assert "{" not in post.title + post.text + "".join(one.text for one in post.replies)
        times = [post.at, *(one.at for one in post.replies)]
        assert times == sorted(times), post.key
        assert max([*times, *(one.at for one in post.steps)]) < end


def test_only_readers_say_or_do_anything(company):
    people = {one.key: one for one in company.people}
    for post in company.posts:
        inside = {*readers(people, post.audience), post.by, *post.authors, *(one.owner for one in post.steps)}
        said = {one.by for one in post.replies} | {one.by for one in post.steps}
        given = {who for one in (post, *post.replies) for _emoji, some in one.reactions for who in some}
        assert said | given <= inside, (post.key, (said | given) - inside)
        assert set(post.acked) <= inside
        assert set(post.waiting) <= inside, post.key
        assert set(post.authors) <= set(people)


def test_nobody_votes_twice_or_where_they_are_not_asked(company):
    people = {one.key: one for one in company.people}
    members = {one.key: one.members for one in company.channels}
    for poll in company.polls:
        asked = members[poll.channel] if poll.channel else readers(people, poll.audience)
        given = [one.by for one in ballots(poll, asked, Random(1))]
        assert len(given) == len(set(given)), poll.key
        assert set(given) <= set(asked), (poll.key, set(given) - set(asked))
        assert poll.by in asked
        if poll.anonymous:
            assert len(given) >= poll.minimum
