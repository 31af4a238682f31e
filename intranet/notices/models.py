"""What a person was told, until they have done with it."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import WITHOUT_ROWID, Base


class Notice(Base):
    """One row per person and key, overwritten; no time. Its order is that of the register's `notice/<key>`.

    `told` counts how often; `done` is the count that was done with: told again, it is open again, and a "done" that
    was on its way meanwhile does not hide what nobody has seen.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_key", "key", "person"),
        Index("ix_notice_open", "person", sqlite_where=text("done < told"), postgresql_where=text("done < told")),
        WITHOUT_ROWID,
    )
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # which words: `Room.notices`
    subject: Mapped[str]
    place: Mapped[int] = mapped_column(default=0)
    told: Mapped[int] = mapped_column(default=1)
    done: Mapped[int] = mapped_column(default=0)
