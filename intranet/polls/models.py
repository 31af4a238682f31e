"""Polls, their options and votes. Votes with names in `vote`; votes without in `sealed`, later in `ballot`."""

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import WITHOUT_ROWID, Base


class Poll(Base):
    """A question in a message or a post, its host. `place` and `seq` are the host's; `rev` grows by every change."""

    __tablename__ = "poll"
    __table_args__ = (UniqueConstraint("host"), {"sqlite_autoincrement": True})  # a key file's name is never used again
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    place: Mapped[int]
    seq: Mapped[int]
    host: Mapped[str]  # "m-17-482" or "post-9"
    author: Mapped[int]
    at: Mapped[int]
    kind: Mapped[str]  # one, several, rating, ranking, dates
    question: Mapped[str]
    most: Mapped[int]  # of `several`: how many at most, 0: any number
    additions: Mapped[int]  # 1: everybody may add options
    results: Mapped[str]  # live, voted, closed: from when on they are seen
    deadline: Mapped[int]  # 0: until somebody closes it
    closed: Mapped[int]  # 0, or when
    result: Mapped[str]  # JSON, fixed at the close
    anonymous: Mapped[int]  # 1: without names
    minimum: Mapped[int]  # ballots below which nothing is opened
    texts: Mapped[int]  # 1: a sentence may be added to a vote without name
    public: Mapped[str]  # the public key, "" until there is one
    counting: Mapped[int]  # 1: no more votes are taken, the boxes are about to be opened
    again: Mapped[int]  # how often it had to begin again
    rev: Mapped[int]


class Option(Base):
    """One of the answers, numbered as they came. Of `dates`: when."""

    __tablename__ = "poll_option"
    __table_args__ = (WITHOUT_ROWID,)
    poll: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    starts: Mapped[int]  # ms; of a whole day its midnight in UTC
    ends: Mapped[int]  # 0: open
    whole_day: Mapped[int]
    author: Mapped[int]  # who added it, 0: whoever asks


class Vote(Base):
    """One person's ballot in a poll with names. No time."""

    __tablename__ = "vote"
    __table_args__ = (Index("ix_vote_person", "person", "poll"), WITHOUT_ROWID)
    poll: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    choice: Mapped[str]  # JSON


class Sealed(Base):
    """One person's box while a poll without names is open: the same length for every choice, overwritten."""

    __tablename__ = "sealed"
    __table_args__ = (WITHOUT_ROWID,)
    poll: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class Ballot(Base):
    """One opened ballot: the code its voter's device drew, and the choice where the list of both is published."""

    __tablename__ = "ballot"
    __table_args__ = (WITHOUT_ROWID,)
    poll: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[int]  # of one choice and rating; 0 where only codes are published


class Sentence(Base):
    """A sentence that came with a ballot, without it; `key` is drawn at the close, so they stand in no order."""

    __tablename__ = "ballot_sentence"
    __table_args__ = (WITHOUT_ROWID,)
    poll: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class TookPart(Base):
    """That a person's box was opened with the others."""

    __tablename__ = "took_part"
    __table_args__ = (WITHOUT_ROWID,)
    poll: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
