"""Messages, topics and what each person keeps about them. Clustered by channel and seq."""

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import WITHOUT_ROWID, Base


class Message(Base):
    """One message. Its seq is the seq of its `chat.posted` event; `rev` that of the last event on it."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_topic", "channel", "topic", "seq"),
        Index(
            "ix_message_reply", "channel", "reply_to", sqlite_where=text("reply_to > 0"),
            postgresql_where=text("reply_to > 0"),
        ),
        WITHOUT_ROWID,
    )  # fmt: skip
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[int]  # 0: none
    author: Mapped[int]
    at: Mapped[int]
    text: Mapped[str]  # as written
    html: Mapped[str]  # as shown
    plain: Mapped[str]  # as quoted, searched and notified
    write: Mapped[str]  # the client id, so that its author's echo finds it
    reply_to: Mapped[int]  # 0: none
    mentions: Mapped[str]  # "5 t12 all"
    tiles: Mapped[int]  # how many files it announced
    card: Mapped[str]  # what an upper room draws in it, such as "poll-9"; "" for nothing
    edited: Mapped[int]  # 0, or when
    deleted: Mapped[int]  # 0, or when: a tombstone without content
    pinned: Mapped[int]  # 0, or when
    rev: Mapped[int]


class Topic(Base):
    """A named conversation in a channel; `id` is the seq of the event that made it. `key` is the folded name."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("channel", "key"), WITHOUT_ROWID)
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    key: Mapped[str]
    made: Mapped[int]
    closed: Mapped[int]  # 0, or when
    closer: Mapped[int]  # who closed it, 0 while it is open
    result: Mapped[str]  # what came of it, while it is closed
    merged_into: Mapped[int]  # 0, or the topic it was merged into, so that its address still leads there
    rev: Mapped[int]


class Marker(Base):
    """How far one person has read one conversation (a topic, or 0)."""

    __tablename__ = "marker"
    __table_args__ = (WITHOUT_ROWID,)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]


class Mention(Base):
    """Who a message names: a person "5", a team "t12" or "all"."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_target", "target", "channel", "seq"), WITHOUT_ROWID)
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    target: Mapped[str] = mapped_column(primary_key=True)


class Reaction(Base):
    """One person's emoji on one message."""

    __tablename__ = "reaction"
    __table_args__ = (WITHOUT_ROWID,)
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    emoji: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Earlier(Base):
    """A former text of an edited message, for its author and moderators."""

    __tablename__ = "earlier"
    __table_args__ = (WITHOUT_ROWID,)
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rev: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    html: Mapped[str]
    until: Mapped[int]


class Draft(Base):
    """What a person is writing, on all their devices. `other` is a text that another device had meanwhile."""

    __tablename__ = "draft"
    __table_args__ = (WITHOUT_ROWID,)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    other: Mapped[str]
    rev: Mapped[int]


class Scheduled(Base):
    """A message that waits for its time, seen by its author alone. `refused` says why it could not go."""

    __tablename__ = "scheduled"
    __table_args__ = (Index("ix_scheduled_person", "person"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person: Mapped[int]
    channel: Mapped[int]
    at: Mapped[int]
    text: Mapped[str]
    topic: Mapped[int]
    topic_name: Mapped[str]
    reply_to: Mapped[int]
    refused: Mapped[str]


class HiddenMessage(Base):
    """What a message said that moderation has hidden: its row is a tombstone meanwhile, so that nothing shows it by
    oversight. Its author reads it here; `id` is what its files hang on meanwhile."""

    __tablename__ = "hidden_message"
    __table_args__ = (UniqueConstraint("channel", "seq"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    channel: Mapped[int]
    seq: Mapped[int]
    author: Mapped[int]
    reason: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    plain: Mapped[str]
    mentions: Mapped[str]
    tiles: Mapped[int]
    card: Mapped[str]
    edited: Mapped[int]
    reply_to: Mapped[int]
