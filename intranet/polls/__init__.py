"""Polls: questions in messages and posts. With names, or without in a way that nobody can link votes to people."""

from intranet.kernel import Answer, Card, Follower, Room, Verb, _

from . import actions, closing, jobs, live, views
from . import writes as w
from .keyring import Keyring
from .sealing import new_key, public_of


def _to_host(answer: Answer) -> str:
    if "post" in answer.extra:
        return f"/posts/{answer.extra['post']}"
    return f"/c/{answer.place}?at={answer.seq}#m-{answer.place}-{answer.seq}"


room = Room(
    "polls",
    verbs=[
        Verb(w.Open, actions.open_, goto=_to_host),
        Verb(w.Cast, actions.vote, actions.ballot_for, actions.boxed, receipt=False),
        Verb(w.Add, actions.add_option),
        Verb(w.Close, actions.close),
        Verb(w.Share, actions.share, goto=_to_host),
        Verb(w.Publish, closing.publish, receipt=False, internal=True),
        Verb(w.End, closing.end, closing.boxes_of, closing.opened, receipt=False, internal=True),
        Verb(w.Again, closing.again, receipt=False, internal=True),
        Verb(w.Remind, closing.remind, receipt=False, internal=True),
    ],
    routes=views.ROUTES,
    cards=[Card(live.KINDS, live.cards)],
    followers=[
        Follower(frozenset({"chat.deleted", "feed.removed"}), live.follow_hosts),
        Follower(frozenset({"feed.published"}), live.follow_moved),
    ],
    jobs=jobs.JOBS,
    inlays={"poll": live.inlays},
    inlays_own={"poll": live.own},
    notices={kind: live.draws(kind) for kind in live.NOTICES},
    mine=live.mine,
    mine_keys=("vote/",),
    starts=jobs.look_after,
    sentences={
        "poll-closed": _("The poll has ended. A vote that arrives after the end does not count."),
        "poll-again": _("The poll began again meanwhile. Open it once more and vote anew."),
        "choice-unfit": _("Choose from the answers there are."),
        "choice-many": _("Up to {most} answers can be chosen."),
        "question-long": _("A question needs 1 to {most} characters."),
        "options-few": _("Two answers are needed at least, one date to find a day."),
        "options-many": _("Up to {most} answers are possible."),
        "options-twice": _("An answer is there twice."),
        "options-rating": _("A rating has words for 1 and 5, or for all five."),
        "option-long": _("An answer needs 1 to {most} characters."),
        "option-time": _("A date or time is needed, with an end that comes after it."),
        "end-needed": _("Without names an end is needed: until then the key lies on the server."),
        "minimum-low": _("Without names at least {least} votes are needed."),
        "additions-named": _("Without names the answers are fixed: whoever adds one would be known."),
        "no-result": _("There is no result to share yet."),
        "post-asks": _("This post asks or shows something already."),
        "not-asked": _("Only who the post is for can vote."),
        "too-few-asked": _("Too few people are asked here: without names it takes at least {least}."),
    },
)

__all__ = ["Keyring", "new_key", "public_of", "room"]
