"""What people do with polls: ask, vote, add an answer, close."""

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select, update

from intranet import feed, notices
from intranet.kernel import AnyRow, Person, Refused, Tx, number, tidy

from .access import is_asked, may_close, options_of, own_poll, poll_for
from .choices import cleaned, picked
from .closing import fix
from .hosts import put
from .models import Option, Poll, Sealed, Vote
from .options import key_of, row_of, rows_of
from .plans import plan, subject
from .sealing import MOST_SENTENCE, Inside, close_box, from_text, is_code, new_code, print_of, size_of
from .words import as_text
from .writes import FURTHEST, LEAST_MINIMUM, MOST_MINIMUM, MOST_OPTIONS, MOST_QUESTION, Add, Cast, Close, Open, Share

# -- asking


def open_(tx: Tx, person: Person, write: Open) -> dict[str, Any]:
    """Ask in a channel or a post. Raises Refused 404, 403, 409, 413, 422."""
    fields = _asked(tx, write)
    rows = rows_of(write.kind, write.options, tx.settings.zone, additions=write.additions)
    poll = tx.make(Poll, {
        **fields, "place": 0, "seq": 0, "host": f"new-{write.id}", "author": person.id, "at": tx.now,
        "closed": 0, "result": "", "public": "", "counting": 0, "again": 0, "rev": 1,
    })  # fmt: skip
    tx.change(insert(Option), [{"poll": poll, "number": n, "author": 0, **row} for n, row in enumerate(rows, 1)])
    host = put(tx, person, write, poll, fields["question"])
    if write.anonymous:
        if host.size < fields["minimum"]:
            raise Refused(422, "too-few-asked", least=fields["minimum"])
        tx.job("polls.key", {"poll": poll, "again": 0})
    tx.record(host.place, "polls.opened", subject(poll), person.id)
    tx.change(update(Poll).where(Poll.id == poll).values(place=host.place, seq=host.seq, host=host.name))
    plan(tx, poll, fields["deadline"])
    return {"place": host.place, "seq": host.seq, "poll": poll, **host.answer}


def _asked(tx: Tx, write: Open) -> dict[str, Any]:
    question = tidy(write.question)
    if not question or len(question) > MOST_QUESTION:
        raise Refused(422, "question-long", most=MOST_QUESTION)
    deadline = write.deadline or (in_zone(write.until, tx.settings.zone) if write.until else 0)
    if deadline and not tx.now < deadline <= tx.now + FURTHEST:
        raise Refused(422, "not-ahead")
    if write.anonymous and not deadline:
        raise Refused(422, "end-needed")
    if write.anonymous and not LEAST_MINIMUM <= write.minimum <= MOST_MINIMUM:
        raise Refused(422, "minimum-low", least=LEAST_MINIMUM)
    if write.anonymous and write.additions:
        raise Refused(422, "additions-named")
    return {
        "kind": write.kind, "question": question, "most": min(max(write.most, 0), MOST_OPTIONS),
        "additions": int(write.additions and write.kind != "rating"),
        "results": "closed" if write.anonymous else write.results, "deadline": deadline,
        "anonymous": int(write.anonymous), "minimum": write.minimum if write.anonymous else 0,
        "texts": int(write.anonymous and write.sentences),
    }  # fmt: skip


def in_zone(local: str, zone: str) -> int:
    """A time as forms send it, in milliseconds. Raises Refused 422."""
    try:
        moment = dt.datetime.fromisoformat(local)
    except ValueError as error:
        raise Refused(422, "malformed", reason="until") from error
    return int(moment.replace(tzinfo=moment.tzinfo or ZoneInfo(zone)).timestamp() * 1000)


# -- voting


def must_be_open(tx: Tx, row: AnyRow) -> None:
    """Raises Refused 409 when no more votes are taken."""
    if row.closed or row.counting or (row.deadline and row.deadline <= tx.now):
        raise Refused(409, "poll-closed")


def ballot_for(conn: Connection, person: Person, write: Cast) -> tuple[AnyRow, list[int]] | None:
    """For a vote without a name that comes as a form: what the server needs to close the box. None otherwise."""
    poll = write.poll if isinstance(write.poll, int) else number(write.poll)
    row = poll_for(conn, person, poll) if poll else None
    if row is None or not row.anonymous:
        return None
    return row, [option.number for option in options_of(conn, [row.id])[row.id]]


