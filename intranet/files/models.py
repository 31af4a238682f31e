"""Uploads on their way, files that are here, and what refers to them."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import WITHOUT_ROWID, Base


class Upload(Base):
    """A file somebody is sending, by the client id of the `files.begin` that announced it."""

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_begun", "begun"), WITHOUT_ROWID)
    person: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]  # as declared; the bytes decide
    size: Mapped[int]
    sha256: Mapped[str]  # of the bytes as they are sent
    begun: Mapped[int]
    file: Mapped[str] = mapped_column(default="")  # what it became


class File(Base):
    """A file that is here. `content` may be served; a picture's is empty until the press has stripped it."""

    __tablename__ = "file"
    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]  # new (not pressed yet), ready, refused
    kind: Mapped[str]
    type: Mapped[str]
    name: Mapped[str]
    size: Mapped[int]
    raw: Mapped[str] = mapped_column(default="")  # sha256 of a picture as it came, never served
    content: Mapped[str] = mapped_column(default="")
    preview: Mapped[str] = mapped_column(default="")
    thumb: Mapped[str] = mapped_column(default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)


class FileRef(Base):
    """A tile of a thing: first expected, then filled with a file. Who may read the thing may read the file.

    A message (`thing` "m") is known by its place and seq; what upper rooms show, such as a post, by an id of its own
    that stays while the place changes.
    """

    __tablename__ = "file_ref"
    __table_args__ = (Index("ix_file_ref_file", "file"), Index("ix_file_ref_thing", "thing", "subject"), WITHOUT_ROWID)
    place: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True, autoincrement=False)
    subject: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # seq of the message, id of the post
    tile: Mapped[str] = mapped_column(primary_key=True)  # the client's id for it
    thing: Mapped[str] = mapped_column(server_default="m")  # "m", "post", "draft": first word of its element id
    position: Mapped[int]
    person: Mapped[int]  # who expects it: the only one who may fill it
    name: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int]
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    duration: Mapped[int] = mapped_column(default=0)  # ms
    peaks: Mapped[str] = mapped_column(default="")  # 64 numbers, or nothing
    note: Mapped[str] = mapped_column(default="")  # what is to be seen, in the author's words
    file: Mapped[str] = mapped_column(default="")  # empty while it is still coming
