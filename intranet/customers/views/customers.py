"""The list of customers, one customer with everything the reader may see about it, and what choosers ask for."""

from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.customers.access import may_edit, must_read
from intranet.customers.finding import Narrowed, find, listed, names, segments
from intranet.kernel import House, Person, house, not_found, number, page, signed_in

from .shown import of_customer, of_person

PAGE = 100
MOST_OFFERED = 12


def _narrowed(request: Request) -> Narrowed:
    query, which = request.query_params, request.query_params.get("which", "")
    return Narrowed(
        text=query.get("text", "").strip()[:100], segment=query.get("segment", "")[:80], mine=which == "mine",
        archived=which == "archived", start=min(number(query.get("start", "")) or 0, 10**9),
    )  # fmt: skip


def _customers(conn: Connection, person: Person, asked: Narrowed, read_in: dict[str, str]) -> dict[str, Any]:
    must_read(person)
    found = listed(conn, person, asked, PAGE + 1)
    shown = found[:PAGE]
    carers = {id_ for one in shown for id_ in (one.field_person, one.office_person) if id_}
    return {
        "customers": shown, "more": asked.start + PAGE if len(found) > PAGE else 0, "asked": asked,
        "segments": segments(conn), "carers": people.names(conn, carers), "may_edit": may_edit(person),
        "read_in": read_in,
    }  # fmt: skip


async def customers(request: Request) -> Response:
    """The list. Raises Refused 404 for guests."""
    return await page(request, "customers/customers.html", _customers, _narrowed(request), just_read_in(request))


def just_read_in(request: Request) -> dict[str, str]:
    """What an import that led here did: its counts, if they are numbers."""
    query = request.query_params
    return {name: query[name] for name in ("made", "changed", "refused") if number(query.get(name, "")) is not None}


def _customer(conn: Connection, person: Person, the_house: House, wanted: int) -> dict[str, Any]:
    must_read(person)
    one = names(conn, [wanted]).get(wanted)
    if one is None:
        raise not_found()
    ids = [one.field_person, one.office_person]
    entries = {entry.id: entry for entry in people.entries_of(conn, person, [id_ for id_ in ids if id_])}
    return {
        "customer": one, "field": entries.get(one.field_person), "office": entries.get(one.office_person),
        "sections": the_house.gathered(conn, person, wanted), "may_edit": may_edit(person),
    }  # fmt: skip


async def customer(request: Request) -> Response:
    """One customer. Raises Refused 404."""
    return await page(request, "customers/customer.html", _customer, house(request), request.path_params["customer"])


def _offered(conn: Connection, person: Person, text: str) -> list[dict[str, Any]]:
    must_read(person)
    return [of_customer(one) for one in find(conn, person, text, MOST_OFFERED)]


async def offered(request: Request) -> Response:
    """What fits while one types. Raises Refused 404 for guests."""
    return await offer(request, _offered)


def _carers(conn: Connection, person: Person, text: str) -> list[dict[str, Any]]:
    must_read(person)
    return [of_person(one) for one in people.find(conn, person, text, limit=MOST_OFFERED) if one.role != "guest"]


async def carers(request: Request) -> Response:
    """People who could care for a customer. Raises Refused 404 for guests."""
    return await offer(request, _carers)


async def offer(request: Request, load: Any) -> Response:
    """The rows of a chooser for `q`."""
    person = await signed_in(request)
    text = request.query_params.get("q", "").strip()[:100]
    found = await house(request).read(load, person, text)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


ROUTES: list[BaseRoute] = [
    Route("/customers", customers),
    Route("/customers.json", offered),
    Route("/customers/carers.json", carers),
    Route("/customers/{customer:int}", customer),
]
