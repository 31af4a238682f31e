"""The writes of the feed, with their limits. A post is named by its id or by the client id that made it."""

import msgspec

from intranet.audiences import Lines
from intranet.files import NewTile
from intranet.kernel import Refused, Subject, Write, clock, one_line

KINDS = ("news", "feedback", "idea", "question", "praise", "poll")
WRITTEN = KINDS[:-1]  # a poll is published by the room that keeps it
WITH_STATES = ("feedback", "idea")
LONGEST = 20_000  # characters of one text
LONGEST_TITLE = 200
MOST_TOGETHER = 20  # people who write one post, or whom one praises
LONGEST_PIN = 7  # days
FURTHEST = 366 * clock.DAY


class Version(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The same post in another language."""

    lang: str
    title: str = ""
    text: str = ""


class Content(Write):
    """What a post says, for whom, and how. Times are ms UTC; the `_local` ones are of the organisation's zone, as
    forms send them."""

    kind: str = "news"
    title: str = ""
    text: str = ""
    lang: str = ""  # empty: the author's
    versions: list[Version] = []
    audience: int = 0  # an audience there is; with neither this nor lines: everyone
    lines: Lines = []
    customer: int = 0
    customer_said: str = ""  # what was typed where no script chose one
    product: int = 0
    product_said: str = ""
    urgency: int = 0
    people: list[int] = []  # whom praise is for
    teams: list[int] = []
    authors: list[int] = []  # who writes it together with its author
    files: list[NewTile] = []
    pin_days: int = 0
    pin_ack: bool = False
    ack: bool = False
    ack_until: int = 0
    ack_until_local: str = ""
    comments_closed: bool = False
    expires: int = 0
    expires_local: str = ""


class Publish(Content, tag="feed.publish"):
    """Publish a post, now or at a time. With `draft` it is what that draft has become, which then goes."""

    draft: str = ""
    at: int = 0
    at_local: str = ""


class SaveDraft(Content, tag="feed.draft", kw_only=True):
    """What is being written, by the client's name for it. `base` is the rev of the draft that this device had;
    `settled` says that its writer has decided between this text and what another device had."""

    draft: str
    base: int = 0
    settled: bool = False


class Discard(Write, tag="feed.discard"):
    """Throw a draft away, or what waits for its time."""

    draft: str


class Unschedule(Write, tag="feed.unschedule"):
    """Don't publish it at its time after all: it is a draft again."""

    draft: str


class Refuse(Write, tag="feed.refused"):
    """What waited for its time could not be published then."""

    draft: str
    code: str
    at: int


class Edit(Write, tag="feed.edit", kw_only=True):
    """Say it better, in one language and those of `versions`; an empty text in another language than its first takes
    that one away. `base` is the version that was read: over a newer one nothing is saved. What is None stays as it is.
    """

    post: Subject
    base: int
    lang: str = ""  # empty: the language it was written in first
    title: str = ""
    text: str = ""
    versions: list[Version] = []
    files: list[NewTile] | None = None
    customer: int | None = None
    customer_said: str | None = None  # what was typed where no script chose one
    product: int | None = None
    product_said: str | None = None
    urgency: int | None = None
    authors: list[int] | None = None
    expires: int | None = None
    expires_local: str | None = None


class Move(Write, tag="feed.audience"):
    """Another audience."""

    post: Subject
    audience: int = 0
    lines: Lines = []


class Pin(Write, tag="feed.pin"):
    """Keep it on top for some days, or until each reader has acknowledged it; neither: no longer."""

    post: Subject
    days: int = 0
    ack: bool = False


class Remove(Write, tag="feed.remove"):
    """Take it back: a tombstone stays."""

    post: Subject


class Lapse(Write, tag="feed.lapse"):
    """What had a time has reached it: expiry, or the end of a pin."""

    post: int


class Allow(Write, tag="feed.allow"):
    """Let a person or a team publish news, or no longer."""

    person: int = 0
    team: int = 0
    on: bool = True


def clean_title(text: str) -> str:
    """A title in one line. Raises Refused 413."""
    clean = one_line(text)
    if len(clean) > LONGEST_TITLE:
        raise Refused(413, "title-too-long", limit=LONGEST_TITLE)
    return clean if clean.isprintable() else "".join(sign for sign in clean if sign.isprintable())


def clean_text(text: str) -> str:
    """A post's text, perhaps empty. Raises Refused 413."""
    clean = text.strip("\n").rstrip()
    if len(clean) > LONGEST:
        raise Refused(413, "text-too-long", limit=LONGEST)
    return clean
