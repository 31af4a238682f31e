"""Who reads customers and who changes them; and whether one is there."""

from typing import Any

from sqlalchemy import select

from intranet.kernel import Person, Refused, Tx, not_found

from .finding import sought
from .models import CustomerRow, ProductRow


def must_read(person: Person) -> None:
    """Raises Refused 404 for guests: to them there are no customers."""
    if person.is_guest:
        raise not_found()


def may_edit(person: Person) -> bool:
    """Administrators and editors; who cares for a customer uses what they keep."""
    return person.is_admin or person.role == "editor"


def must_edit(person: Person) -> None:
    """Raises Refused 404 for guests, 403 for who only reads."""
    must_read(person)
    if not may_edit(person):
        raise Refused(403, "not-allowed")


def must_exist(tx: Tx, customer: int, said: str = "") -> int:
    """The customer's id, archived or not; 0 for none. Where no script chose one, `said` is what was typed: the number,
    the name, or both as the field offers them. Raises Refused 422."""
    return _known(tx, CustomerRow, customer, said, "customer-unknown")


def must_exist_product(tx: Tx, product: int, said: str = "") -> int:
    """As `must_exist`, of a product."""
    return _known(tx, ProductRow, product, said, "product-unknown")


def _known(tx: Tx, model: type[Any], wanted: int, said: str, code: str) -> int:
    said = said.strip()[:200]
    if not wanted and not said:
        return 0
    if wanted:
        is_it = model.id == wanted
    else:
        number, _, rest = said.partition(" · ")
        is_it = model.number == (number if rest else said)
    found = [row.id for row in tx.read(select(model.id).where(is_it))]
    if not found and not wanted:
        begins = model.folded.startswith(sought(said, ""), autoescape=True)
        rows = tx.read(select(model.id, model.name).where(begins).limit(50))
        found = [row.id for row in rows if sought(row.name, "") == sought(said, "")]
    if len(found) != 1:
        raise Refused(422, code, said=said)
    return int(found[0])
