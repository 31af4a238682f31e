"""Customers and products by a few letters: words of the name and the number, each from its beginning."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from intranet.kernel import AnyRow, Person, fold, once_each

from .models import CustomerRow, ProductRow

MOST_WORDS = 8
_CUSTOMER = (
    CustomerRow.id, CustomerRow.number, CustomerRow.name, CustomerRow.segment, CustomerRow.field_person,
    CustomerRow.office_person, CustomerRow.archived,
)  # fmt: skip
_PRODUCT = (ProductRow.id, ProductRow.number, ProductRow.name, ProductRow.archived)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as every page shows it; 0 where nobody cares for it on that side."""

    id: int
    number: str
    name: str
    segment: str
    field_person: int
    office_person: int
    archived: bool

    @property
    def href(self) -> str:
        """The customer's page."""
        return f"/customers/{self.id}"


@dataclass(frozen=True, slots=True)
class Product:
    """A product as every page shows it."""

    id: int
    number: str
    name: str
    archived: bool


def customer_of(row: AnyRow) -> Customer:
    """A customer from a row over the columns of one."""
    return Customer(
        row.id, row.number, row.name, row.segment, row.field_person or 0, row.office_person or 0, row.archived
    )


def product_of(row: AnyRow) -> Product:
    """A product from a row over the columns of one."""
    return Product(row.id, row.number or "", row.name, row.archived)


def words_of(text: str) -> list[str]:
    """The words of what somebody types, folded: letters and digits, so that Q-40 is found by q40's parts."""
    return re.findall(r"\w+", fold(text))[:MOST_WORDS]


def sought(name: str, number: str) -> str:
    """What is searched, name first because lists are in its order; the blank before each word marks its beginning."""
    return "".join(f" {word}" for word in re.findall(r"\w+", fold(f"{name} {number}")))


def has(column: Any, text: str) -> list[Any]:
    """One condition per word of `text`."""
    return [column.contains(f" {word}", autoescape=True) for word in words_of(text)]


def names(conn: Connection, ids: Collection[int]) -> dict[int, Customer]:
    """These customers, archived ones too. For readers who are no guests."""

    def load(some: list[int]) -> dict[int, Customer]:
        rows = conn.execute(select(*_CUSTOMER).where(CustomerRow.id.in_(some)))
        return {row.id: customer_of(row) for row in rows}

    return once_each(conn, "customers.names", ids, load)


def products(conn: Connection, ids: Collection[int]) -> dict[int, Product]:
    """These products, archived ones too. For readers who are no guests."""

    def load(some: list[int]) -> dict[int, Product]:
        rows = conn.execute(select(*_PRODUCT).where(ProductRow.id.in_(some)))
        return {row.id: product_of(row) for row in rows}

    return once_each(conn, "customers.products", ids, load)


def find(conn: Connection, person: Person, text: str, limit: int = 20) -> list[Customer]:
    """Customers that fit every word, the exact number first; without words those that the person cares for."""
    if person.is_guest:
        return []
    if not words_of(text):
        return own(conn, person, limit)
    statement = select(*_CUSTOMER).where(CustomerRow.archived.is_(False), *has(CustomerRow.folded, text))
    ordered = statement.order_by(CustomerRow.number != text.strip(), CustomerRow.folded, CustomerRow.id)
    return [customer_of(row) for row in conn.execute(ordered.limit(limit))]


def own(conn: Connection, person: Person, limit: int = 20) -> list[Customer]:
    """The customers that this person cares for."""
    if person.is_guest:
        return []
    theirs = or_(CustomerRow.field_person == person.id, CustomerRow.office_person == person.id)
    statement = select(*_CUSTOMER).where(CustomerRow.archived.is_(False), theirs)
    rows = conn.execute(statement.order_by(CustomerRow.folded, CustomerRow.id).limit(limit))
    return [customer_of(row) for row in rows]


def find_products(conn: Connection, person: Person, text: str, limit: int = 20) -> list[Product]:
    """Products that fit every word, the exact number first; without words the first by name."""
    if person.is_guest:
        return []
    statement = select(*_PRODUCT).where(ProductRow.archived.is_(False), *has(ProductRow.folded, text))
    ordered = statement.order_by(ProductRow.number.is_distinct_from(text.strip()), ProductRow.folded)
    return [product_of(row) for row in conn.execute(ordered.limit(limit))]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a reader asks the list for, and from which customer on."""

    text: str = ""
    segment: str = ""
    mine: bool = False
    archived: bool = False
    start: int = 0


def listed(conn: Connection, person: Person, asked: Narrowed, limit: int) -> list[Customer]:
    """Customers by name, narrowed."""
    conditions: list[Any] = [CustomerRow.archived.is_(asked.archived), *has(CustomerRow.folded, asked.text)]
    if asked.segment:
        conditions.append(CustomerRow.segment == asked.segment)
    if asked.mine:
        conditions.append(or_(CustomerRow.field_person == person.id, CustomerRow.office_person == person.id))
    statement = select(*_CUSTOMER).where(*conditions).order_by(CustomerRow.folded, CustomerRow.id)
    return [customer_of(row) for row in conn.execute(statement.offset(asked.start).limit(limit))]


def listed_products(conn: Connection, text: str, start: int, limit: int) -> list[Product]:
    """Products by name, those in use before archived ones."""
    statement = select(*_PRODUCT).where(*has(ProductRow.folded, text))
    ordered = statement.order_by(ProductRow.archived, ProductRow.folded).offset(start).limit(limit)
    return [product_of(row) for row in conn.execute(ordered)]


def segments(conn: Connection) -> list[str]:
    """Every segment that a customer in use is in."""
    rows = conn.execute(
        select(CustomerRow.segment).where(CustomerRow.archived.is_(False), CustomerRow.segment != "").distinct()
    )
    return sorted((row.segment for row in rows), key=fold)
