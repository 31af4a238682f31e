"""hidden messages"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBERS, TEXTS = ("channel", "seq", "author"), ("reason", "text", "html", "plain", "mentions")


def upgrade() -> None:
    op.create_table(
        "hidden_message",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in NUMBERS),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("tiles", NUMBER, nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("edited", NUMBER, nullable=False),
        sa.Column("reply_to", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_message")),
        sa.UniqueConstraint("channel", "seq", name=op.f("uq_hidden_message_channel_seq")),
    )
