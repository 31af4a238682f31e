"""The kernel's tables: places, their logs, receipts, jobs and what is known of the installation."""

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Base(DeclarativeBase):
    """Every room's models share this metadata, with named constraints so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {int: BigInteger().with_variant(Integer, "sqlite"), str: Text}


class Installation(Base):
    """One row per fact about this installation, such as its epoch seed and name."""

    __tablename__ = "installation"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Place(Base):
    """Who may read, with an ordered log of its own. `head` is the last seq given, `floor` the last one pruned."""

    __tablename__ = "place"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    epoch: Mapped[str]
    head: Mapped[int] = mapped_column(default=0)
    floor: Mapped[int] = mapped_column(default=0)


class Event(Base):
    """That a thing changed, never what it says. `at` is 0 where the time is not shown."""

    __tablename__ = "event"
    __table_args__ = (WITHOUT_ROWID,)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    subject: Mapped[str]
    actor: Mapped[int]
    at: Mapped[int]


class Register(Base):
    """A person's own place: one row per key, overwritten, with its latest seq and without time."""

    __tablename__ = "register"
    __table_args__ = (Index("ix_register_place_seq", "place", "seq"), WITHOUT_ROWID)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]


class Receipt(Base):
    """That a write was taken, for ever: HMACs of author and client id and of its content; no author, no time."""

    __tablename__ = "receipt"
    __table_args__ = (WITHOUT_ROWID,)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    place: Mapped[int]
    seq: Mapped[int]


class Job(Base):
    """What must happen outside, written in the transaction of its cause. `dead` is why it was given up, or empty."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_run_at", "dead", "run_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    payload: Mapped[str]
    run_at: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=0)
    key: Mapped[str | None] = mapped_column(unique=True)
    dead: Mapped[str] = mapped_column(default="")
