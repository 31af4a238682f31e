"""What a sample company consists of: plain, frozen data that says nothing about how it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works there."""

    key: str
    name: str
    title: str
    site: str
    phone: str
    side: str  # "field", "office" or "both"
    role: str  # "owner", "editor", "member" or "guest"
    lang: str
    teams: tuple[str, ...]
    persona: str = ""  # "technician", "sales", "editor", "administrator": offered for one-click sign-in
    look: str = ""  # how their portrait is drawn; empty for none

    @property
    def initials(self) -> str:
        words = self.name.split()
        return words[0][0] + words[-1][0]


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its lead."""

    key: str
    name: str
    lead: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel or a conversation of a few."""

    key: str  # "service-sued", or "dm:jana,mehmet" for a conversation
    name: str  # empty for a conversation
    kind: str  # "public", "private" or "direct"
    description: str
    team: str
    members: tuple[str, ...]  # team members included
    moderators: tuple[str, ...]
    at: int  # when it was made, before its first message


@dataclass(frozen=True, slots=True)
class Topic:
    """A named matter in a channel."""

    channel: str
    name: str
    closed_by: str = ""  # empty while open
    closed_at: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """What a message carries."""

    name: str
    kind: str  # "photo", "voice" or "pdf"
    source: str  # the picture's or paper's name; for a voice the seed of its sound
    seconds: int = 0  # of a voice
    note: str = ""  # what is to be seen, in the author's words


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was said."""

    key: str
    channel: str
    topic: str  # empty for none
    by: str
    at: int  # milliseconds UTC
    lang: str
    text: str  # mentions stand in it as "@Name"
    mentions: tuple[str, ...] = ()
    reply_to: str = ""
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    files: tuple[File, ...] = ()
    pinned: bool = False
    edited_from: str = ""  # the text before its one edit
    deleted: bool = False  # posted, then taken back by its author


@dataclass(frozen=True, slots=True)
class Marker:
    """A person has read a topic up to a message; 0 means from the start, so nothing."""

    person: str
    channel: str
    topic: str
    message: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that was begun."""

    person: str
    channel: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Later:
    """A message that waits for its time."""

    person: str
    channel: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link for one person, or for a team where there is no address."""

    name: str
    email: str
    role: str
    team: str


@dataclass(frozen=True, slots=True)
class Customer:
    """Who buys, and who cares for them on each side; empty for nobody."""

    key: str
    number: str
    name: str
    segment: str
    field: str
    office: str


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold; its number may be empty."""

    key: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """What became of feedback or an idea: its state from then on."""

    at: int
    by: str
    state: str
    owner: str  # empty: as it is
    due: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A comment on a post."""

    key: str
    by: str
    at: int
    text: str
    to: str  # the comment it answers; empty for the post
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    answers: bool = False  # the question


@dataclass(frozen=True, slots=True)
class Complaint:
    """A report of a post or of a comment on it, and what was decided."""

    by: str
    why: str
    reply: str = ""  # the comment; empty for the post
    outcome: str = ""  # empty: it still waits
    decided_by: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """Something that is to stay findable."""

    key: str
    kind: str
    by: str
    at: int
    lang: str
    title: str
    text: str
    audience: tuple[str, ...]  # lines such as "field+site:Brake"; none is everyone
    versions: tuple[tuple[str, str, str], ...] = ()  # language, headline, text
    files: tuple[File, ...] = ()
    customer: str = ""
    product: str = ""
    urgency: int = 0
    people: tuple[str, ...] = ()  # whom praise is for
    teams: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  # who wrote it too
    asks: bool = False  # to be acknowledged
    acked: tuple[str, ...] = ()
    pin: str = ""  # days, or "ack"
    steps: tuple[Step, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    replies: tuple[Reply, ...] = ()
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    saved: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()  # those of the personas who are not done with what they were told of it
    publish: int = 0  # it waits for this time
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote."""

    by: str
    yes: tuple[int, ...]
    maybe: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Poll:
    """A question in a channel, or in a post for an audience."""

    key: str
    by: str
    at: int
    ends: int
    channel: str  # empty: for the audience
    audience: tuple[str, ...]
    question: str
    kind: str
    answers: tuple[str, ...]
    most: int = 0
    additions: bool = False
    anonymous: bool = False
    minimum: int = 7
    sentences: bool = False
    results: str = "voted"
    votes: tuple[str, ...] = ()  # as they are written


@dataclass(frozen=True, slots=True)
class Company:
    """All of it."""

    name: str
    latest: date  # the newest working day with messages
    people: tuple[Person, ...]
    teams: tuple[Team, ...]
    channels: tuple[Channel, ...]
    topics: tuple[Topic, ...]
    messages: tuple[Message, ...]  # oldest first
    unread: tuple[Marker, ...]  # everything else is read by the four personas, up to the end
    drafts: tuple[Draft, ...]
    favourites: tuple[tuple[str, str], ...]  # person, channel
    later: tuple[Later, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    customers: tuple[Customer, ...] = ()
    products: tuple[Product, ...] = ()
    posts: tuple[Post, ...] = ()
    polls: tuple[Poll, ...] = ()

    def person(self, key: str) -> Person:
        return next(person for person in self.people if person.key == key)
