"""Products: all of them, to make and change; and what choosers ask for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.customers.access import must_edit, must_read
from intranet.customers.finding import Product, find_products, listed_products, products
from intranet.kernel import Person, Refused, not_found, number, page

from .customers import MOST_OFFERED, PAGE, just_read_in, offer
from .shown import of_product

_NOTHING: Mapping[str, Any] = {}
_FIELDS = ("number", "name", "product")


def _products(
    conn: Connection, person: Person, text: str, start: int, read_in: Mapping[str, str], again: Mapping[str, Any]
) -> dict[str, Any]:
    must_edit(person)
    found = listed_products(conn, text, start, PAGE + 1)
    return {
        "products": found[:PAGE], "more": start + PAGE if len(found) > PAGE else 0, "start": start, "text": text,
        "read_in": read_in, "values": again.get("values", {}), "problems": again.get("problems", {}),
        "problem": again.get("problem", ""),
    }  # fmt: skip


async def all_products(request: Request) -> Response:
    """The list, with the form for a new one. Raises Refused 403, 404."""
    query = request.query_params
    text, start = query.get("text", "").strip()[:100], min(number(query.get("start", "")) or 0, 10**9)
    return await page(request, "customers/products.html", _products, text, start, just_read_in(request), _NOTHING)


async def made_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The new one did not do."""
    typed = await _typed(request, fields, refusal)
    return await page(request, "customers/products.html", _products, "", 0, _NOTHING, typed, status=refusal.status)


def _product(conn: Connection, person: Person, wanted: int, again: Mapping[str, Any]) -> dict[str, Any]:
    must_edit(person)
    one: Product | None = products(conn, [wanted]).get(wanted)
    if one is None:
        raise not_found()
    return {
        "product": one, "values": {"name": one.name, "number": one.number} | again.get("values", {}),
        "problems": again.get("problems", {}), "problem": again.get("problem", ""),
    }  # fmt: skip


async def product(request: Request) -> Response:
    """One product to change. Raises Refused 403, 404."""
    return await page(request, "customers/product.html", _product, request.path_params["product"], _NOTHING)


async def changed_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The change did not do."""
    wanted = number(str(fields.get("product", "")))
    if wanted is None:
        raise refusal
    typed = await _typed(request, fields, refusal)
    return await page(request, "customers/product.html", _product, wanted, typed, status=refusal.status)


async def _typed(request: Request, fields: Mapping[str, Any], refusal: Refused) -> dict[str, Any]:
    if refusal.status in (401, 404):
        raise refusal
    return await people.again(request, fields, refusal, known=_FIELDS, product="name")


def _offered(conn: Connection, person: Person, text: str) -> list[dict[str, Any]]:
    must_read(person)
    return [of_product(one) for one in find_products(conn, person, text, MOST_OFFERED)]


async def offered(request: Request) -> Response:
    """What fits while one types. Raises Refused 404 for guests."""
    return await offer(request, _offered)


ROUTES: list[BaseRoute] = [
    Route("/products", all_products),
    Route("/products.json", offered),
    Route("/products/{product:int}", product),
]
FORMS = {"products.make": made_again, "products.change": changed_again}
