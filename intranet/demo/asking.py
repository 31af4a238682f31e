"""The polls of the sample company as acts: asked, voted in, ended."""

from __future__ import annotations

import random
from collections.abc import Iterator

from intranet.kernel.clock import HOUR, MINUTE
from intranet.kernel.person import SYSTEM
from intranet.polls import public_of

from .act import Act, Acts, Ids
from .board import LATEST, ballots, readers
from .clock import moment
from .media import Media
from .model import Ballot, Company, Poll
from .posting import Doing, lines

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def asked(company: Company) -> Iterator[Doing]:
    """Everything about polls, by time. The personas have not voted yet where a poll is open."""
    end = moment(company.latest, LATEST)
    people = {person.key: person for person in company.people}
    members = {channel.key: channel.members for channel in company.channels}
    for poll in company.polls:
        dice = random.Random(poll.key)
        some = list(members[poll.channel]) if poll.channel else readers(people, poll.audience)
        if poll.ends > end:
            some = [one for one in some if not people[one].persona]
        yield poll.at, poll.key, _ask, poll
        last = min(poll.ends, end + 2 * MINUTE) - MINUTE
        for number, ballot in enumerate(ballots(poll, some, dice)):
            at = dice.randint(poll.at + MINUTE, max(last, poll.at + 2 * MINUTE))
            yield min(at, poll.at + 30 * HOUR), f"{poll.key}+{number:03}", _vote, (poll, ballot)
        if poll.ends <= end:
            yield poll.ends, f"{poll.key}~", _end, poll


def _ask(at: int, poll: Poll, _media: Media, ids: Ids) -> Acts:
    answer = yield Act(ids.people[poll.by], at, "polls.open", {
        "question": poll.question, "kind": poll.kind, "options": list(poll.answers), "most": poll.most,
        "additions": poll.additions, "results": poll.results, "deadline": poll.ends, "anonymous": poll.anonymous,
        "minimum": poll.minimum, "sentences": poll.sentences,
        **({"place": ids.channels[poll.channel]} if poll.channel else {"lines": lines(poll.audience, ids)}),
    })  # fmt: skip
    number = int(answer.extra["poll"])
    ids.polls[poll.key] = (answer.place, number)
    if poll.channel:
        ids.heads[poll.channel] = answer.seq
    if poll.anonymous:
        ids.keys[number] = ids.new_key()
        fields = {"place": answer.place, "poll": number, "public": public_of(ids.keys[number])}
        yield Act(SYSTEM, at, "polls.publish_key", fields)


def _vote(at: int, subject: tuple[Poll, Ballot], _media: Media, ids: Ids) -> Acts:
    poll, ballot = subject
    place, number = ids.polls[poll.key]
    fields = {"place": place, "poll": number, "yes": list(ballot.yes), "maybe": list(ballot.maybe)}
    if poll.anonymous:
        fields["code"] = _code(f"{poll.key} {ballot.by}")
    yield Act(ids.people[ballot.by], at, "polls.vote", fields)


def _code(seed: str) -> str:
    drawn = "".join(random.Random(seed).choices(ALPHABET, k=8))
    return f"{drawn[:4]}-{drawn[4:]}"


def _end(at: int, poll: Poll, _media: Media, ids: Ids) -> Acts:
    """As the house ends it, with the key of a poll without names, which is gone then."""
    place, number = ids.polls[poll.key]
    yield Act(SYSTEM, at, "polls.end", {"place": place, "poll": number, "key": ids.keys.pop(number, b"")})
