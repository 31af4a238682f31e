"""What a room is to the house: a readable list of its verbs, pages, cards and the rest."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ColumnElement, Connection
from starlette.routing import BaseRoute

from .errors import Refused
from .inlays import Inlay, Own
from .person import Person
from .rows import AnySelect

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from .house import House
    from .tx import Tx


class Write(msgspec.Struct, tag_field="do", forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a client asks for. Subclasses carry the verb's name as `tag`; a receipt's digest is over this alone."""

    id: str  # client id: a uuid made once, before the first byte leaves
    place: int | str = 0  # a place, or the client id of the write that makes it; 0 is the actor's own place


Subject = int | str  # a thing by its seq or id, or by the client id of the write that makes it


@dataclass(frozen=True, slots=True)
class Answer:
    """What the writer says of one write, after the commit. `extra` is empty when it was a repeat."""

    id: str
    place: int
    seq: int
    extra: dict[str, Any] = field(default_factory=dict)
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """One event as followers see it."""

    place: int
    seq: int
    kind: str
    subject: str
    actor: int


@dataclass(frozen=True)
class Verb:
    """The only way to change one kind of thing.

    `run(tx, person, write)` decides and changes. Before it is queued, `load(conn, person, write)` may read and
    `prepare(write, loaded)` may compute on a worker thread; what it returns is `tx.prepared`. `light(write)` says
    that `prepare` is cheap enough for the event loop.
    """

    write: type[Write]
    run: Callable[["Tx", Person, Any], dict[str, Any] | None]
    load: Callable[[Connection, Person, Any], Any] | None = None
    prepare: Callable[[Any, Any], Any] | None = None
    light: Callable[[Any], bool] | None = None
    reads: Callable[[Any], bool] | None = None  # whether `load` has anything to read for this write; default: always
    slow: bool = False  # `prepare` is slow on purpose (argon2): on threads of its own, so that messages pass by
    hot: bool = False  # neighbours share one flush; all that `run` checks is also held by a constraint
    receipt: bool = True  # False: it only sets a state, or must not be repeatable
    nobody: bool = False  # also for who is not signed in
    internal: bool = False  # never decoded from the outside
    goto: Callable[[Answer], str] | None = None  # where a form's 303 leads
    first: Callable[[Person, Any], "Write"] | None = None  # performed before, by the house, whatever becomes of this

    @property
    def name(self) -> str:
        return str(self.write.__struct_config__.tag)


class Thing:
    """What a card renders for one subject, the same for everybody who may read its place.

    `html` and `json` may be given as functions, called when they are first asked for: few readers want both.
    """

    __slots__ = ("_html", "_json", "id", "rev", "seq")

    def __init__(
        self, id: str, seq: int, rev: int, html: str | Callable[[], str],  # noqa: A002 (as it is called everywhere)
        json: dict[str, Any] | Callable[[], dict[str, Any]],
    ) -> None:  # fmt: skip
        self.id, self.seq, self.rev = id, seq, rev
        self._html, self._json = html, json

    @property
    def html(self) -> str:
        """The fragment."""
        if not isinstance(self._html, str):
            self._html = self._html()
        return self._html

    @property
    def json(self) -> dict[str, Any]:
        """The same for programs."""
        if not isinstance(self._json, dict):
            self._json = self._json()
        return self._json


@dataclass(frozen=True)
class Card:
    """How subjects of these event kinds are shown: one query per kind for the whole list, never per reader."""

    kinds: frozenset[str]
    render: Callable[[Connection, int, Sequence[str], str], Mapping[str, Thing]]


@dataclass(frozen=True)
class JobKind:
    """A job of this name: `run(house, payload, job_id)` acts outside, or through `perform` with `job_write_id`."""

    name: str
    run: Callable[["House", dict[str, Any], int], Awaitable[None]]


@dataclass(frozen=True)
class Follower:
    """`follow(tx, events)` runs after a verb that recorded one of these kinds, inside its savepoint."""

    kinds: frozenset[str]
    follow: Callable[["Tx", Sequence[Logged]], None]


# (id -> role and whether active, of these sessions those that have not been ended)
Standing = tuple[Mapping[int, tuple[str, bool]], set[str]]
Actors = Callable[[Connection, Sequence[int], Sequence[str]], Standing]  # (conn, ids of people, ids of sessions)
# (conn, reader, subjects) -> subject: {title, text, href, icon}; only what the reader may still read
DrawNotices = Callable[[Connection, Person, Sequence[str]], Mapping[str, Mapping[str, str]]]
# (person id, id of a thing) -> the condition that they may read it
MayRead = Callable[[int, ColumnElement[int]], ColumnElement[bool]]
Form = Callable[["Request", Mapping[str, Any], Refused], Awaitable["Response"]]  # (request, fields, refusal)


@dataclass(frozen=True)
class Room:
    """A feature as the house sees it."""

    name: str
    verbs: Sequence[Verb] = ()
    routes: Sequence[BaseRoute] = ()
    cards: Sequence[Card] = ()
    followers: Sequence[Follower] = ()
    jobs: Sequence[JobKind] = ()
    sentences: Mapping[str, str] = field(default_factory=dict)
    places: Callable[[int], AnySelect] | None = None  # person id -> (place, joined) rows
    readers: Callable[[int], AnySelect] | None = None  # the other side of `places`: place -> (person, joined) rows
    companions: Callable[[int], AnySelect] | None = None  # person id -> ids of all a guest may see in the directory
    common: Callable[[Connection, Person, int], Sequence[Mapping[str, Any]]] | None = None  # shared with that person
    # sections {title, items (safe html), more (address or ""), empty} of a customer's page, for this reader
    gathers: Callable[[Connection, Person, int], Sequence[Mapping[str, Any]]] | None = None
    inlays: Mapping[str, Inlay] = field(default_factory=dict)  # first word of a reference -> who draws it in a thing
    may_read: Mapping[str, MayRead] = field(default_factory=dict)  # first word of a thing's id -> its readable rule
    inlays_own: Mapping[str, Own] = field(default_factory=dict)  # the same word -> the reader's own on it
    notices: Mapping[str, DrawNotices] = field(default_factory=dict)  # kind of a notice -> its words
    forms: Mapping[str, "Form"] = field(default_factory=dict)  # verb -> its page again, when a form's write is refused
    starts: Callable[["House"], Awaitable[None]] | None = None  # what to look after when a process begins
    seen: Callable[[Person], Write | None] | None = None  # what to note when somebody is there, once a day
    mine: Callable[[Connection, int, Sequence[str]], Mapping[str, Any]] | None = None
    mine_keys: Sequence[str] = ()  # key prefixes that `mine` answers, such as "read/"
    shell: Callable[[Connection, Person], Mapping[str, Any]] | None = None
    authenticate: Callable[[Connection, str, str], Person | None] | None = None  # (kind, secret) -> who
    sessions: Callable[[Connection, Sequence[int]], Mapping[str, Person]] | None = None  # of these people: id -> who
    actors: Actors | None = None
