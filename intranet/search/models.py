"""The index: one row for each thing that can be found. Its words lie in the engine's own full-text index."""

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import Base


class SearchDoc(Base):
    """What is found. Higher ids are newer; what existed before the index goes below all others, newest first.

    On PostgreSQL `words` is searched itself; on SQLite by `search_text`, a table of FTS5 over this one.
    """

    __tablename__ = "search_doc"
    __table_args__ = (Index("ix_search_doc_words", "words", postgresql_using="gin", info={"engine": "postgresql"}),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(unique=True)  # its element id: "m-17-482", "post-17", "comment-9"
    place: Mapped[int]
    seq: Mapped[int]  # in that place: who may read from a later seq on does not find it
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
