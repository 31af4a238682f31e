"""Who works here, in which teams, from which devices they are signed in, and the links that let somebody in."""

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import WITHOUT_ROWID, Base


class PersonRow(Base):
    """A person. `id` is also the id of the person's own place; a person is deactivated, never deleted."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True, autoincrement=False)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]  # argon2 hash; empty until one is chosen
    role: Mapped[str]
    side: Mapped[str]
    title: Mapped[str]
    site: Mapped[str]
    phone: Mapped[str]
    lang: Mapped[str]
    zone: Mapped[str]  # empty: the organisation's
    photo: Mapped[str]  # hash of the picture's bytes; empty for none
    active: Mapped[bool]
    folded: Mapped[str]  # name, title, site and e-mail for searching: lower case, without accents


class Team(Base):
    """A team. `id` is the id of its place, whose log holds who joined and left, for followers only."""

    __tablename__ = "team"
    id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True, autoincrement=False)
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)


class TeamMember(Base):
    """Who is in which team."""

    __tablename__ = "team_member"
    __table_args__ = (Index("ix_team_member_person_id", "person_id"), WITHOUT_ROWID)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)


class Session(Base):
    """A device that is signed in (`kind` cookie) or a named access token (`kind` token). Only a hash of its secret.

    Times are days since 1970: when somebody was last here to the minute is nobody's business.
    """

    __tablename__ = "session"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    secret: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    made: Mapped[int]
    seen: Mapped[int]


class Attempt(Base):
    """How often somebody tried in a window of time: `who` is an HMAC of that and of the window."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_until", "until"), WITHOUT_ROWID)
    who: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    tries: Mapped[int]
    until: Mapped[int]


class Invitation(Base):
    """A link that lets somebody make an account: for one person, or for a team until it ends. Used up = gone."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    secret: Mapped[str] = mapped_column(unique=True)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    many: Mapped[bool]
    made: Mapped[int]
    until: Mapped[int]


class Reset(Base):
    """A link with which one person chooses a new password, once."""

    __tablename__ = "reset"
    secret: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    until: Mapped[int]
