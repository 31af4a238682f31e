"""Customers: made, changed, archived."""

from typing import Any

from sqlalchemy import select, update

from intranet import people
from intranet.customers.access import must_edit
from intranet.customers.checks import clean_name, clean_number, clean_segment
from intranet.customers.finding import sought
from intranet.customers.models import CustomerRow
from intranet.customers.writes import Archive, Change, Make
from intranet.kernel import AnyRow, Person, Refused, Tx, not_found

from .common import carer, changed

_CLEAN = {"number": clean_number, "name": clean_name, "segment": clean_segment}


def make(tx: Tx, person: Person, write: Make) -> dict[str, Any]:
    """A customer that nobody had before. Raises Refused 409 when the number is taken."""
    must_edit(person)
    row = {column: clean(getattr(write, column)) for column, clean in _CLEAN.items()}
    _must_be_free(tx, row["number"])
    carers = {
        "field_person": carer(tx, "field", write.field_person, write.field_said),
        "office_person": carer(tx, "office", write.office_person, write.office_said),
    }
    folded = sought(row["name"], row["number"])
    made = tx.make(CustomerRow, {**row, **carers, "folded": folded, "archived": False})
    changed(tx, "customer", [made], person.id)
    return {"customer": made, "goto": f"/customers/{made}"}


def change(tx: Tx, person: Person, write: Change) -> dict[str, Any]:
    """What is given and differs."""
    must_edit(person)
    row = _known(tx, write.customer)
    given = {column: getattr(write, column) for column in _CLEAN if getattr(write, column) is not None}
    values: dict[str, Any] = {column: _CLEAN[column](text) for column, text in given.items()}
    if write.field_person is not None or write.field_said is not None:
        values["field_person"] = _kept(tx, row, "field", write.field_person, write.field_said)
    if write.office_person is not None or write.office_said is not None:
        values["office_person"] = _kept(tx, row, "office", write.office_person, write.office_said)
    values = {column: value for column, value in values.items() if getattr(row, column) != value}
    if values:
        if "number" in values:
            _must_be_free(tx, values["number"])
        values["folded"] = sought(values.get("name", row.name), values.get("number", row.number))
        tx.change(update(CustomerRow).where(CustomerRow.id == row.id).values(**values))
        changed(tx, "customer", [row.id], person.id)
    return {"customer": row.id, "goto": f"/customers/{row.id}"}


def _kept(tx: Tx, row: AnyRow, side: str, chosen: int | None, said: str | None) -> int | None:
    """Who cares may have left since: then saving the rest does not ask for somebody else."""
    before: int | None = getattr(row, f"{side}_person")
    if before and (chosen == before or (not chosen and said == people.names(tx.conn, [before])[before].name)):
        return before
    return carer(tx, side, chosen, said)


def archive(tx: Tx, person: Person, write: Archive) -> dict[str, Any]:
    """Out of the lists, or back."""
    must_edit(person)
    row = _known(tx, write.customer)
    if row.archived == write.back:
        tx.change(update(CustomerRow).where(CustomerRow.id == row.id).values(archived=not write.back))
        changed(tx, "customer", [row.id], person.id)
    return {"customer": row.id, "goto": f"/customers/{row.id}"}


def _known(tx: Tx, customer: int) -> AnyRow:
    row = tx.read(select(*CustomerRow.__table__.columns).where(CustomerRow.id == customer)).first()
    if row is None:
        raise not_found()
    return row


def _must_be_free(tx: Tx, number: str) -> None:
    if tx.read(select(CustomerRow.id).where(CustomerRow.number == number)).first():
        raise Refused(409, "number-taken")
