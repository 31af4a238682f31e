"""Channels: who is in, who may see and join."""

from intranet.kernel import Answer, Card, Follower, Room, Verb, _

from . import actions, live, views
from . import writes as w
from .access import companions, found, inside, may_write, places, readers, visible
from .lists import Line, in_common, members, mine_in, title_of, to_join
from .models import Channel, Member


def _to_channel(answer: Answer) -> str:
    return f"/c/{answer.place}"


def _to_settings(answer: Answer) -> str:
    return f"/c/{answer.place}/settings"


def _to_members(answer: Answer) -> str:
    return str(answer.extra.get("goto", f"/c/{answer.place}/members"))


def _to_list(_answer: Answer) -> str:
    return "/chats"


room = Room(
    "channels",
    verbs=[
        Verb(w.Create, actions.create, goto=_to_channel),
        Verb(w.Direct, actions.direct, goto=_to_channel),
        Verb(w.Change, actions.change, goto=_to_settings),
        Verb(w.Archive, actions.archive, goto=_to_settings),
        Verb(w.Unarchive, actions.unarchive, goto=_to_settings),
        Verb(w.Join, actions.join, goto=_to_channel),
        Verb(w.Leave, actions.leave, goto=_to_list),
        Verb(w.Add, actions.add, goto=_to_members),
        Verb(w.Remove, actions.remove, goto=_to_members),
        Verb(w.SetRole, actions.set_role, goto=_to_members),
        Verb(w.Favourite, actions.favourite, receipt=False),
    ],
    routes=views.ROUTES,
    cards=[Card(live.CARD_KINDS, live.cards)],
    followers=[
        Follower(live.TEAM_KINDS, live.follow_teams),
        Follower(live.STANDING_KINDS, live.follow_standing),
        Follower(frozenset({"chat.posted"}), live.follow_direct),
    ],
    places=places,
    readers=readers,
    forms={"channels.create": views.new_again, "channels.change": views.settings_again},
    companions=companions,
    common=in_common,
    mine=live.mine,
    mine_keys=("member/", "fav/"),
    sentences={
        "join-first": _("Join this channel to read and write there."),
        "archived": _("This channel is archived: it can be read, not written to."),
        "name-taken": _("There is a channel named “{name}” already."),
        "bad-name": _("A name needs 1 to {limit} characters."),
        "too-long": _("Too long: {limit} characters at most."),
        "too-many-people": _("Too many people: {limit} at most."),
        "direct-is-fixed": _("The people of a direct conversation are fixed. Start one with the larger circle."),
        "team-channel": _("This channel belongs to a team: who is in the team is in the channel."),
        "cannot-moderate": _("Guests and deactivated accounts do not moderate."),
        "last-moderator": _("Somebody has to moderate. Choose another moderator first."),
    },
)

__all__ = [
    "Channel", "Line", "Member", "companions", "found", "inside", "may_write", "members", "mine_in", "places", "room",
    "title_of", "to_join", "visible",
]  # fmt: skip
