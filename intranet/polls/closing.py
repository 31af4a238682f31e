"""How a poll ends: the result is fixed for ever, and of a poll without names the boxes go."""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from intranet import notices
from intranet.kernel import AnyRow, Person, Refused, Tx

from .access import asked, options_of
from .choices import PUBLISHED, cleaned, counted, read
from .hosts import release
from .models import Ballot, Option, Poll, Sealed, Sentence, TookPart, Vote
from .plans import plan, tell
from .sealing import Inside, new_code, open_box
from .writes import SENTENCES_FROM, Again, End, Publish, Remind

Opened = dict[bytes, Inside | None]


def fix(tx: Tx, row: AnyRow, actor: int = 0) -> None:
    """A poll with names: count, and keep the result."""
    votes = tx.read(select(Vote.person, Vote.choice).where(Vote.poll == row.id)).all()
    options = [option.number for option in options_of(tx.conn, [row.id])[row.id]]
    result = counted(row.kind, options, [read(vote.choice) for vote in votes])
    _closed(tx, row, "polls.closed", json.dumps(result), actor)
    tell(tx, row, [*(vote.person for vote in votes), row.author], "polls.closed", actor)


def _closed(tx: Tx, row: AnyRow, kind: str, result: str, actor: int = 0) -> None:
    tx.record(row.place, kind, f"poll-{row.id}", actor)
    values = {"closed": tx.now, "result": result, "counting": 0, "rev": Poll.rev + 1}
    tx.change(update(Poll).where(Poll.id == row.id).values(**values))
    notices.clear(tx, f"poll-{row.id}")  # whoever did not vote was told that they still can
    release(tx, row)


# -- without names


def boxes_of(conn: Connection, _person: Person, write: End) -> tuple[AnyRow | None, list[bytes]]:
    """What there is to open: outside of the transaction, so that the writer does not wait for the arithmetic."""
    row = conn.execute(select(Poll).where(Poll.id == write.poll)).first()
    boxes = conn.execute(select(Sealed.box).where(Sealed.poll == write.poll)).scalars().all()
    return row, [bytes(box) for box in boxes]


def opened(write: End, found: tuple[AnyRow | None, list[bytes]]) -> Opened:
    """The boxes opened, or none of them where there are too few."""
    row, boxes = found
    if row is None or not row.anonymous or not write.key or len(boxes) < row.minimum:
        return {}
    return {box: open_box(write.key, row.id, box) for box in boxes}


def end(tx: Tx, _person: Person, write: End) -> dict[str, Any]:
    """Close what is still open. One transaction: open, shuffle, count, write down, erase."""
    row = _still_open(tx, write.poll)
    if row is None:
        return {}
    if not row.anonymous:
        fix(tx, row)
        return {}
    boxes = tx.read(select(Sealed.person, Sealed.box).where(Sealed.poll == row.id)).all()
    if len(boxes) >= row.minimum and not write.key:
        raise Refused(409, "conflict")  # the job looks for the key again, or begins the poll again
    found = [_opened(tx, row, write, bytes(one.box)) for one in boxes] if len(boxes) >= row.minimum else []
    valid = _valid(tx, row, found)
    tx.change(delete(Sealed).where(Sealed.poll == row.id))
    if len(valid) < row.minimum:
        _closed(tx, row, "polls.too_few", "")
        tell(tx, row, asked(tx.conn, row), "polls.too_few")
        return {}
    _write_down(tx, row, valid, sorted(one.person for one in boxes))
    return {}


def _still_open(tx: Tx, poll: int) -> AnyRow | None:
    """The poll, if it is open. Raises Refused 409 when its post has moved meanwhile: the job comes again."""
    row = tx.read(select(Poll).where(Poll.id == poll)).first()
    if row is None or row.closed:
        return None
    if row.place != tx.place:
        raise Refused(409, "conflict")
    return row


def _opened(tx: Tx, row: AnyRow, write: End, box: bytes) -> Inside | None:
    known: Opened = tx.prepared or {}
    return known[box] if box in known else open_box(write.key, row.id, box)


