"""The writes of channels, with their limits."""

from typing import Literal

from intranet.kernel import Refused, Write, one_line

MOST_NAME = 80
MOST_DESCRIPTION = 500
MOST_DIRECT = 12
MOST_ADDED = 500


class Create(Write, tag="channels.create"):
    """A new channel. `history` is what later joiners may read; it is fixed here. `team`: follows that team."""

    name: str
    kind: Literal["public", "private"] = "public"
    history: Literal["all", "joining"] = "all"
    description: str = ""
    people: list[int] = []
    team: int = 0


class Direct(Write, tag="channels.direct"):
    """The direct channel of exactly these people and the actor: found, or made."""

    people: list[int]


class Change(Write, tag="channels.change"):
    """Rename or describe. What is left out stays."""

    name: str | None = None
    description: str | None = None


class Archive(Write, tag="channels.archive"):
    """Nothing can be written there any more; it stays readable."""


class Unarchive(Write, tag="channels.unarchive"):
    """Writing goes on."""


class Join(Write, tag="channels.join"):
    """Be in a public channel."""


class Leave(Write, tag="channels.leave"):
    """Be in it no longer; a direct channel is only hidden."""


class Add(Write, tag="channels.add"):
    """Bring people in."""

    people: list[int]


class Remove(Write, tag="channels.remove"):
    """Take somebody out."""

    person: int


class SetRole(Write, tag="channels.role"):
    """Make somebody a moderator of this channel, or a plain member again."""

    person: int
    role: Literal["member", "moderator"]


class Favourite(Write, tag="channels.favourite"):
    """Keep it on top of one's own list."""

    on: bool


def clean_name(name: str) -> str:
    """A channel's name without stray white space. Raises Refused 422."""
    clean = one_line(name)
    if not clean or len(clean) > MOST_NAME or not clean.isprintable():
        raise Refused(422, "bad-name", limit=MOST_NAME)
    return clean


def clean_description(text: str) -> str:
    """Raises Refused 422 for too much."""
    if len(text.strip()) > MOST_DESCRIPTION:
        raise Refused(422, "too-long", limit=MOST_DESCRIPTION)
    return text.strip()
