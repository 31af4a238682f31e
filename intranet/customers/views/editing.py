"""A new customer, and changing one: for administrators and editors."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.customers.access import must_edit
from intranet.customers.finding import names, segments
from intranet.kernel import Person, Refused, not_found, number, page

from .shown import of_person

_FIELDS = ("number", "name", "segment", "field", "office")
_NOTHING: Mapping[str, Any] = {}


def _form(conn: Connection, person: Person, wanted: int, again: Mapping[str, Any]) -> dict[str, Any]:
    must_edit(person)
    one = names(conn, [wanted]).get(wanted) if wanted else None
    if wanted and one is None:
        raise not_found()
    values: dict[str, Any] = {name: getattr(one, name) if one else "" for name in ("number", "name", "segment")}
    chosen = {"field": one.field_person if one else 0, "office": one.office_person if one else 0}
    values |= again.get("values", {})
    for side in chosen:
        if f"{side}_said" in values:
            chosen[side] = number(str(values.get(f"{side}_person", ""))) or 0
    lines = people.names(conn, [id_ for id_ in chosen.values() if id_])
    for side, id_ in chosen.items():
        if id_ in lines:
            values.setdefault(f"{side}_said", of_person(lines[id_])["said"])
    return {
        "customer": one, "values": values, "chosen": chosen, "segments": segments(conn),
        "problems": again.get("problems", {}), "problem": again.get("problem", ""),
    }  # fmt: skip


async def new(request: Request) -> Response:
    """The empty form. Raises Refused 403, 404."""
    return await page(request, "customers/form.html", _form, 0, _NOTHING)


async def edit(request: Request) -> Response:
    """The form for one that is there. Raises Refused 403, 404."""
    return await page(request, "customers/form.html", _form, request.path_params["customer"], _NOTHING)


async def again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """As it was typed, with what is the matter at its field."""
    wanted = number(str(fields.get("customer", "0")))
    if wanted is None or refusal.status in (401, 404):
        raise refusal
    typed = await people.again(request, fields, refusal, known=_FIELDS)
    return await page(request, "customers/form.html", _form, wanted, typed, status=refusal.status)


ROUTES: list[BaseRoute] = [Route("/customers/new", new), Route("/customers/{customer:int}/edit", edit)]
FORMS = {"customers.make": again, "customers.change": again}
