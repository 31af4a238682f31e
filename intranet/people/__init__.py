"""People: accounts, sign-in, sessions, roles, sides, teams, directory."""

from intranet.kernel import SYSTEM, House, Room, hashed, new_id

from . import views
from .access import HIGH, ROLES, actors, authenticate, may_manage, must_administer, person_of
from .actions import VERBS
from .actions.entering import has_owner
from .checks import clean_name, telephone
from .lines import (
    Entry,
    PersonLine,
    TeamLine,
    directory,
    everybody,
    find,
    fold,
    initials,
    names,
    people_of_team,
    person_entry,
    sites,
    teams,
    teams_of,
)
from .models import PersonRow, Team, TeamMember
from .passwords import hash_of
from .seen import seen_today
from .sentences import SENTENCES
from .writes import Make, OpenSetUp, SetUp

__all__ = [
    "HIGH", "ROLES", "SENTENCES", "Entry", "Make", "PersonLine", "PersonRow", "SetUp", "Team", "TeamLine", "TeamMember",
    "clean_name", "directory", "everybody", "find", "fold", "hash_of", "initials", "may_manage", "must_administer",
    "names", "people_of_team", "person_entry", "person_of", "room", "set_up_path", "sites", "teams", "teams_of",
    "telephone",
]  # fmt: skip


async def set_up_path(house: House) -> str | None:
    """The one-time address where the first owner makes an account; None when there is one already.

    Derived from the server's key and the record's epoch: every node prints the same, and a restart prints it again.
    """
    if await house.read(has_owner):
        return None
    token = house.keys.token(0, house.epoch, "set-up")
    await house.perform(SYSTEM, OpenSetUp(id=new_id(), secret=hashed(token)))
    return f"/set-up/{token}"


room = Room(
    "people", verbs=VERBS, routes=views.ROUTES, forms=views.FORMS, sentences=SENTENCES, authenticate=authenticate,
    actors=actors, seen=seen_today,
)  # fmt: skip
