"""What an upper room shows inside a lower room's thing: a poll in a message, a post in a channel.

The thing keeps only a reference such as `poll-9`; its first word names the room that draws it. The engine carries the
table of who draws what, so that whoever renders a message needs to know neither the house nor the room.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

Own = Callable[[Connection, int, Sequence[str]], Mapping[str, Any]]  # (conn, person, references) -> values by mine key
Inlay = Callable[[Connection, int, Sequence[str], str], Mapping[str, Markup]]  # (conn, place, references, lang)


def inlays(conn: Connection, place: int, references: Iterable[str], lang: str) -> dict[str, Markup]:
    """The inlays of these references in one place, the same for everybody who reads it; one drawing per room."""
    drawers: Mapping[str, Inlay] = conn.get_execution_options().get("inlays", {})
    drawn: dict[str, Markup] = {}
    for word, some in _by_room(references).items():
        if word in drawers:
            drawn.update(drawers[word](conn, place, some, lang))
    return drawn


def inlays_own(conn: Connection, person: int, references: Iterable[str]) -> dict[str, Any]:
    """The reader's own on these inlays, such as their vote, for a page's island; one question per room."""
    owners: Mapping[str, Own] = conn.get_execution_options().get("inlays_own", {})
    found: dict[str, Any] = {}
    for word, some in _by_room(references).items():
        if word in owners:
            found.update(owners[word](conn, person, some))
    return found


def _by_room(references: Iterable[str]) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for reference in sorted({one for one in references if one}):
        asked.setdefault(reference.partition("-")[0], []).append(reference)
    return asked
