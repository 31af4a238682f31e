"""Customers and products: what the company's own records call them, and who cares for a customer on each side."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import Base


class CustomerRow(Base):
    """A customer. Archived, never deleted: what was said about it stays."""

    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(unique=True)  # as other systems call it
    name: Mapped[str]
    segment: Mapped[str] = mapped_column(index=True)  # or empty
    field_person: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office_person: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    folded: Mapped[str] = mapped_column(
        index=True
    )  # words of name and number, a blank before each: see `finding.sought`
    archived: Mapped[bool]


class ProductRow(Base):
    """A product. Its number is empty or nobody else's; without one its name is (`folded` holds both)."""

    __tablename__ = "product"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    number: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    archived: Mapped[bool]
