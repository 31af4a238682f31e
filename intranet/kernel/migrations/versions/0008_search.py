"""the index of the search"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JOB = sa.table("job", *(sa.column(name) for name in ("kind", "payload", "run_at", "attempts", "dead")))


def upgrade() -> None:
    """What there is already is taken in by a job, the newest first, while the server serves."""
    conn = op.get_bind()
    op.create_table(
        "search_doc",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_doc")),
        sa.UniqueConstraint("subject", name=op.f("uq_search_doc_subject")),
    )
    if conn.dialect.name == "postgresql":
        op.create_index("ix_search_doc_words", "search_doc", ["words"], postgresql_using="gin")
    else:
        # Words without positions are half as large; with secure-delete what is taken out leaves the file too.
        op.execute(
            "CREATE VIRTUAL TABLE search_text USING fts5(words, content='search_doc', content_rowid='id',"
            " detail=none, columnsize=0, tokenize='ascii')"
        )
        op.execute("INSERT INTO search_text(search_text, rank) VALUES('secure-delete', 1)")
    if conn.execute(sa.text("SELECT 1 FROM message LIMIT 1")).first() is not None:
        conn.execute(sa.insert(JOB).values(kind="search.fill", payload="{}", run_at=0, attempts=0, dead=""))
