"""Products: made, changed, archived."""

from typing import Any

from sqlalchemy import select, update

from intranet.customers.access import must_edit
from intranet.customers.checks import clean_name, clean_product_number
from intranet.customers.finding import sought
from intranet.customers.models import ProductRow
from intranet.customers.writes import ProductArchive, ProductChange, ProductMake
from intranet.kernel import AnyRow, Person, Refused, Tx, not_found

from .common import changed

_GOTO = {"goto": "/products"}


def make(tx: Tx, person: Person, write: ProductMake) -> dict[str, Any]:
    """A product that nobody had before. Raises Refused 409 when it is taken."""
    must_edit(person)
    row = _row(tx, clean_name(write.name), clean_product_number(write.number))
    made = tx.make(ProductRow, {**row, "archived": False})
    changed(tx, "product", [made], person.id)
    return {"product": made, **_GOTO}


def change(tx: Tx, person: Person, write: ProductChange) -> dict[str, Any]:
    """What is given and differs."""
    must_edit(person)
    row = _known(tx, write.product)
    name = row.name if write.name is None else clean_name(write.name)
    number = (row.number or "") if write.number is None else clean_product_number(write.number)
    if (name, number) != (row.name, row.number or ""):
        values = _row(tx, name, number, but=row.id)
        tx.change(update(ProductRow).where(ProductRow.id == row.id).values(**values))
        changed(tx, "product", [row.id], person.id)
    return {"product": row.id, **_GOTO}


def archive(tx: Tx, person: Person, write: ProductArchive) -> dict[str, Any]:
    """Out of the lists, or back."""
    must_edit(person)
    row = _known(tx, write.product)
    if row.archived == write.back:
        tx.change(update(ProductRow).where(ProductRow.id == row.id).values(archived=not write.back))
        changed(tx, "product", [row.id], person.id)
    return {"product": row.id, **_GOTO}


def _row(tx: Tx, name: str, number: str, but: int = 0) -> dict[str, Any]:
    folded = sought(name, number)
    others = ProductRow.id != but
    if number and tx.read(select(ProductRow.id).where(ProductRow.number == number, others)).first():
        raise Refused(409, "number-taken")
    if tx.read(select(ProductRow.id).where(ProductRow.folded == folded, others)).first():
        raise Refused(409, "product-taken")
    return {"name": name, "number": number or None, "folded": folded}


def _known(tx: Tx, product: int) -> AnyRow:
    row = tx.read(select(*ProductRow.__table__.columns).where(ProductRow.id == product)).first()
    if row is None:
        raise not_found()
    return row
