"""The writes of polls, with their limits. A poll is named by its id or by the client id of the write that asked it."""

from typing import Literal

from intranet.audiences import Lines
from intranet.kernel import Subject, Write

from .sealing import MOST_SENTENCE

MOST_QUESTION = 300
MOST_OPTION = 120
MOST_OPTIONS = 30
FURTHEST = 366 * 86_400_000  # milliseconds ahead that a poll may end
LEAST_MINIMUM, MINIMUM, MOST_MINIMUM = 5, 7, 1000
SENTENCES_FROM = 10  # ballots from which sentences are shown


class Open(Write, tag="polls.open"):
    """Ask something: in a channel, in one's own `post`, or, without a place, in a new post for an audience (`audience`
    or `lines`, neither is everyone). `options` of `dates` are times (ISO 8601, with or without an end:
    "2026-12-01T10:00/11:00"), of `rating` the words for 1 to 5, or for 1 and 5. `until` is a time of the organisation's
    zone, as forms send it."""

    question: str
    kind: Literal["one", "several", "rating", "ranking", "dates"] = "one"
    options: list[str] = []
    most: int = 0
    additions: bool = False
    results: Literal["live", "voted", "closed"] = "voted"
    deadline: int = 0
    until: str = ""
    anonymous: bool = False
    minimum: int = MINIMUM
    sentences: bool = False
    topic: Subject = 0
    post: Subject = 0
    audience: int = 0
    lines: Lines = []


class Cast(Write, tag="polls.vote"):
    """Vote, or vote otherwise, or take the vote back. `picks` is what a form sends instead of `yes` and `maybe`.
    Without names: `box` is closed on the device for the key of that `print`; without it the server closes one."""

    poll: Subject
    yes: list[int] = []
    maybe: list[int] = []
    picks: list[str] = []
    withdraw: bool = False
    box: str = ""
    print: str = ""
    code: str = ""
    sentence: str = ""


class Add(Write, tag="polls.add_option"):
    """One more answer, where everybody may add some."""

    poll: Subject
    option: str


class Close(Write, tag="polls.close"):
    """No more votes from now on."""

    poll: Subject


class Share(Write, tag="polls.share"):
    """The result of a closed poll as a post of one's own, for an audience as in `polls.open`."""

    poll: int
    audience: int = 0
    lines: Lines = []


class Publish(Write, tag="polls.publish_key"):
    """A poll without names has its key pair: from now on votes can be sealed."""

    poll: int
    public: str


class End(Write, tag="polls.end"):
    """The deadline has come. `key` opens the boxes of a poll without names; it is never stored."""

    poll: int
    key: bytes = b""


class Again(Write, tag="polls.begin_again"):
    """The key of an open poll is not here: the boxes are worth nothing, and everybody is asked anew."""

    poll: int


class Remind(Write, tag="polls.remind"):
    """The end is near."""

    poll: int


__all__ = [
    "FURTHEST", "LEAST_MINIMUM", "MINIMUM", "MOST_MINIMUM", "MOST_OPTION", "MOST_OPTIONS", "MOST_QUESTION",
    "MOST_SENTENCE", "SENTENCES_FROM", "Add", "Again", "Cast", "Close", "End", "Open", "Publish", "Remind", "Share",
]  # fmt: skip
