"""Channels and who is in them. A channel's id is the id of its place."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import WITHOUT_ROWID, Base


class Channel(Base):
    """A conversation of its own: public, private or direct (`people` is then its fixed set, unique)."""

    __tablename__ = "channel"
    __table_args__ = (Index("ix_channel_folded", "folded", unique=True),)
    id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str]  # public, private, direct
    name: Mapped[str]  # empty for direct
    folded: Mapped[str | None]  # the name without case and accents, while it is public and open: no other has it then
    description: Mapped[str] = mapped_column(default="")
    history: Mapped[str] = mapped_column(default="all")  # all, joining: fixed when it is made
    people: Mapped[str | None] = mapped_column(unique=True)  # direct only: the sorted ids, "3 5 9"
    team: Mapped[int | None]  # follows this team's membership
    archived: Mapped[int] = mapped_column(default=0)  # 0, or since when
    rev: Mapped[int] = mapped_column(default=0)


class Member(Base):
    """A person in a channel. `joined` is the seq at which; `seen` the marker of conversations never opened."""

    __tablename__ = "member"
    __table_args__ = (Index("ix_member_person", "person", "channel"), WITHOUT_ROWID)
    channel: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(default="member")  # member, moderator
    joined: Mapped[int] = mapped_column(default=0)
    since: Mapped[int] = mapped_column(default=0)  # the first seq that may be read: joined, or 0 with all history
    seen: Mapped[int] = mapped_column(default=0)
    favourite: Mapped[int] = mapped_column(default=0)
    hidden: Mapped[int] = mapped_column(default=0)  # direct only: left, shown again when something comes
