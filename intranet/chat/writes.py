"""The writes of chat, with their limits. A message or topic is named by its seq or by its write's client id."""

from typing import Annotated

import msgspec

from intranet.files import NewTile
from intranet.kernel import Refused, Subject, Write, one_line

LONGEST = 10_000  # characters of one message
MOST_TOPIC_NAME = 80
MOST_RESULT = 200
MOST_MOVED = 2_000
FURTHEST = 366 * 86_400_000  # milliseconds ahead that a message may be scheduled
CardRef = Annotated[str, msgspec.Meta(pattern=r"^(post-[1-9][0-9]{0,17})?\Z")]  # a poll comes with its own verb


class Post(Write, tag="chat.post"):
    """Say something. `topic_name` finds or makes a topic; a reply inherits its topic. `card` shares a post."""

    text: str = ""
    topic: Subject = 0
    topic_name: str = ""
    reply_to: Subject = 0
    files: list[NewTile] = []
    card: CardRef = ""


class Edit(Write, tag="chat.edit"):
    """Say it better."""

    message: Subject
    text: str


class Delete(Write, tag="chat.delete"):
    """Take it back: a tombstone stays."""

    message: Subject


class React(Write, tag="chat.react"):
    """An emoji on a message, or no longer."""

    message: Subject
    emoji: str
    on: bool = True


class Pin(Write, tag="chat.pin"):
    """Keep a message at hand for the whole channel, or no longer."""

    message: Subject
    on: bool = True


class Read(Write, tag="chat.read", kw_only=True):
    """Read up to `seq`; the highest wins. `replaces`: the marker this one moves back from ("unread from here")."""

    topic: int = 0
    seq: int
    replaces: int | None = None


class ReadAll(Write, tag="chat.read_all"):
    """Read everything in the channel up to `seq`."""

    seq: int


class SaveDraft(Write, tag="chat.draft", kw_only=True):
    """What is being written. `base` is the rev of the draft this device had."""

    topic: int = 0
    text: str
    base: int = 0


class Schedule(Write, tag="chat.schedule"):
    """Post at a time (ms UTC)."""

    text: str
    at: int
    topic: int = 0
    topic_name: str = ""
    reply_to: int = 0


class Reschedule(Write, tag="chat.reschedule", kw_only=True):
    """Another text or time for a message that waits. `local` is a time of the organisation's zone, as forms send it."""

    scheduled: int
    text: str | None = None
    at: int = 0
    local: str = ""


class Unschedule(Write, tag="chat.unschedule"):
    """Don't post it after all."""

    scheduled: int


class Due(Post, tag="chat.due", kw_only=True):
    """A scheduled message, at its time: posted as it is planned, or not at all."""

    scheduled: int
    at: int


class Unsent(Write, tag="chat.unsent"):
    """A scheduled message was refused."""

    scheduled: int
    refused: str


class TopicRename(Write, tag="chat.topic_rename"):
    """Another name for a topic."""

    topic: int
    name: str


class TopicMove(Write, tag="chat.topic_move"):
    """Messages into another topic of the channel (0: none), or into one found or made by name."""

    messages: list[Subject]
    topic: int = 0
    topic_name: str = ""


class TopicMerge(Write, tag="chat.topic_merge"):
    """All of a topic's messages into another; the first one's address leads there."""

    topic: int
    into: int


class TopicClose(Write, tag="chat.topic_close"):
    """Done, with what came of it, or open again."""

    topic: int
    closed: bool = True
    result: str = ""


def clean_text(text: str, *, empty: bool) -> str:
    """A message's text. Raises Refused 422 for nothing and 413 for too much."""
    clean = text.strip("\n").rstrip()
    if not clean.strip() and not empty:
        raise Refused(422, "empty-text")
    if len(clean) > LONGEST:
        raise Refused(413, "text-too-long", limit=LONGEST)
    return clean


def clean_topic(name: str) -> str:
    """A topic's name without stray white space. Raises Refused 422."""
    clean = one_line(name)
    if not clean or len(clean) > MOST_TOPIC_NAME or not clean.isprintable():
        raise Refused(422, "bad-name", limit=MOST_TOPIC_NAME)
    return clean


def clean_result(text: str) -> str:
    """What came of a topic, in one line. Raises Refused 422."""
    clean = one_line(text)
    if len(clean) > MOST_RESULT or not clean.isprintable():
        raise Refused(422, "too-long", limit=MOST_RESULT)
    return clean
