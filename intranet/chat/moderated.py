"""What moderation does with messages. Whoever calls has decided that it may; the channel's place is locked here.

A hidden message is a tombstone with a reason: its words lie in a table of their own, where only its author reads them.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, select, update

from intranet import files
from intranet.channels import inside
from intranet.kernel import AnyRow, Person, Tx, not_found

from .models import Earlier, HiddenMessage, Mention, Message, Reaction
from .tombstones import BARE, message_id, requote, wipe

_KEPT = ("text", "html", "plain", "mentions", "tiles", "card", "edited", "reply_to")


def read_now(conn: Connection, person: Person, place: int, seq: int) -> AnyRow:
    """The message if this person reads it. Raises Refused 404, 403."""
    channel = inside(conn, person, place)
    here = (Message.channel == place, Message.seq == seq, Message.seq >= channel.since, Message.deleted == 0)
    row = conn.execute(select(Message).where(*here)).first()
    if row is None:
        raise not_found()
    return row


def hide(tx: Tx, place: int, seq: int, reason: str, actor: int) -> None:
    """A placeholder with the reason in its stead; nobody is named by it and it has no files meanwhile. Raises 404."""
    tx.lock([place])
    row = tx.read(select(Message).where(Message.channel == place, Message.seq == seq)).first()
    if row is None or row.deleted:
        raise not_found()
    said = {name: getattr(row, name) for name in _KEPT}
    kept = tx.make(HiddenMessage, {**said, "channel": place, "seq": seq, "author": row.author, "reason": reason})
    files.set_aside(tx, place, seq, "hidden", kept, into=row.author)
    tx.change(delete(Mention).where(Mention.channel == place, Mention.seq == seq))
    _write(tx, place, seq, "chat.hidden", actor, {**BARE, "deleted": tx.now})


def restore(tx: Tx, place: int, seq: int, actor: int) -> None:
    """As it was. Raises Refused 404 when it is not hidden."""
    tx.lock([place])
    kept = _hidden(tx, place, seq)
    files.bring_back(tx, "hidden", kept.id, place, seq)
    for target in kept.mentions.split():
        tx.add(Mention, {"channel": place, "seq": seq, "target": target})
    tx.change(delete(HiddenMessage).where(HiddenMessage.id == kept.id))
    _write(tx, place, seq, "chat.restored", actor, {name: getattr(kept, name) for name in _KEPT} | {"deleted": 0})


def remove(tx: Tx, place: int, seq: int, actor: int) -> None:
    """A tombstone for good, from view or from hiding. Raises Refused 404."""
    tx.lock([place])
    row = tx.read(select(Message.deleted).where(Message.channel == place, Message.seq == seq)).first()
    if row is None:
        raise not_found()
    if not row.deleted:
        wipe(tx, place, seq, actor)
        return
    kept = _hidden(tx, place, seq)
    files.drop_tiles(tx, kept.author, kept.id, thing="hidden")
    tx.change(delete(HiddenMessage).where(HiddenMessage.id == kept.id))
    for model in (Earlier, Reaction):
        tx.change(delete(model).where(model.channel == place, model.seq == seq))
    _write(tx, place, seq, "chat.deleted", actor, {"deleted": tx.now})


def _hidden(tx: Tx, place: int, seq: int) -> AnyRow:
    kept = tx.read(select(HiddenMessage).where(HiddenMessage.channel == place, HiddenMessage.seq == seq)).first()
    if kept is None:
        raise not_found()
    return kept


def _write(tx: Tx, place: int, seq: int, kind: str, actor: int, values: dict[str, Any]) -> None:
    rev = tx.record(place, kind, message_id(place, seq), actor)
    tx.change(update(Message).where(Message.channel == place, Message.seq == seq).values(**values, rev=rev))
    requote(tx, place, seq)


def reasons(conn: Connection, place: int, seqs: list[int]) -> dict[int, AnyRow]:
    """Author and reason of those of these tombstones that are only hidden. One query."""
    columns = select(HiddenMessage.seq, HiddenMessage.author, HiddenMessage.reason)
    rows = conn.execute(columns.where(HiddenMessage.channel == place, HiddenMessage.seq.in_(seqs))) if seqs else ()
    return {row.seq: row for row in rows}


def own_hidden(conn: Connection, person: Person, place: int, seq: int) -> AnyRow:
    """The author's own words, while they are hidden. Raises Refused 404."""
    here = (HiddenMessage.channel == place, HiddenMessage.seq == seq, HiddenMessage.author == person.id)
    row = conn.execute(select(HiddenMessage).where(*here)).first()
    if row is None:
        raise not_found()
    return row


def is_own(person: int, hidden: ColumnElement[int]) -> ColumnElement[bool]:
    """The readable rule of a hidden message's files: its author's alone."""
    return exists().where(HiddenMessage.id == hidden, HiddenMessage.author == person)