def _valid(tx: Tx, row: AnyRow, found: Sequence[Inside | None]) -> list[Inside]:
    """What this poll takes, in the order of codes, which says nothing."""
    options = [option.number for option in options_of(tx.conn, [row.id])[row.id]]
    valid: dict[str, Inside] = {}
    for inside in found:
        if inside is None:
            continue
        try:
            choice = cleaned(row, options, inside.choice.yes, inside.choice.maybe)
        except Refused:
            continue
        code = inside.code if inside.code not in valid else new_code()  # drawn twice: one in 10^12, or on purpose
        valid[code] = Inside(code, choice, inside.sentence)
    return [valid[code] for code in sorted(valid)]


def _write_down(tx: Tx, row: AnyRow, valid: list[Inside], voters: list[int]) -> None:
    options = [option.number for option in options_of(tx.conn, [row.id])[row.id]]
    result = counted(row.kind, options, [inside.choice for inside in valid])
    told = row.kind in PUBLISHED
    tx.change(insert(Ballot), [
        {"poll": row.id, "code": one.code, "choice": one.choice.yes[0] if told else 0} for one in valid
    ])  # fmt: skip
    tx.change(insert(TookPart), [{"poll": row.id, "person": one} for one in voters])
    sentences = [inside.sentence for inside in valid if inside.sentence] if row.texts else []
    if sentences and len(valid) >= SENTENCES_FROM:
        rows = [{"poll": row.id, "key": secrets.token_hex(8), "text": text} for text in sentences]
        tx.change(insert(Sentence), sorted(rows, key=lambda one: one["key"]))
    _closed(tx, row, "polls.closed", json.dumps(result))
    tell(tx, row, [*voters, row.author], "polls.closed")


def publish(tx: Tx, _person: Person, write: Publish) -> None:
    """From now on votes can be sealed."""
    row = _still_open(tx, write.poll)
    if row is None or row.public:
        return
    tx.record(row.place, "polls.opened", f"poll-{row.id}")
    tx.change(update(Poll).where(Poll.id == row.id).values(public=write.public, rev=Poll.rev + 1))


def again(tx: Tx, _person: Person, write: Again) -> dict[str, Any]:
    """A backup was restored, or the key was lost: nobody can open the boxes. As long as before, from now on."""
    row = _still_open(tx, write.poll)
    if row is None:
        return {}
    deadline = tx.now + (row.deadline - row.at)
    tx.change(delete(Sealed).where(Sealed.poll == row.id))
    tx.record(row.place, "polls.began_again", f"poll-{row.id}")
    tx.change(update(Poll).where(Poll.id == row.id).values(
        public="", counting=0, again=row.again + 1, at=tx.now, deadline=deadline,
        rev=Poll.rev + 1,
    ))  # fmt: skip
    tx.job("polls.key", {"poll": row.id, "again": row.again + 1})
    plan(tx, row.id, deadline)
    tell(tx, row, asked(tx.conn, row), "polls.began_again")
    return {"deadline": deadline}


def remind(tx: Tx, _person: Person, write: Remind) -> None:
    """With names who has not voted; without names all, for then nobody looks who has, and nothing is left that says."""
    row = _still_open(tx, write.poll)
    if row is None:
        return
    voted = set() if row.anonymous else set(tx.read(select(Vote.person).where(Vote.poll == row.id)).scalars())
    tell(tx, row, [one for one in asked(tx.conn, row) if one not in voted], "polls.ends_soon")


def forget(tx: Tx, poll: int) -> None:
    """The host is gone, and the poll with it."""
    for model in (Option, Vote, Sealed, Ballot, Sentence, TookPart):
        tx.change(delete(model).where(model.poll == poll))
    tx.change(delete(Poll).where(Poll.id == poll))


__all__ = ["again", "boxes_of", "end", "fix", "forget", "opened", "publish", "remind"]
