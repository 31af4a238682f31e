"""The pages of this room."""

from . import demo, door, welcome

ROUTES = [*door.ROUTES, *welcome.ROUTES, *demo.ROUTES]
FORMS = {**door.FORMS}
