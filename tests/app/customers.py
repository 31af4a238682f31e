"""Valid writes about customers and products, and their names as secrets."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from intranet.customers.writes import Make, ProductMake
from intranet.kernel import SYSTEM, new_id

if TYPE_CHECKING:
    from tests.app.secrets import Planted
    from tests.app.writes import Stage

STAFF = ("outsider", "member", "moderator", "editor", "administrator", "owner")


async def _customer(s: "Stage", **more: Any) -> dict[str, Any]:
    made = await s.company.house.perform(SYSTEM, Make(id=new_id(), number=new_id(), name="Werk"))
    return {"customer": made.extra["customer"], **more}


async def _product(s: "Stage", **more: Any) -> dict[str, Any]:
    made = await s.company.house.perform(SYSTEM, ProductMake(id=new_id(), name=f"Pumpe {new_id()}"))
    return {"product": made.extra["product"], **more}


async def _new(_s: "Stage", **fields: Any) -> dict[str, Any]:
    return fields


VERBS: dict[str, Callable[["Stage"], Awaitable[dict[str, Any]]]] = {
    "customers.make": lambda s: _new(s, number=new_id(), name="Werk"),
    "customers.change": lambda s: _customer(s, name="Werk 2"),
    "customers.archive": _customer,
    "customers.import": lambda s: _new(s, text=f"number,name\n{new_id()},Werk\n"),
    "products.make": lambda s: _new(s, name=f"Pumpe {new_id()}"),
    "products.change": lambda s: _product(s, number=new_id()),
    "products.archive": _product,
    "products.import": lambda s: _new(s, text=f"name\nPumpe {new_id()}\n"),
}


async def plant(planted: "Planted") -> None:
    """What guests never learn."""
    company = planted.company
    number, name, segment, product = (
        planted.word(what, *STAFF) for what in ("number", "customer", "segment", "product")
    )
    made = await company.house.perform(SYSTEM, Make(id=new_id(), number=number, name=name, segment=segment))
    planted.names["customer"] = made.extra["customer"]
    await company.house.perform(SYSTEM, ProductMake(id=new_id(), name=product))
