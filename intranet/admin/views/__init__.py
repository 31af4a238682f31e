"""The pages of this room."""

from . import links, lists, one, people, teams

ROUTES = [*people.ROUTES, *links.ROUTES, *lists.ROUTES, *one.ROUTES, *teams.ROUTES]
FORMS = {**people.FORMS, **lists.FORMS, **one.FORMS, **teams.FORMS}
