"""Customers and products: number, name, segment, and who cares for a customer in the field and in the office."""

from intranet.kernel import Room

from . import views
from .access import may_edit, must_exist, must_exist_product
from .actions import VERBS
from .finding import Customer, Product, find, find_products, names, own, products
from .sentences import SENTENCES

__all__ = [
    "Customer", "Product", "find", "find_products", "may_edit", "must_exist", "must_exist_product", "names", "own",
    "products", "room",
]  # fmt: skip

room = Room("customers", verbs=VERBS, routes=views.ROUTES, forms=views.FORMS, sentences=SENTENCES)
