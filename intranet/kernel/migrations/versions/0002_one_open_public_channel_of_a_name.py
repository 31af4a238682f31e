"""one open public channel of a name"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHANNEL = sa.table("channel", *(sa.column(name) for name in ("id", "kind", "name", "archived", "folded")))


def upgrade() -> None:
    """Of two that have one name already the older keeps it to itself; the other only shows it until it is renamed."""
    op.add_column("channel", sa.Column("folded", sa.Text(), nullable=True))
    conn = op.get_bind()
    taken: set[str] = set()
    is_open = (CHANNEL.c.kind == "public") & (CHANNEL.c.archived == 0)
    for row in conn.execute(sa.select(CHANNEL.c.id, CHANNEL.c.name).where(is_open).order_by(CHANNEL.c.id)).all():
        folded = _fold(row.name)
        if folded not in taken:
            taken.add(folded)
            conn.execute(sa.update(CHANNEL).where(CHANNEL.c.id == row.id).values(folded=folded))
    op.create_index("ix_channel_folded", "channel", ["folded"], unique=True)


def _fold(text: str) -> str:
    """As `people.fold` was when this was written: a migration must not change with the code."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
