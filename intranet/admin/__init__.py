"""The administrators' pages: people, invitations, teams, lists."""

from intranet.kernel import Room

__all__ = ["room"]

room = Room("admin")
