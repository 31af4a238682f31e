"""audiences, and everyone as the first"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACE = sa.table("place", *(sa.column(name) for name in ("id", "kind", "epoch", "head", "floor")))
FACT = sa.table("installation", sa.column("key"), sa.column("value"))
PERSON = sa.table("person", *(sa.column(name) for name in ("id", "role", "active")))


def upgrade() -> None:
    """Everybody who is active and no guest is in it from now on; it has no log yet, for nobody has spoken there."""
    audience = op.create_table(
        "audience",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["place.id"], name=op.f("fk_audience_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience")),
        sa.UniqueConstraint("text", name=op.f("uq_audience_text")),
    )
    line = op.create_table(
        "audience_line",
        sa.Column("audience", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("team", NUMBER, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["audience"], ["audience.id"], name=op.f("fk_audience_line_audience_audience")),
        sa.PrimaryKeyConstraint("audience", "number", name=op.f("pk_audience_line")),
        sqlite_with_rowid=False,
    )
    member = op.create_table(
        "audience_member",
        sa.Column("audience", NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["audience"], ["audience.id"], name=op.f("fk_audience_member_audience_audience")),
        sa.PrimaryKeyConstraint("audience", "person", name=op.f("pk_audience_member")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audience_member_person", "audience_member", ["person", "audience"])
    conn = op.get_bind()
    row = {"kind": "audience", "epoch": _epoch(conn), "head": 0, "floor": 0}
    everyone = conn.execute(sa.insert(PLACE).values(row).returning(PLACE.c.id)).scalar_one()
    conn.execute(sa.insert(audience).values(id=everyone, text=""))
    conn.execute(sa.insert(line).values(audience=everyone, number=1, side="", team=0, site=""))
    who = sa.select(sa.literal(everyone, NUMBER), PERSON.c.id).where(PERSON.c.active, PERSON.c.role != "guest")
    conn.execute(sa.insert(member).from_select(["audience", "person"], who))


def _epoch(conn: sa.Connection) -> str:
    """A new installation gets here the epoch it would get after its migrations."""
    found = conn.execute(sa.select(FACT.c.value).where(FACT.c.key == "epoch")).scalar()
    if found is None:
        found = secrets.token_hex(4)
        conn.execute(sa.insert(FACT).values(key="epoch", value=found))
    return str(found)
