"""Home: what is new for the reader, mentions first, until the inbox of a later step."""

from intranet.kernel import Room

from . import views

room = Room("inbox", routes=views.ROUTES)

__all__ = ["room"]
