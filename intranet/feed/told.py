"""Whom a post tells of itself: who is named, praised, made a co-author; and authors whose plan could not be kept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from intranet import notices, people
from intranet.kernel import AnyRow, Person, Tx, _, markdown, words

from .access import is_own_draft, is_readable, post_number
from .models import Post, PostDraft

NAMED, PRAISED, TOGETHER, REFUSED = "feed.named", "feed.praised", "feed.together", "feed.refused"
_TITLES = {
    NAMED: _("{name} names you in a post"),
    PRAISED: _("Praise from {name}"),
    TOGETHER: _("{name} writes a post together with you"),
}
_ICONS = {NAMED: "at-sign", PRAISED: "heart-handshake", TOGETHER: "pen-line"}
_REFUSED = _("A planned post could not be published")


def tell_about(tx: Tx, row: AnyRow, actor: int, before: Collection[str] | None = None) -> None:
    """Of a new post, or of an edit by which others are named than `before`. A named team sees it in its lists."""
    named = {int(one) for one in row.mentions.split() if one.isdigit() and one not in (before or ())}
    notices.tell(tx, named, NAMED, f"post-{row.id}", row.place, actor=actor)
    praised: set[int] = set()
    for target in row.praised.split() if before is None else ():
        praised |= {int(target)} if target.isdigit() else set(people.people_of_team(tx.conn, int(target[1:])))
    notices.tell(tx, praised - named, PRAISED, f"post-{row.id}", row.place, actor=actor)


def tell_together(tx: Tx, subject: str, who: Collection[int], actor: int) -> None:
    """Who writes a draft or a post together with its author from now on."""
    notices.tell(tx, who, TOGETHER, subject, actor=actor)


def tell_refused(tx: Tx, row: AnyRow) -> None:
    """The author of what could not be published at its time."""
    notices.tell(tx, [row.author], REFUSED, f"draft-{row.id}")


Draw = Callable[[Connection, Person, Sequence[str]], Mapping[str, Mapping[str, str]]]


def of_posts(kind: str) -> Draw:
    """The words of such notices about posts that the reader may still read, and about drafts of theirs."""

    def draw(conn: Connection, person: Person, subjects: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        ids = [post_number(one) for one in subjects if one.startswith("post-")]
        wanted = (Post.id.in_(ids), Post.removed == 0, is_readable(person.id, Post.id))
        rows = conn.execute(select(Post).where(*wanted)).all()
        keys = [post_number(one) for one in subjects if one.startswith("draft-")]
        drafts = conn.execute(
            select(PostDraft).where(PostDraft.id.in_(keys), is_own_draft(person.id, PostDraft.id))
        ).all()
        names = people.names(conn, {row.author for row in [*rows, *drafts]})
        found = {f"post-{row.id}": _line(kind, row, names, f"/posts/{row.id}", person.lang) for row in rows}
        return found | {
            f"draft-{row.id}": _line(kind, row, names, f"/feed/new?draft={row.key}", person.lang) for row in drafts
        }

    return draw


def _line(kind: str, row: Any, names: Mapping[int, people.PersonLine], href: str, lang: str) -> dict[str, str]:
    said = words(lang)
    text = row.title or markdown.excerpt(getattr(row, "plain", None) or row.text, 80)
    if kind == REFUSED:
        return {"title": said.gettext(_REFUSED), "text": text, "href": "/feed/drafts", "icon": "circle-alert"}
    title = said.gettext(_TITLES[kind]).format(name=names[row.author].name)
    return {"title": title, "text": text, "href": href, "icon": _ICONS[kind]}


WORDS = {kind: of_posts(kind) for kind in (NAMED, PRAISED, TOGETHER, REFUSED)}
