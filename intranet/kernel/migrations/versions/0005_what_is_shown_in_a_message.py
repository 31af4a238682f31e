"""what an upper room shows in a message"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Messages that are there already show nothing but themselves."""
    op.add_column("message", sa.Column("card", sa.Text(), nullable=False, server_default=""))
