"""attempts"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("who", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("tries", "until")),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_attempt")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_attempt_until", "attempt", ["until"])
