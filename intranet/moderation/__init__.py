"""Moderation: reports, what is hidden, removed and restored, and the trail of it.

Whoever decides reads the reported thing as it stood and nothing else of its place.
"""

from intranet.kernel import Answer, JobKind, Room, Verb

from . import actions, told, views, writes
from .access import may_see_files
from .sentences import SENTENCES

__all__ = ["room"]


def _goto(answer: Answer) -> str:
    return str(answer.extra.get("goto", "/"))


room = Room(
    "moderation",
    verbs=[
        Verb(writes.ReportIt, actions.report_it, goto=_goto),
        Verb(writes.Decide, actions.decide, goto=_goto),
        Verb(writes.Forget, actions.forget, receipt=False, internal=True),
    ],
    routes=views.ROUTES,
    forms=views.FORMS,
    jobs=[JobKind(actions.FORGET, actions.forget_now)],
    may_read={"report": may_see_files},
    notices={"report": told.reports, "outcome": told.outcomes, "moderated": told.moderated},
    sentences=SENTENCES,
)
