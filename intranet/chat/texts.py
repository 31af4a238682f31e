"""What was said, as plain text, for the index of the search and for showing what it found."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from intranet.kernel import Ready, in_pairs

from .models import Message


@dataclass(frozen=True, slots=True)
class Text:
    """One message with something written in it."""

    channel: int
    seq: int
    topic: int
    author: int
    at: int
    plain: str

    @property
    def href(self) -> str:
        """Where it stands."""
        return f"/c/{self.channel}?at={self.seq}#m-{self.channel}-{self.seq}"


_TEXT = select(Message.channel, Message.seq, Message.topic, Message.author, Message.at, Message.plain).where(
    Message.plain != ""
)
_IN_CHANNEL = Ready(
    _TEXT.where(Message.channel == bindparam("channel"), Message.seq.in_(bindparam("seqs", expanding=True)))
    .order_by(Message.seq)
)  # fmt: skip  # the writer asks it for every run of messages


def texts(conn: Connection, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Text]:
    """These messages (channel, seq); those that are gone or hold no text are left out. Whoever asks has looked who may
    read them."""
    if not pairs:
        return {}
    rows = conn.execute(_TEXT.where(in_pairs(Message.channel, Message.seq, pairs)))
    return {(row.channel, row.seq): Text(*row) for row in rows}


def texts_in(conn: Connection, channel: int, seqs: Sequence[int]) -> list[Text]:
    """The same of one channel, in its order."""
    rows = _IN_CHANNEL.all(conn, {"channel": channel, "seqs": list(seqs)})
    return [Text(*row) for row in rows]


def all_said(conn: Connection) -> list[tuple[int, int, int]]:
    """(at, channel, seq) of every message with text, the newest first."""
    newest_first = (Message.at.desc(), Message.channel.desc(), Message.seq.desc())
    rows = conn.execute(
        select(Message.at, Message.channel, Message.seq).where(Message.plain != "").order_by(*newest_first)
    )
    return [(row.at, row.channel, row.seq) for row in rows]
