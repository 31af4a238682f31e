"""The pages of this room."""

from . import demo, directory, door, own, photo, welcome

ROUTES = [*door.ROUTES, *welcome.ROUTES, *own.ROUTES, *photo.ROUTES, *directory.ROUTES, *demo.ROUTES]
FORMS = {**door.FORMS, **own.FORMS}
