"""How a post is shown: one fragment, the same for everybody who may read it.

All languages of a post are in its fragment, and the style sheet shows the reader's. In a place whose readers may not
read it (any more), the same element comes without content and belongs to no list.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection, select

from intranet import audiences, customers, files, people
from intranet.kernel import AnyRow, Thing, inlays, render

from .access import READABLE, post_number
from .likes import reactions_of
from .models import Comment, Listed, Post, PostAuthor, PostText

UNFOLDED = 420  # characters that a list shows of a text; of a longer one it says how many minutes the rest takes
WORDS_A_MINUTE = 200
KINDS = frozenset({
    "feed.published", "feed.withdrawn", "feed.edited", "feed.pinned", "feed.lapsed", "feed.removed", "feed.hidden",
    "feed.restored", "feed.filled", "feed.changed", "feed.liked", "feed.counted",
})  # fmt: skip


def post_cards(conn: Connection, place: int, subjects: Sequence[str], lang: str) -> Mapping[str, Thing]:
    """Posts by their subjects, as the readers of this place may see them."""
    ids = [post_number(subject) for subject in subjects]
    rows = conn.execute(select(Post).where(Post.id.in_(ids))).all()
    here = (Listed.place == place, Listed.list == READABLE, Listed.post.in_(ids))
    readable = set(conn.execute(select(Listed.post).where(*here)).scalars())
    shown = [row for row in rows if row.id in readable]
    things = post_things(conn, shown, lang)
    things += [_gone(row, place, lang) for row in rows if row.id not in readable]
    return {thing.id: thing for thing in things}


def _gone(row: AnyRow, place: int, lang: str) -> Thing:
    """Removed, hidden, over, or addressed to others now: a tombstone where it was, a mere farewell where it moved."""
    moved = row.place != place
    state = "moved" if moved else "removed" if row.removed else "hidden" if row.hidden else "over"
    rev = row.rev - 1 if moved else row.rev  # see `actions.move`
    p = {"id": row.id, "place": place, "seq": row.seq, "rev": rev, "gone": state, "removed": 0, "hidden_reason": ""}
    html = render("feed/_post.html", lang, p=p)
    return Thing(f"post-{row.id}", row.seq, rev, html, {"kind": "post", "id": row.id, "gone": state})


def post_things(conn: Connection, rows: Sequence[AnyRow], lang: str) -> list[Thing]:
    """Posts rendered in the order given: one query per kind of part, whatever their number."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    about = _About(conn, rows, lang)
    drawn = {place: inlays(conn, place, [row.card for row in rows if row.place == place], lang)
             for place in sorted({row.place for row in rows if row.card})}  # fmt: skip
    tiles = (
        files.tiles_of(conn, "post", [row.id for row in rows if row.tiles]) if any(row.tiles for row in rows) else {}
    )
    texts = _texts(conn, ids)
    reactions = reactions_of(conn, [f"post-{row.id}" for row in rows])
    things = []
    for row in rows:
        versions = [_version(row, main=True), *(_version(one, main=False) for one in texts.get(row.id, ()))]
        p = {
            **about.of(row), "gone": "", "versions": versions,
            "files": files.tiles_html(tiles[row.id], lang) if row.id in tiles else "",
            "inlay": drawn.get(row.place, {}).get(row.card, ""), "reactions": reactions.get(f"post-{row.id}", []),
        }  # fmt: skip
        html = render("feed/_post.html", lang, p=p)
        data = _json(row, about, versions, [tile.as_json() for tile in tiles.get(row.id, ())])
        data |= {"reactions": p["reactions"], "answer": row.answer}
        things.append(Thing(f"post-{row.id}", row.seq, row.rev, html, data))
    return things


