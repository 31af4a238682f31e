"""how often those who have not acknowledged were reminded"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("post_ack_reminder")  # nothing has written it yet
    op.create_table(
        "post_ack_reminder",
        sa.Column("post", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("times", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("post", name=op.f("pk_post_ack_reminder")),
        sqlite_with_rowid=False,
    )
