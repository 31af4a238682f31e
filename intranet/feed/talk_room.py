"""The part of the room that is about what people say to posts, what they do with them and what becomes of them."""

from intranet.kernel import Answer, Card, Verb, _

from . import acks, comments, follows, likes, own, settings, states, talk, talk_views
from .notes import NOTICES


def _to_post(answer: Answer) -> str:
    return f"/posts/{answer.extra['post']}" if answer.extra.get("post") else "/feed"


def _to_comment(answer: Answer) -> str:
    comment = answer.extra.get("comment")
    return f"{_to_post(answer)}?comment={comment}#comment-{comment}" if comment else _to_post(answer)


def _to_acks(answer: Answer) -> str:
    return f"{_to_post(answer)}/acks" if answer.extra.get("post") else "/feed"


def _to_settings(_answer: Answer) -> str:
    return "/feed/settings"


_TEXT = (comments.names_for, comments.rendered, comments.is_light, comments.may_mention)
VERBS = [
    Verb(comments.Say, comments.say, *_TEXT, goto=_to_comment),
    Verb(comments.Edit, comments.edit, *_TEXT, goto=_to_comment),
    Verb(comments.Remove, comments.remove, goto=_to_comment),
    Verb(comments.Close, comments.close, goto=_to_post),
    Verb(likes.React, likes.react, hot=True),
    Verb(follows.Follow, follows.follow),
    Verb(follows.Save, follows.save),
    Verb(acks.Acknowledge, acks.acknowledge),
    Verb(acks.Remind, acks.remind, goto=_to_acks),
    Verb(states.ChangeState, states.change_state, goto=_to_post),
    Verb(states.Answer, states.answer, goto=_to_comment),
    Verb(settings.Set, settings.switch, receipt=False, goto=_to_settings),
]
ROUTES = talk_views.ROUTES
CARD = Card(talk.KINDS, talk.comment_cards)
MINE = own.KEYS
SENTENCES = {
    "comments-closed": _("Nothing more can be said to this post: its comments are closed."),
    "comment-removed": _("This comment was taken back."),
    "not-asked": _("You are not asked to acknowledge this post."),
    "nothing-asked": _("Nobody is asked to acknowledge this post now."),
    "reminded-lately": _("They were reminded less than a day ago. Try again tomorrow."),
    "reminded-enough": _("They were reminded {limit} times. Talk to them instead."),
    "no-state": _("Only feedback and ideas have a state."),
    "reason-missing": _("Say why: whoever wrote it reads the reason."),
    "name-unclear": _("Nobody here is called that, or more than one."),
    "no-question": _("Only a question has an answer."),
}

__all__ = ["CARD", "MINE", "NOTICES", "ROUTES", "SENTENCES", "VERBS"]
