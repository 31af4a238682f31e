"""Feed: posts for an audience, with drafts, comments, acknowledgement and states."""

from intranet import files
from intranet.kernel import Answer, Card, Follower, JobKind, Room, Verb, _

from . import (
    actions,
    arriving,
    drafts,
    editing,
    later,
    live,
    mine,
    moderated,
    moderated_comments,
    pages,
    said,
    talk_room,
    texts,
    views,
)
from . import writes as w
from .access import is_own_draft, is_readable, own_post, post_for, readable
from .door import place_of, publish_card, set_card
from .lists import relist
from .marks import mark
from .models import Comment, Post, PostText
from .said import readable_among


def _to_post(answer: Answer) -> str:
    post = answer.extra.get("post")
    return f"/posts/{post}" if post else "/feed/drafts"


def _to_feed(_answer: Answer) -> str:
    return "/feed"


def _to_drafts(_answer: Answer) -> str:
    return "/feed/drafts"


room = Room(
    "feed",
    verbs=[
        Verb(
            w.Publish,
            actions.publish,
            texts.names_for,
            texts.rendered,
            texts.is_light,
            texts.may_mention,
            goto=_to_post,
        ),
        Verb(w.Edit, editing.edit, texts.names_for, texts.rendered, texts.is_light, texts.may_mention, goto=_to_post),
        Verb(w.Move, actions.move, goto=_to_post),
        Verb(w.Pin, actions.pin),
        Verb(w.Remove, actions.remove, goto=_to_feed),
        Verb(w.Lapse, actions.lapse, internal=True, receipt=False),
        Verb(w.SaveDraft, drafts.save_draft, receipt=False, goto=_to_drafts),
        Verb(w.Discard, drafts.discard, receipt=False, goto=_to_drafts),
        Verb(w.Unschedule, drafts.unschedule, receipt=False, goto=_to_drafts),
        Verb(w.Refuse, drafts.refuse, internal=True),
        Verb(w.Allow, actions.allow, receipt=False),
        *talk_room.VERBS,
    ],
    routes=[*views.ROUTES, *talk_room.ROUTES],
    cards=[Card(live.KINDS, live.post_cards), talk_room.CARD],
    followers=[Follower(files.CHANGES, arriving.follow_files)],
    jobs=[JobKind("feed.publish", later.publish_now), JobKind("feed.lapse", later.lapse_now)],
    mine=mine.mine,
    mine_keys=("post/", "post-draft/", *talk_room.MINE),
    may_read={"post": is_readable, "draft": is_own_draft},
    inlays={"post": mine.holes},
    notices=talk_room.NOTICES,
    gathers=pages.about_customer,
    forms={"feed.edit": views.edit_again, "feed.publish": views.new_again, "feed.state": views.state_again},
    sentences={
        "no-news": _("News are published by editors and by whom they allow. All other kinds are open to everybody."),
        "no-title": _("News need a headline."),
        "title-too-long": _("The headline is too long: {limit} characters at most."),
        "praise-for-whom": _("Whom is the praise for? Choose people or a team."),
        "person-unknown": _("One of these people is not here any more."),
        "pin-days": _("A post stays on top for {limit} days at most."),
        "pin-without-ack": _("Nobody is asked to acknowledge this post, so it cannot stay on top until they have."),
        "post-removed": _("This post was taken back."),
        "newer-version": _(
            "Somebody has saved a newer version meanwhile. Both are here: put them together, then save."
        ),
        "newer-draft": _("Somebody has saved this draft meanwhile. Both are here: put them together, then save."),
        "draft-gone": _("This draft was published or thrown away on another device. What was written here stays here."),
        "too-many-drafts": _("{limit} drafts are there already. Publish some or throw some away."),
        **talk_room.SENTENCES,
    },
)

__all__ = [
    "Comment", "Post", "PostText", "is_readable", "mark", "moderated", "moderated_comments", "own_post", "place_of",
    "post_for", "publish_card", "readable", "readable_among", "relist", "room", "said", "set_card",
]  # fmt: skip
