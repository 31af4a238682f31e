"""Search: one index over what is said, for who may read it; people and customers by name."""

from intranet.kernel import Follower, Room

from . import views
from .rebuild import JOBS, VERBS, rebuild
from .sources import KINDS, follow

room = Room("search", verbs=VERBS, routes=views.ROUTES, followers=[Follower(KINDS, follow)], jobs=JOBS)

__all__ = ["rebuild", "room"]
