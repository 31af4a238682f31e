"""Who may see a poll, its result, and close it. A poll is found through its host: the message or post it stands in."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from intranet import audiences, channels, chat, feed, people
from intranet.kernel import AnyRow, Person, Refused, Subject, Tx, not_found, number, once_each

from .choices import Choice, counted, read
from .models import Option, Poll, Sealed, TookPart, Vote


def poll_for(conn: Connection, person: Person, poll: int) -> AnyRow:
    """The poll, if this person may read its host. Raises Refused 404, 403."""
    row = conn.execute(select(Poll).where(Poll.id == poll)).first()
    if row is None:
        raise not_found()
    if row.host.startswith("m-"):
        if row.seq < channels.inside(conn, person, row.place).since or not chat.stands(conn, row.place, row.seq):
            raise not_found()
    else:
        feed.post_for(conn, person, int(row.host.removeprefix("post-")))
    return row


def is_asked(conn: Connection, person: Person, row: AnyRow) -> bool:
    """Whether a reader of the poll may vote: all of a channel, and of a post who is in its audience."""
    return row.host.startswith("m-") or audiences.is_in(conn, person.id, row.place)


def poll_if(conn: Connection, person: Person, poll: int) -> AnyRow | None:
    """The poll, or None for who may not read its host (any more)."""
    try:
        return poll_for(conn, person, poll)
    except Refused:
        return None


def own_poll(tx: Tx, person: Person, ref: Subject) -> AnyRow:
    """The poll that a write names, in the write's own place, which is locked. Raises Refused 404, 403, 422."""
    wanted = ref if isinstance(ref, int) else number(ref)
    if wanted is None:
        found = tx.resolve(person, ref)
        if found is None or found[0] != tx.place:
            raise Refused(422, "place-missing")
        here = (Poll.place == found[0], Poll.seq == found[1])
        wanted = tx.read(select(Poll.id).where(*here)).scalar() or 0
    row = poll_for(tx.conn, person, wanted)
    if row.place != tx.place:
        raise not_found()
    return row


def may_close(conn: Connection, person: Person, row: AnyRow) -> bool:
    """Whether a reader may close it: who asked, who moderates its channel, who edits the feed."""
    if row.author == person.id:
        return True
    if row.host.startswith("m-"):
        return bool(channels.inside(conn, person, row.place).role == "moderator")
    return person.role in ("owner", "administrator", "editor")


def asked(conn: Connection, row: AnyRow) -> list[int]:
    """Whom a poll asks: who reads its place now and is active."""
    if row.host.startswith("m-"):
        return who_is_in(conn, row.place)
    return audiences.members(conn, row.place)


def who_is_in(conn: Connection, channel: int) -> list[int]:
    """The active members of a channel."""
    rows = conn.execute(select(channels.Member.person).where(channels.Member.channel == channel)).scalars().all()
    lines = people.names(conn, rows)
    return [one for one in rows if one in lines and lines[one].active]


def shows_result(row: AnyRow, *, voted: bool) -> bool:
    """Whether the result is shown to who has voted, or to all."""
    if row.closed:
        return bool(row.result)
    return not row.anonymous and (row.results == "live" or (row.results == "voted" and voted))


def has_voted(conn: Connection, person: int, row: AnyRow) -> bool:
    """Whether this person's vote or box lies there, or was counted."""
    tables = (Sealed, TookPart) if row.anonymous else (Vote,)
    return any(
        conn.execute(select(model.person).where(model.poll == row.id, model.person == person)).first()
        for model in tables
    )


def options_of(conn: Connection, polls: Sequence[int]) -> dict[int, list[AnyRow]]:
    """The options of these polls, as they came. One query."""
    found: dict[int, list[AnyRow]] = {poll: [] for poll in polls}
    rows = conn.execute(select(Option).where(Option.poll.in_(polls)).order_by(Option.poll, Option.number))
    for row in rows:
        found[row.poll].append(row)
    return found


def counts_of(conn: Connection, polls: Sequence[int]) -> dict[int, int]:
    """How many have voted in these polls with names. One query."""
    rows = conn.execute(select(Vote.poll, func.count().label("n")).where(Vote.poll.in_(polls)).group_by(Vote.poll))
    return {row.poll: row.n for row in rows}


def results_of(conn: Connection, rows: Sequence[AnyRow], options: Mapping[int, Sequence[AnyRow]]) -> dict[int, Any]:
    """Results as fixed, or of polls with names as they stand, in one query. Who may see them was asked before."""
    going = {row.id: row for row in rows if not row.closed}

    def load(some: list[int]) -> dict[int, dict[str, Any]]:
        choices: dict[int, list[Choice]] = {poll: [] for poll in some}
        for vote in conn.execute(select(Vote.poll, Vote.choice).where(Vote.poll.in_(some))):
            choices[vote.poll].append(read(vote.choice))
        return {
            poll: counted(going[poll].kind, [option.number for option in options[poll]], its)
            for poll, its in choices.items()
        }  # fmt: skip

    found = once_each(conn, "polls.results", going.keys(), load) if going else {}
    return {**found, **{row.id: json.loads(row.result or "{}") for row in rows if row.closed}}


def result_of(conn: Connection, row: AnyRow, options: Sequence[AnyRow]) -> dict[str, Any]:
    """The result of one poll."""
    found: dict[str, Any] = results_of(conn, [row], {row.id: options})[row.id]
    return found


__all__ = [
    "asked", "counts_of", "has_voted", "is_asked", "may_close", "options_of", "own_poll", "poll_for", "poll_if",
    "result_of", "results_of", "shows_result", "who_is_in",
]  # fmt: skip
