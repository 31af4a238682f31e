"""Chat: messages, topics, reactions, drafts, read state."""

from intranet import files
from intranet.kernel import Answer, Card, Follower, JobKind, Room, Verb, _

from . import actions, drafts, later, live, moderated, topics, unread, views
from . import writes as w
from .actions import say
from .last import LastWords, has_spoken, last_words, said_at, stands, topic_names
from .later import planned
from .pages import shell
from .texts import Text, all_said, texts, texts_in
from .unread import Fresh, fresh, mine


def _to_message(answer: Answer) -> str:
    return f"/c/{answer.place}?at={answer.seq}#m-{answer.place}-{answer.seq}"


def _to_topic(answer: Answer) -> str:
    topic = answer.extra.get("topic")
    return f"/c/{answer.place}/t/{topic}" if topic else f"/c/{answer.place}"


def _to_later(_answer: Answer) -> str:
    return "/later"


def _to_channel(answer: Answer) -> str:
    return f"/c/{answer.place}"


room = Room(
    "chat",
    verbs=[
        Verb(
            w.Post,
            actions.post,
            actions.names_for,
            actions.rendered,
            actions.is_light,
            actions.may_mention,
            hot=True,
            goto=_to_message,
        ),
        Verb(
            w.Edit,
            actions.edit,
            actions.names_for,
            actions.rendered,
            actions.is_light,
            actions.may_mention,
            goto=_to_message,
        ),
        Verb(w.Delete, actions.take_back, goto=_to_channel),
        Verb(w.React, actions.react, hot=True, goto=_to_message),
        Verb(w.Pin, actions.pin, goto=_to_message),
        Verb(w.Read, actions.read, hot=True, receipt=False),
        Verb(w.ReadAll, actions.read_all, receipt=False),
        Verb(w.SaveDraft, drafts.save_draft, receipt=False),
        Verb(w.Schedule, later.schedule, goto=_to_later),
        Verb(w.Reschedule, later.reschedule, goto=_to_later),
        Verb(w.Unschedule, later.unschedule, receipt=False, goto=_to_later),
        Verb(
            w.Due,
            later.due,
            actions.names_for,
            actions.rendered,
            actions.is_light,
            actions.may_mention,
            internal=True,
        ),
        Verb(w.Unsent, later.unsent, internal=True),
        Verb(w.TopicRename, topics.rename, goto=_to_topic),
        Verb(w.TopicMove, topics.move, goto=_to_topic),
        Verb(w.TopicMerge, topics.merge, goto=_to_topic),
        Verb(w.TopicClose, topics.close, goto=_to_topic),
    ],
    routes=views.ROUTES,
    cards=[Card(live.MESSAGE_KINDS, live.message_cards), Card(live.TOPIC_KINDS, live.topic_cards)],
    followers=[
        Follower(files.CHANGES, live.follow_files),
        Follower(frozenset({"channels.left"}), unread.follow_left),
    ],
    jobs=[JobKind("chat.send", later.send_now)],
    mine=mine,
    mine_keys=("read/", "react/", "draft/", "sched/"),
    shell=shell,
    may_read={"hidden": moderated.is_own},
    sentences={
        "empty-text": _("There is nothing to send yet."),
        "text-too-long": _("Too long: {limit} characters at most. It is kept here; split it in two."),
        "not-yours": _("Only its author can do that."),
        "too-many-emoji": _("Up to {limit} different reactions fit on a message."),
        "too-many-messages": _("Up to {limit} messages can be moved at once."),
        "topic-taken": _("There is a topic named “{name}” already."),
        "not-ahead": _("That time has passed. Choose one from now on."),
        "too-many-scheduled": _("{limit} messages wait already."),
    },
)

__all__ = [
    "Fresh", "LastWords", "Text", "all_said", "fresh", "has_spoken", "last_words", "moderated", "planned", "room",
    "said_at", "say", "shell", "stands", "texts", "texts_in", "topic_names",
]  # fmt: skip
