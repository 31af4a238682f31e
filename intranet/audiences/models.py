"""Audiences: who is addressed. An audience's id is the id of its place."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import WITHOUT_ROWID, Base


class Audience(Base):
    """One circle of people, stored once: `text` is its canonical form."""

    __tablename__ = "audience"
    id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(unique=True)


class AudienceLine(Base):
    """One line of the rule: side, team and site joined by *and*; an audience's lines are joined by *or*."""

    __tablename__ = "audience_line"
    __table_args__ = (WITHOUT_ROWID,)
    audience: Mapped[int] = mapped_column(ForeignKey("audience.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    side: Mapped[str]  # field, office, or empty for both
    team: Mapped[int]  # 0 for any; stays when the team has ended, and then takes nobody
    site: Mapped[str]  # as it was first written; empty for any


class AudienceMember(Base):
    """Who is in: the rule applied to people as they are now, kept in the transaction that changes them."""

    __tablename__ = "audience_member"
    __table_args__ = (Index("ix_audience_member_person", "person", "audience"), WITHOUT_ROWID)
    audience: Mapped[int] = mapped_column(ForeignKey("audience.id"), primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
