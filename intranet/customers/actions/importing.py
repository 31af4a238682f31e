"""Reading in a list: everything that its dry run showed, in one write and few statements.

The text is taken apart in `prepare`, beside the writer. What is refused changes nothing; the rest is done, judged anew,
because the record may have moved since the dry run.
"""

from collections import Counter
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from intranet.customers.access import must_edit
from intranet.customers.finding import sought
from intranet.customers.lists import Planned, plan_customers, plan_products, read_customers, read_products
from intranet.customers.models import CustomerRow, ProductRow
from intranet.customers.writes import Import, ProductImport
from intranet.kernel import Base, Person, Tx

from .common import changed

MOST_AT_ONCE = 500


def read(write: Import, _loaded: None) -> list[Planned]:
    """The lines, before the queue."""
    return read_customers(write.text)


def import_customers(tx: Tx, person: Person, _write: Import) -> dict[str, Any]:
    """Customers made and changed."""
    must_edit(person)
    planned = plan_customers(tx.conn, tx.prepared)
    bare = {"segment": "", "field_person": None, "office_person": None, "archived": False}
    _make(tx, CustomerRow, planned, bare, key="number")
    _change(tx, CustomerRow, planned)
    return _done(tx, "customer", planned, person.id)


def read_of_products(write: ProductImport, _loaded: None) -> list[Planned]:
    """The lines, before the queue."""
    return read_products(write.text)


def import_products(tx: Tx, person: Person, _write: ProductImport) -> dict[str, Any]:
    """Products made and changed."""
    must_edit(person)
    planned = plan_products(tx.conn, tx.prepared)
    _make(tx, ProductRow, planned, {"number": None, "archived": False}, key="folded")
    _change(tx, ProductRow, planned)
    return _done(tx, "product", planned, person.id)


def _make(tx: Tx, model: type[Base], planned: list[Planned], bare: dict[str, Any], key: str) -> None:
    """All new rows in one statement: a long list holds the writer for a moment only. Their ids by what is unique."""
    made = {row[key]: (one, row) for one in planned if one.verdict == "made" for row in [_row({**bare, **one.values})]}
    if made:
        tx.change(insert(model), [row for _, row in made.values()])
    columns, keys = model.__table__.c, list(made)
    for start in range(0, len(keys), MOST_AT_ONCE):
        some = keys[start : start + MOST_AT_ONCE]
        for row in tx.read(select(columns.id, columns[key].label("key")).where(columns[key].in_(some))):
            made[row.key][0].id = row.id


def _change(tx: Tx, model: type[Base], planned: list[Planned]) -> None:
    """All changed rows in one statement."""
    changing, columns = {one.id: one for one in planned if one.verdict == "changed"}, model.__table__.c
    ids, rows = list(changing), []
    for start in range(0, len(ids), MOST_AT_ONCE):
        for found in tx.read(select(*columns).where(columns.id.in_(ids[start : start + MOST_AT_ONCE]))):
            row = _row({**found._mapping, **changing[found.id].values})
            rows.append({f"new_{name}": value for name, value in row.items()})
    if rows:
        names = [column.name for column in columns if column.name != "id"]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        tx.change(update(model).where(columns.id == bindparam("new_id")).values(**values), rows)


def _row(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"folded": sought(values["name"], values["number"] or "")}


def _done(tx: Tx, kind: str, planned: list[Planned], actor: int) -> dict[str, Any]:
    changed(tx, kind, [one.id for one in planned if one.verdict in ("made", "changed")], actor)
    count = Counter(one.verdict for one in planned)
    done = {verdict: count[verdict] for verdict in ("made", "changed", "same", "refused")}
    query = "&".join(f"{verdict}={number}" for verdict, number in done.items())
    return {**done, "goto": f"/{kind}s?{query}"}
