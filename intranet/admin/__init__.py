"""The administrators' pages: people, invitations, teams, lists."""

from intranet.kernel import Room

from . import views

__all__ = ["room"]

room = Room("admin", routes=views.ROUTES, forms=views.FORMS)
