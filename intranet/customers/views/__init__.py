"""The pages of this room."""

from . import customers, editing, lists, products

ROUTES = [*lists.ROUTES, *editing.ROUTES, *customers.ROUTES, *products.ROUTES]
FORMS = {**lists.FORMS, **editing.FORMS, **products.FORMS}
