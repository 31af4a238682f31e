"""customers and products"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("field_person", ID, nullable=True),
        sa.Column("office_person", ID, nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["field_person"], ["person.id"], name=op.f("fk_customer_field_person")),
        sa.ForeignKeyConstraint(["office_person"], ["person.id"], name=op.f("fk_customer_office_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("number", name=op.f("uq_customer_number")),
    )
    for column in ("segment", "field_person", "office_person", "folded"):
        op.create_index(op.f(f"ix_customer_{column}"), "customer", [column])
    op.create_table(
        "product",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("number", name=op.f("uq_product_number")),
        sa.UniqueConstraint("folded", name=op.f("uq_product_folded")),
    )
