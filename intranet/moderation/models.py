"""Reports with the thing as it stood, and the trail of what was done."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import Base


class Report(Base):
    """Somebody has reported a thing. `html` is the thing as it stood then, and all that whoever decides sees."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_state", "state", "id"), Index("ix_report_subject", "subject"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    subject: Mapped[str]  # "m-17-482", "post-9", "comment-5"
    place: Mapped[int]  # where it stood
    author: Mapped[int]
    said_at: Mapped[int]
    title: Mapped[str]
    html: Mapped[str]
    reporter: Mapped[int]
    reason: Mapped[str]
    at: Mapped[int]
    state: Mapped[str]  # open, kept, hidden, removed, restored
    decided_by: Mapped[int]  # 0: nobody yet
    decided_at: Mapped[int]
    decision: Mapped[str]  # the reason given


class Trail(Base):
    """Who did what, when and why. Never changed; it holds no content."""

    __tablename__ = "moderation_trail"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[int]
    actor: Mapped[int]
    act: Mapped[str]  # reported, kept, hidden, removed, restored
    subject: Mapped[str]
    author: Mapped[int]
    reason: Mapped[str]
