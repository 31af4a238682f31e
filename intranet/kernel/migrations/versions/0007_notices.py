"""notices"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("person", NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("told", NUMBER, nullable=False),
        sa.Column("done", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("person", "key", name=op.f("pk_notice")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_key", "notice", ["key", "person"])
    still = sa.text("done < told")
    op.create_index("ix_notice_open", "notice", ["person"], sqlite_where=still, postgresql_where=still)
