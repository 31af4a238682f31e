"""the words of the index of the search, to look up how one may go on"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A view into FTS5's own lists: nothing is stored beside them, so a word leaves with its last text."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_words USING fts5vocab(search_text, instance)")
