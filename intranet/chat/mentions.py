"""Who can be named in a channel. A mention only reaches who may read it."""

from sqlalchemy import Connection, select

from intranet import channels, people
from intranet.kernel import LANGUAGES, _, words

ALL = _("all")


def names_in(conn: Connection, channel: int) -> people.Names:
    """Whom one can name in this channel."""
    of = {f"p:{line.id}": line.name for line, _role in channels.members(conn, channel) if line.active}
    here = select(people.TeamMember.team_id).join(
        channels.Member, channels.Member.person == people.TeamMember.person_id
    )
    present = set(conn.execute(here.where(channels.Member.channel == channel).distinct()).scalars())
    of |= {f"t:{team.id}": team.name for team in people.teams(conn) if team.id in present}
    taken = {name.casefold() for name in of.values()}
    everybody = {word: "all" for word in _words_for_all() if word.casefold() not in taken}
    return people.Names(of, people.only_once(of) | everybody, _words_for_all(), ALL)


def _words_for_all() -> frozenset[str]:
    return frozenset(words(lang).gettext(ALL) for lang in LANGUAGES)
