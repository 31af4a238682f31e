"""Lists of customers and of products as spreadsheets write them, and what reading one in would do, line by line.

Reading the text needs no record and happens beside the writer (`read_customers`, `read_products`); comparing it with
what is there now (`plan_customers`, `plan_products`) is a few look-ups per line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, select

from intranet import people
from intranet.kernel import AnyRow, Refused, spreadsheet, tidy

from .checks import clean_name, clean_number, clean_product_number, clean_segment
from .finding import sought
from .models import CustomerRow, ProductRow

Verdict = Literal["made", "changed", "same", "refused"]
CUSTOMER_COLUMNS = {
    "number": "number nummer nr nr. no no. kundennummer kundennr kundennr. kunden-nr kunden-nr. kdnr kd-nr. klantnummer"
    " klantnr klantnr. customernumber customerno debitor debitornummer debitorennummer debiteur debiteurnummer",
    "name": "name naam kunde klant customer kundenname klantnaam customername firma bedrijf company",
    "segment": "segment branche gruppe groep group kundensegment klantsegment customersegment",
    "field_person": "field draussen aussen aussendienst buiten buitendienst outside fieldperson",
    "office_person": "office drinnen innen innendienst binnen binnendienst inside officeperson",
}
PRODUCT_COLUMNS = {
    "number": "number nummer nr nr. no no. artikelnummer artikel-nr. artikelnr artikelnr. productnumber productnummer"
    " produktnummer itemnumber sku",
    "name": "name naam produkt product artikel item bezeichnung produktname productnaam productname omschrijving",
}
CARERS = {"field_person": "field", "office_person": "office"}
_CUSTOMER: dict[str, Any] = {
    "number": clean_number, "name": clean_name, "segment": clean_segment, "field_person": tidy, "office_person": tidy
}  # fmt: skip
_PRODUCT: dict[str, Any] = {"number": clean_product_number, "name": clean_name}


@dataclass(slots=True)
class Planned:
    """What one line would do. `changes` names the columns that differ."""

    line: int
    number: str
    name: str
    verdict: Verdict
    id: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    refusal: Refused | None = None

    def refuse(self, refusal: Refused) -> None:
        """Leave this line out."""
        self.verdict, self.refusal, self.changes = "refused", refusal, []


def read_customers(text: str) -> list[Planned]:
    """The lines of a list of customers. Raises Refused 422 when it is none."""
    lines = spreadsheet.lines(text, CUSTOMER_COLUMNS, "number", "name", lacking="customers-columns")
    return [_read(line, _CUSTOMER, ("number", "name")) for line in lines]


def read_products(text: str) -> list[Planned]:
    """The lines of a list of products. Raises Refused 422 when it is none."""
    lines = spreadsheet.lines(text, PRODUCT_COLUMNS, "name", lacking="products-columns")
    return [_read(line, _PRODUCT, ("name",)) for line in lines]


def _read(line: Mapping[str, str], clean: Mapping[str, Any], needed: Sequence[str]) -> Planned:
    one = Planned(int(line[""]), tidy(line.get("number", ""))[:60], tidy(line.get("name", ""))[:120], "made")
    try:
        given = [column for column in clean if line.get(column, "").strip() or column in needed]
        one.values = {column: clean[column](line.get(column, "")) for column in given}
    except Refused as refusal:
        one.refuse(refusal)
    return one


def plan_customers(conn: Connection, lines: list[Planned]) -> list[Planned]:
    """The same lines with what each would do now: two queries."""
    rows = {row.number: row for row in conn.execute(select(*CustomerRow.__table__.columns))}
    said = {one.values[side] for one in lines for side in CARERS if side in one.values}
    meant = people.meant(conn, said)
    met: set[str] = set()
    for one in lines:
        if one.refusal is not None:
            continue
        try:
            for side, word in CARERS.items():
                if side in one.values:
                    one.values[side] = carer_of(meant[one.values[side]], word)
            _judge(one, rows.get(one.values["number"]), one.values["number"] in met, "number-twice")
        except Refused as refusal:
            one.refuse(refusal)
        met.add(one.values["number"])
    return lines


def plan_products(conn: Connection, lines: list[Planned]) -> list[Planned]:
    """The same lines with what each would do now: one query. A line without a number means the product of that name."""
    rows = conn.execute(select(*ProductRow.__table__.columns)).all()
    numbered = {row.number: row for row in rows if row.number}
    named: dict[str, list[AnyRow]] = {}
    for row in rows:
        named.setdefault(sought(row.name, ""), []).append(row)
    taken = {row.folded: row.id for row in rows}
    met: set[str] = set()
    for one in lines:
        if one.refusal is not None:
            continue
        number, name = one.values.get("number", ""), sought(one.values["name"], "")
        same = [numbered[number]] if number in numbered else [] if number else named.get(name, [])
        try:
            if len(same) > 1:
                raise Refused(409, "product-many")
            _judge(one, same[0] if same else None, (number or name) in met, "product-twice")
            folded = sought(one.values["name"], number or (same[0].number or "" if same else ""))
            if taken.setdefault(folded, one.id or -one.line) != (one.id or -one.line):
                raise Refused(409, "product-taken")
        except Refused as refusal:
            one.refuse(refusal)
        met.add(number or name)
    return lines


def _judge(one: Planned, row: AnyRow | None, twice: bool, code: str) -> None:
    if twice:
        raise Refused(409, code)
    if row is None:
        return
    one.id = row.id
    one.changes = [column for column, value in one.values.items() if getattr(row, column) != value]
    one.verdict = "changed" if one.changes else "same"
    if row.archived:
        raise Refused(409, "archived-line")


def carer_of(found: Sequence[int], side: str) -> int:
    """The one person that is meant. `side` is "field" or "office". Raises Refused 422."""
    if len(found) != 1:
        raise Refused(422, f"{side}-many" if found else f"{side}-unknown")
    return found[0]