def boxed(write: Cast, found: tuple[AnyRow, list[int]] | None) -> bytes:
    """Close the box of a vote that came open. Raises Refused 422."""
    if found is None or write.box or write.withdraw or not found[0].public:
        return b""
    row, options = found
    choice = cleaned(row, options, *(picked(row, write.picks) if write.picks else (write.yes, write.maybe)))
    code = write.code if is_code(write.code) else new_code()
    sentence = write.sentence.strip()[:MOST_SENTENCE] if row.texts else ""
    return close_box(row.public, row.id, Inside(code, choice, sentence), texts=row.texts)


def vote(tx: Tx, person: Person, write: Cast) -> dict[str, Any]:
    """One ballot per person; the newest counts. Raises Refused 404, 403, 409, 422."""
    row = own_poll(tx, person, write.poll)
    must_be_open(tx, row)
    if not is_asked(tx.conn, person, row):
        raise Refused(403, "not-asked")
    key = f"vote/{row.id}"
    if row.anonymous:
        _seal(tx, person, row, write)  # no event, no receipt, not even a row of the person's own place
        return {"mine": [key]}
    if write.withdraw:
        tx.change(delete(Vote).where(Vote.poll == row.id, Vote.person == person.id))
    else:
        options = [option.number for option in options_of(tx.conn, [row.id])[row.id]]
        given = picked(row, write.picks) if write.picks else (write.yes, write.maybe)
        choice = cleaned(row, options, *given)
        tx.upsert(Vote, {"poll": row.id, "person": person.id, "choice": str(choice)})
    touch(tx, row, "polls.voted")
    tx.mine(person.id, key)
    notices.clear(tx, subject(row.id), [person.id])
    return {"mine": [key]}


def _seal(tx: Tx, person: Person, row: AnyRow, write: Cast) -> None:
    if write.withdraw:
        tx.change(delete(Sealed).where(Sealed.poll == row.id, Sealed.person == person.id))
        return
    if not row.public or (write.box and write.print != print_of(row.public)):
        raise Refused(409, "poll-again")
    try:
        box = from_text(write.box) if write.box else tx.prepared
    except ValueError as error:
        raise Refused(422, "malformed", reason="box") from error
    if len(box) != size_of(row.texts):
        raise Refused(422, "malformed", reason="box")
    tx.upsert(Sealed, {"poll": row.id, "person": person.id, "box": box})


def touch(tx: Tx, row: AnyRow, kind: str, actor: int = 0, **values: Any) -> int:
    """Log a change; the poll is a newer one than before. A vote's event names nobody."""
    seq = tx.record(row.place, kind, subject(row.id), actor)
    tx.change(update(Poll).where(Poll.id == row.id).values(rev=Poll.rev + 1, **values))
    return seq


def add_option(tx: Tx, person: Person, write: Add) -> dict[str, Any]:
    """One more answer. Raises Refused 404, 403, 409, 422."""
    row = own_poll(tx, person, write.poll)
    must_be_open(tx, row)
    if not row.additions:
        raise Refused(403, "not-allowed")
    there = options_of(tx.conn, [row.id])[row.id]
    if len(there) >= MOST_OPTIONS:
        raise Refused(422, "options-many", most=MOST_OPTIONS)
    added = row_of(row.kind, write.option, tx.settings.zone)
    if key_of(added) in {key_of(one) for one in there}:
        raise Refused(422, "options-twice")
    option = there[-1].number + 1 if there else 1
    tx.add(Option, {"poll": row.id, "number": option, "author": person.id, **added})
    touch(tx, row, "polls.option_added", person.id)
    return {"option": option}


def close(tx: Tx, person: Person, write: Close) -> None:
    """No more votes: a poll with names is counted at once, one without by its key. Raises Refused 404, 403, 409."""
    row = own_poll(tx, person, write.poll)
    must_be_open(tx, row)
    if not may_close(tx.conn, person, row):
        raise Refused(403, "not-allowed")
    if row.anonymous:
        touch(tx, row, "polls.counting", person.id, counting=1, deadline=tx.now)
        tx.job("polls.end", {"poll": row.id, "at": tx.now})
    else:
        fix(tx, row, person.id)


def share(tx: Tx, person: Person, write: Share) -> dict[str, Any]:
    """The result in words, as a post of whoever reads it. Raises Refused 404, 403, 409, 422."""
    row = poll_for(tx.conn, person, write.poll)
    if not row.closed or not row.result:
        raise Refused(409, "no-result")
    options = options_of(tx.conn, [row.id])[row.id]
    text = as_text(options, row.kind, json.loads(row.result), person.lang, tx.settings.zone)
    post = feed.publish_card(
        tx, person, write.audience, row.question, text, "", write=write.id, asks=False, lines=write.lines
    )
    where = tx.read(select(feed.Post.place, feed.Post.seq).where(feed.Post.id == post)).one()
    return {"place": where.place, "seq": where.seq, "post": post}
