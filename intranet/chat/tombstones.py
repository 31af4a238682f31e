"""What stays of a message that is taken back: a line without content; and what quotes it, drawn anew."""

from sqlalchemy import bindparam, delete, select, update

from intranet import files
from intranet.kernel import Tx

from .models import Earlier, Mention, Message, Reaction

REV = update(Message).where(Message.channel == bindparam("c"), Message.seq == bindparam("s")).values(rev=bindparam("r"))
BARE = {
    "text": "", "html": "", "plain": "", "mentions": "", "tiles": 0, "card": "", "edited": 0, "pinned": 0,
    "reply_to": 0,
}  # fmt: skip


def message_id(channel: int, seq: int) -> str:
    """The element id of a message, which is also its events' subject."""
    return f"m-{channel}-{seq}"


def wipe(tx: Tx, place: int, seq: int, actor: int) -> None:
    """Leave a tombstone; everything that hung on the message goes. The place is locked."""
    rev = tx.record(place, "chat.deleted", message_id(place, seq), actor)
    this = update(Message).where(Message.channel == place, Message.seq == seq)
    tx.change(this.values(**BARE, deleted=tx.now, rev=rev))
    for model in (Earlier, Mention, Reaction):
        tx.change(delete(model).where(model.channel == place, model.seq == seq))
    files.drop_tiles(tx, place, seq)
    requote(tx, place, seq)


def requote(tx: Tx, place: int, seq: int) -> None:
    """What quotes this message looks different now: nobody keeps reading the former text there."""
    quoting = tx.read(select(Message.seq).where(Message.channel == place, Message.reply_to == seq)).scalars()
    for other in list(quoting):
        rev = tx.record(place, "chat.requoted", message_id(place, other))
        tx.change_later(REV, {"c": place, "s": other, "r": rev})