def _texts(conn: Connection, ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = {}
    for row in conn.execute(select(PostText).where(PostText.post.in_(ids)).order_by(PostText.post, PostText.lang)):
        found.setdefault(row.post, []).append(row)
    return found


def _version(row: AnyRow, *, main: bool) -> dict[str, Any]:
    minutes = max(1, round(len(row.plain.split()) / WORDS_A_MINUTE)) if len(row.plain) > UNFOLDED else 0
    return {
        "lang": row.lang, "title": row.title, "html": Markup(row.html), "plain": row.plain, "main": main,
        "minutes": minutes,
    }  # fmt: skip


class _About:
    """What the posts of one list refer to: people, audiences, customers, products, answers."""

    def __init__(self, conn: Connection, rows: Sequence[AnyRow], lang: str) -> None:
        ids = [row.id for row in rows]
        self.together: dict[int, list[int]] = {}
        for row in conn.execute(select(PostAuthor).where(PostAuthor.post.in_(ids)).order_by(PostAuthor.person)):
            self.together.setdefault(row.post, []).append(row.person)
        answers = {row.answer for row in rows if row.answer}
        self.answers: dict[int, AnyRow] = {}
        if answers:
            said = conn.execute(
                select(Comment).where(Comment.id.in_(answers), Comment.removed == 0, Comment.hidden == 0)
            )
            self.answers = {row.id: row for row in said}
        who = {row.author for row in rows} | {row.owner for row in rows if row.owner}
        who |= {one for some in self.together.values() for one in some} | {row.author for row in self.answers.values()}
        who |= {int(target) for row in rows for target in row.praised.split() if target.isdigit()}
        self.people = people.names(conn, who)
        praised = any("t" in row.praised for row in rows)
        self.teams = {team.id: team.name for team in people.teams(conn)} if praised else {}
        self.audiences = audiences.describe(conn, {row.place for row in rows}, lang)
        stated = {row.place for row in rows if row.state}
        self.rules = audiences.rules(conn, stated) if stated else {}
        self.customers = customers.names(conn, _some(row.customer for row in rows))
        self.products = customers.products(conn, _some(row.product for row in rows))

    def _decides(self, row: AnyRow) -> list[str]:
        """Who says what becomes of it besides the editors, see `states.may_change`: "p5" and "t12"."""
        if not row.state:
            return []
        teams = sorted({line.team for line in self.rules.get(row.place, ()) if line.team})
        return [*([f"p{row.owner}"] if row.owner else []), *(f"t{team}" for team in teams)]

    def of(self, row: AnyRow) -> dict[str, Any]:
        """What the template is told of one post."""
        columns = {name: getattr(row, name) for name in (
            "id", "place", "seq", "rev", "kind", "write", "at", "version", "lang", "urgency", "state", "reason",
            "state_at", "due", "pinned_until", "pinned_ack", "ack", "ack_until", "ack_names", "comments_closed",
            "expired", "edited", "hidden", "hidden_reason", "removed", "likes", "comments",
        )}  # fmt: skip
        answer = self.answers.get(row.answer)
        return {
            **columns, "author": self.people[row.author], "mentions": row.mentions.split(),
            "together": [self.people[one] for one in self.together.get(row.id, ()) if one in self.people],
            "owner": self.people.get(row.owner), "decides": self._decides(row),
            "audience": self.audiences.get(row.place, ""),
            "customer": self.customers.get(row.customer), "product": self.products.get(row.product),
            "praised": self._praised(row),
            "answer": {"id": answer.id, "author": self.people[answer.author], "html": Markup(answer.html)}
            if answer else None,
        }  # fmt: skip

    def _praised(self, row: AnyRow) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for target in row.praised.split():
            if target.startswith("t"):
                team = int(target[1:])
                found.append({"team": team, "name": self.teams.get(team, ""), "person": None})
            elif person := self.people.get(int(target)):
                found.append({"team": 0, "name": person.name, "person": person})
        return [one for one in found if one["name"]]


def _some(ids: Iterable[int]) -> set[int]:
    return {one for one in ids if one}


def _json(row: AnyRow, about: _About, versions: Sequence[Mapping[str, Any]], tiles: list[Any]) -> dict[str, Any]:
    of = about.of(row)
    return {
        "kind": "post", "id": row.id, "place": row.place, "of": row.kind, "author": row.author,
        "name": of["author"].name, "at": row.at, "version": row.version, "edited": bool(row.edited),
        "texts": [{"lang": one["lang"], "title": one["title"], "text": one["plain"]} for one in versions],
        "customer": row.customer, "product": row.product, "urgency": row.urgency, "state": row.state,
        "reason": row.reason, "owner": row.owner, "due": row.due, "praised": row.praised.split(),
        "mentions": row.mentions.split(), "files": tiles, "card": row.card, "likes": row.likes,
        "comments": row.comments, "ack": bool(row.ack), "hidden": bool(row.hidden), "removed": bool(row.removed),
        "write": row.write,
    }  # fmt: skip
