"""Whom a post and what is said to it are told to, and who follows it by themselves.

One follows what one wrote, commented, takes care of or is named in, until one says otherwise; a team that is named is
told and follows nothing. Whoever cannot read the post is told nothing.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import select, union

from intranet import audiences, notices, people
from intranet.kernel import AnyRow, Tx, insert_missing

from .access import READABLE, authors_of
from .models import Following, Listed

NAMED, PRAISED, ASKED, REMINDED = "feed.named", "feed.praised", "feed.asked", "feed.reminded"
COMMENTED, NAMED_THERE, ANSWERED = "feed.commented", "feed.named_there", "feed.answered"
STATE, OWNED = "feed.state", "feed.owned"
TOGETHER, REFUSED = "feed.together", "feed.refused"
SEEN = (NAMED, PRAISED, COMMENTED, ANSWERED, STATE, TOGETHER)  # about a post, done with once one has read it


# -- who


def readers_among(tx: Tx, row: AnyRow, some: Iterable[int]) -> set[int]:
    """Those of these people who may read the post now. One query."""
    wanted = sorted(set(some) - {0})
    if not wanted:
        return set()
    here = (Listed.post == row.id, Listed.list == READABLE)
    member = audiences.AudienceMember
    public = select(Listed.post).where(*here, Listed.place == row.place).exists()
    inside = select(member.person).where(member.audience == row.place, member.person.in_(wanted), public)
    own = select(Listed.place).where(*here, Listed.place.in_(wanted))
    return set(tx.read(union(inside, own)).scalars())


def meant(tx: Tx, targets: Iterable[str]) -> set[int]:
    """The people whom "5" and "t12" mean."""
    given = set(targets)
    teams = [int(target[1:]) for target in given if target.startswith("t")]
    found = one_by_one(given)
    if teams:
        member = people.TeamMember
        found |= set(tx.read(select(member.person_id).where(member.team_id.in_(teams))).scalars())
    return found


def one_by_one(targets: Iterable[str]) -> set[int]:
    """Those who are named themselves, without teams."""
    return {int(target) for target in targets if target.isdigit()}


def followers(tx: Tx, post: int) -> set[int]:
    """Who follows the post."""
    return set(tx.read(select(Following.person).where(Following.post == post, Following.follows == 1)).scalars())


def follow(tx: Tx, post: int, some: Iterable[int]) -> None:
    """They follow the post from now on, unless they have said that they do not want to."""
    wanted = sorted(set(some) - {0})
    known = tx.read(select(Following.person).where(Following.post == post, Following.person.in_(wanted)))
    new = [one for one in wanted if one not in set(known.scalars())] if wanted else []
    if new:
        tx.change(insert_missing(tx.conn, Following), [{"person": one, "post": post, "follows": 1} for one in new])
    for one in new:
        tx.mine(one, f"follow/post-{post}")


# -- a post


def published(tx: Tx, row: AnyRow) -> None:
    """Whom it names, whom it praises, and of whom it asks to acknowledge it."""
    authors = authors_of(tx.conn, row)
    follow(tx, row.id, authors)
    _addressed(tx, row, set(row.mentions.split()), set(row.praised.split()), row.author, apart=set())
    if row.ack:
        _ask(tx, row, set(audiences.members(tx.conn, row.place)) - authors)


def edited(tx: Tx, row: AnyRow, mentions: str, actor: int) -> None:
    """Whom it names now and did not name before; `row` is as it was."""
    _addressed(tx, row, set(mentions.split()) - set(row.mentions.split()), set(), actor, apart=set())


def moved(tx: Tx, row: AnyRow, earlier: int, actor: int) -> None:
    """Those of the new audience whom it concerns and who were not in the earlier one."""
    before = set(audiences.members(tx.conn, earlier))
    _addressed(tx, row, set(row.mentions.split()), set(row.praised.split()), actor, apart=before)
    if row.ack:
        _ask(tx, row, set(audiences.members(tx.conn, row.place)) - before - authors_of(tx.conn, row))


def _addressed(
    tx: Tx, row: AnyRow, mentions: Collection[str], praised: Collection[str], actor: int, *, apart: set[int]
) -> None:
    lauded = meant(tx, praised)
    named = meant(tx, mentions) - lauded
    readers = readers_among(tx, row, (lauded | named) - apart - {actor})
    follow(tx, row.id, one_by_one({*mentions, *praised}) & readers)
    _tell(tx, row, PRAISED, lauded & readers, f"post-{row.id}", actor)
    _tell(tx, row, NAMED, named & readers, f"post-{row.id}", actor)


def _ask(tx: Tx, row: AnyRow, some: Collection[int]) -> None:
    notices.tell(tx, some, ASKED, f"post-{row.id}", row.place, key=ack_key(row.id), actor=row.author)


def key_of(kind: str, subject: str) -> str:
    """The key of a notice that was told without one of its own."""
    return f"{subject}/{kind}"


def ack_key(post: int) -> str:
    """The one notice about acknowledging a post, be it the first or a reminder."""
    return f"post-{post}/ack"


def remind(tx: Tx, row: AnyRow, some: Collection[int], actor: int) -> None:
    """The same notice again, in other words."""
    notices.tell(tx, some, REMINDED, f"post-{row.id}", row.place, key=ack_key(row.id), actor=actor)


def together(tx: Tx, subject: str, some: Collection[int], actor: int) -> None:
    """Who writes a draft or a post together with its author from now on."""
    if some:
        notices.tell(tx, some, TOGETHER, subject, actor=actor)


def refused(tx: Tx, row: AnyRow) -> None:
    """The author of what could not be published at its time."""
    notices.tell(tx, [row.author], REFUSED, f"draft-{row.id}")


# -- what is said to it


def commented(tx: Tx, row: AnyRow, comment: int, mentions: Collection[str], actor: int) -> None:
    """Whom the comment names is told that; all others who follow the post are told that something was said."""
    named = mentioned(tx, row, comment, mentions, actor)
    some = readers_among(tx, row, followers(tx, row.id) - named - {actor})
    _tell(tx, row, COMMENTED, some, f"post-{row.id}", actor)


def mentioned(tx: Tx, row: AnyRow, comment: int, mentions: Collection[str], actor: int) -> set[int]:
    """Whom a comment names and who may read it: told, and from now on they follow."""
    named = readers_among(tx, row, meant(tx, mentions) - {actor})
    follow(tx, row.id, one_by_one(mentions) & named)
    _tell(tx, row, NAMED_THERE, named, f"comment-{comment}", actor)
    return named


def answered(tx: Tx, row: AnyRow, author: int, actor: int) -> None:
    """Whose comment is the answer, who asked, and who follows the question."""
    some = {author} | authors_of(tx.conn, row) | followers(tx, row.id)
    _tell(tx, row, ANSWERED, readers_among(tx, row, some - {actor}), f"post-{row.id}", actor)


# -- what becomes of it


def state_changed(tx: Tx, row: AnyRow, owner: int, actor: int) -> None:
    """Authors and followers hear what became of it; who takes care of it from now on hears that."""
    fresh = {owner} if owner and owner != row.owner else set()
    follow(tx, row.id, fresh)
    some = readers_among(tx, row, (authors_of(tx.conn, row) | followers(tx, row.id)) - fresh - {actor})
    _tell(tx, row, STATE, some, f"post-{row.id}", actor)
    _tell(tx, row, OWNED, fresh, f"post-{row.id}", actor)


def _tell(tx: Tx, row: AnyRow, kind: str, some: Collection[int], subject: str, actor: int) -> None:
    if some:
        notices.tell(tx, some, kind, subject, row.place, actor=actor)
