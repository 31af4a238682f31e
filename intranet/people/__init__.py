"""People: accounts, sign-in, sessions, roles, sides, teams, directory."""

from intranet.kernel import SYSTEM, House, Room, fold, hashed, new_id

from . import mail, views
from .access import HIGH, ROLES, SIDES, actors, authenticate, may_manage, must_administer, person_of, sessions
from .actions import VERBS
from .actions.entering import has_owner
from .actions.recovering import reset_owner
from .checks import clean_name, telephone
from .directory import (
    EVERYBODY,
    Narrowed,
    Totals,
    begins,
    directory,
    entries_of,
    everybody,
    find,
    named_so,
    person_entry,
    totals,
)
from .invitations import Invited, open_invitations
from .lines import (
    Entry,
    PersonLine,
    TeamLine,
    initials,
    names,
    people_of_team,
    sites,
    team_sizes,
    teams,
    teams_of,
)
from .links import Handed, handed, purpose, without_link
from .lists import Planned, house_now, plan, read_list
from .models import PersonRow, Team, TeamMember
from .naming import Names, names_of_all, only_once
from .passwords import hash_of
from .photos import keep as keep_portrait
from .photos import name_of as portrait_name
from .photos import path_of as portrait_path
from .photos import portraits
from .profiles import Profile, profiles
from .recognising import meant
from .seen import seen_today
from .sentences import SENTENCES
from .shell import shell
from .views.again import problems as again
from .views.directory import narrowed
from .views.own import is_first_time as first_time
from .writes import Make, OpenSetUp, SetUp

__all__ = [
    "EVERYBODY", "HIGH", "ROLES", "SENTENCES", "SIDES", "Entry", "Handed", "Invited", "Make", "Names", "Narrowed",
    "PersonLine", "PersonRow", "Planned", "Profile", "SetUp", "Team", "TeamLine", "TeamMember", "Totals", "again",
    "begins", "clean_name", "directory", "entries_of", "everybody", "find", "first_time", "fold", "handed",
    "hash_of", "house_now", "initials", "keep_portrait", "may_manage", "meant", "must_administer", "named_so",
    "names", "names_of_all", "narrowed", "only_once", "open_invitations", "people_of_team", "person_entry",
    "person_of", "plan", "portrait_name", "portrait_path", "portraits", "profiles", "purpose", "read_list",
    "reset_owner", "room", "set_up_path", "sites", "team_sizes", "teams", "teams_of", "telephone", "totals",
    "without_link",
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
    sessions=sessions, actors=actors, seen=seen_today, shell=shell, jobs=mail.JOBS,
)  # fmt: skip
