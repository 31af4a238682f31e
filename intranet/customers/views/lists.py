"""Reading in a list of customers or products: first what would happen, then it happens."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet.customers.access import must_edit
from intranet.customers.lists import Planned, plan_customers, plan_products, read_customers, read_products
from intranet.kernel import House, Person, Refused, house, page, signed_in, spreadsheet, who

MOST_SHOWN = 300
_READ: dict[str, tuple[Callable[[str], list[Planned]], Callable[[Connection, list[Planned]], list[Planned]]]] = {
    "customers": (read_customers, plan_customers),
    "products": (read_products, plan_products),
}


def _kind(request: Request) -> str:
    return "products" if request.url.path.startswith("/products") else "customers"


async def _editor(request: Request) -> Person:
    person = await signed_in(request)
    must_edit(person)
    return person


def _nothing(_conn: Connection, _person: Person, kind: str, problem: str) -> dict[str, Any]:
    return {"planned": None, "problem": problem, "kind": kind}


async def choose(request: Request) -> Response:
    """The form for a file. Raises Refused 403, 404."""
    await _editor(request)
    return await page(request, "customers/import.html", _nothing, _kind(request), "")


def _dry(conn: Connection, person: Person, kind: str, text: str, the_house: House) -> dict[str, Any]:
    read, plan = _READ[kind]
    planned = plan(conn, read(text))
    count = Counter(one.verdict for one in planned)
    order = {"refused": 0, "changed": 1, "made": 2}
    shown = sorted((one for one in planned if one.verdict != "same"), key=lambda one: order[one.verdict])
    why = {one.line: the_house.sentence(one.refusal, person.lang) for one in shown if one.refusal}
    return {
        "planned": shown[:MOST_SHOWN], "beyond": len(shown[MOST_SHOWN:]), "why": why, "text": text, "problem": "",
        "count": {verdict: count[verdict] for verdict in ("made", "changed", "same", "refused")}, "kind": kind,
    }  # fmt: skip


async def dry_run(request: Request) -> Response:
    """What the list would do. Nothing is written."""
    await _editor(request)
    kind = _kind(request)
    try:
        text = await spreadsheet.uploaded(request)
        return await page(request, "customers/import.html", _dry, kind, text, house(request))
    except Refused as refusal:
        return await _again(request, kind, refusal)


async def _again(request: Request, kind: str, refusal: Refused) -> Response:
    if refusal.status in (401, 404):
        raise refusal
    sentence = house(request).sentence(refusal, (await who(request)).lang)
    return await page(request, "customers/import.html", _nothing, kind, sentence, status=refusal.status)


async def customers_again(request: Request, _fields: Mapping[str, Any], refusal: Refused) -> Response:
    """It was no list of customers."""
    return await _again(request, "customers", refusal)


async def products_again(request: Request, _fields: Mapping[str, Any], refusal: Refused) -> Response:
    """It was no list of products."""
    return await _again(request, "products", refusal)


ROUTES: list[BaseRoute] = [
    Route(f"/{kind}/import", page_, methods=[method])
    for kind in _READ
    for method, page_ in (("GET", choose), ("POST", dry_run))
]
FORMS = {"customers.import": customers_again, "products.import": products_again}
