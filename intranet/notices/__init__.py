"""Notices: what a person was told or reminded of, shown under "for me" on Home until they are done with it."""

from intranet.kernel import Answer, Room, Verb

from . import access, actions
from .access import Drawers, Waiting, shell, waiting
from .actions import Sweep, clear, tell


def _home(_answer: Answer) -> str:
    return "/"


room = Room(
    "notices",
    verbs=[
        Verb(actions.Done, actions.done, receipt=False, goto=_home),
        Verb(actions.Undone, actions.undone, receipt=False, goto=_home),
        Verb(actions.Sweep, actions.sweep, receipt=False, internal=True),
    ],
    mine=access.mine,
    mine_keys=(access.MARK,),
    shell=shell,
)

__all__ = ["Drawers", "Sweep", "Waiting", "clear", "room", "shell", "tell", "waiting"]
