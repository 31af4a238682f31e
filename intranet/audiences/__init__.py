"""Audiences: who is addressed, as a place of its own. Equal audiences are one place, whatever words described them.

A write that chooses one carries `audience: int = 0` (a place there is) or `lines: Lines = []`, and its verb asks
`chosen(tx, person, write.audience, write.lines)`; neither is everyone.
"""

from intranet.kernel import Follower, Room, _

from . import live, views
from .access import (
    Reach,
    everyone,
    is_in,
    lines_of,
    members,
    places,
    reach_of,
    reached,
    readers,
    rules,
    size,
    sizes,
    teams_in,
)
from .actions import chosen, find_or_make
from .lines import EVERYONE, Line, Lines, canonical, spelled
from .models import Audience, AudienceMember
from .named import among
from .offer import offer
from .words import describe, suggestions

room = Room(
    "audiences",
    routes=views.ROUTES,
    followers=[Follower(live.KINDS, live.follow)],
    places=places,
    readers=readers,
    sentences={
        "audience-empty": _("Nobody would read this. Choose for whom it is."),
        "audience-site": _("Nobody works at that site."),
        "audience-long": _("Too much to choose from at once: {most} lines at most."),
    },
)

__all__ = [
    "EVERYONE", "Audience", "AudienceMember", "Line", "Lines", "Reach", "among", "canonical", "chosen", "describe",
    "everyone", "find_or_make", "is_in", "lines_of", "members", "offer", "places", "reach_of", "reached", "readers",
    "room", "rules", "size", "sizes", "spelled", "suggestions", "teams_in",
]  # fmt: skip
