"""Customers, products and people as the browser's chooser shows them: what is sent, what stands in the field."""

from typing import Any

from intranet.customers.finding import Customer, Product
from intranet.people import PersonLine


def of_customer(one: Customer) -> dict[str, Any]:
    """`said` is what the field holds once it is chosen, and what a form without a script sends."""
    sub = " · ".join(part for part in (one.number, one.segment) if part)
    return {"id": one.id, "name": one.name, "sub": sub, "said": f"{one.number} · {one.name}", "href": one.href}


def of_product(one: Product) -> dict[str, Any]:
    """As `of_customer`."""
    said = f"{one.number} · {one.name}" if one.number else one.name
    return {"id": one.id, "name": one.name, "sub": one.number, "said": said}


def of_person(one: PersonLine) -> dict[str, Any]:
    """As `of_customer`, with what a face needs."""
    face = {"id": one.id, "name": one.name, "side": one.side, "photo": one.photo}
    return {"id": one.id, "name": one.name, "sub": "", "said": one.name, "person": face}
