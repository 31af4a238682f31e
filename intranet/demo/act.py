"""One write of the sample company, and what things became of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from intranet.kernel import Answer
from intranet.kernel import Person as Actor
from intranet.kernel.person import SYSTEM
from intranet.polls import new_key

from .media import Media
from .model import File


@dataclass(frozen=True, slots=True)
class Act:
    """One write, by whom and when. `fields` are the write's own; its client id is given by whoever carries it out."""

    by: Actor
    at: int
    do: str
    fields: Mapping[str, Any]


Acts = Generator[Act, Answer, None]


@dataclass(slots=True)
class Ids:
    """What things became."""

    people: dict[str, Actor] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    topics: dict[tuple[str, str], int] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    replies: dict[str, int] = field(default_factory=dict)
    polls: dict[str, tuple[int, int]] = field(default_factory=dict)  # their place and id
    keys: dict[int, bytes] = field(default_factory=dict)  # of open polls without names
    new_key: Callable[[], bytes] = new_key


def upload(at: int, by: Actor, file: File, media: Media) -> Generator[Act, Answer, str]:
    """Announce a file, say that its bytes are here, and what the press made of it."""
    made = media.files[file]
    begun = yield Act(by, at, "files.begin", made.begin)
    here = yield Act(by, at, "files.finish", {"upload": begun.id, **made.finish})
    if made.pressed:
        yield Act(SYSTEM, at, "files.pressed", {"file": here.extra["file"], **made.pressed})
    return begun.id
