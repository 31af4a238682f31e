"""reports"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("place", "author", "said_at")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("title", "html")),
        sa.Column("reporter", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("decided_by", "decided_at")),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_state", "report", ["state", "id"])
    op.create_index("ix_report_subject", "report", ["subject"])
    op.create_table(
        "moderation_trail",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("at", "actor")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("act", "subject")),
        sa.Column("author", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_trail")),
    )
