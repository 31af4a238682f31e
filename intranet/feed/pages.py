"""What the pages of the feed load, one snapshot each."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection, select

from intranet import audiences, customers, people
from intranet.kernel import AnyRow, Person, _, clock, heads, inlays_own, markdown, not_found, render, words

from . import lists, talk_pages
from .access import authors_of, is_editor, is_readable, may_edit, may_write_news, post_for
from .lists import Narrowed
from .live import post_things
from .models import Acknowledged, Post, PostEarlier, Saved
from .own import own_on
from .talk import Window

PAGE = 20
MOST_PINNED = 10
MOST_GATHERED = 5
POSTS = _("Posts")
NO_POSTS = _("Nothing has been posted about this customer yet.")


def things_of(conn: Connection, ids: Sequence[int], lang: str) -> list[Markup]:
    """The fragments of these posts, in this order."""
    rows = {row.id: row for row in conn.execute(select(Post).where(Post.id.in_(ids)))}
    return [Markup(thing.html) for thing in post_things(conn, [rows[one] for one in ids if one in rows], lang)]


def feed_page(conn: Connection, person: Person, asked: Narrowed, before: int) -> dict[str, Any]:
    """The newest posts that fit, and what is pinned above them."""
    plain = asked == Narrowed() and before >= lists.NEWEST
    pinned = pinned_for(conn, person) if plain else []
    places = audience_places(conn, person)
    return {
        **part(conn, person, asked, before, pinned), "asked": asked, **_choices(conn, person, asked),
        "now": clock.now(), "narrowed": asked != Narrowed(), "earlier": before < lists.NEWEST,
        "may_news": may_write_news(conn, person), "places": places,
        "cursor": heads(conn, [person.id, *places]),
    }  # fmt: skip


def saved_page(conn: Connection, person: Person, before: int) -> dict[str, Any]:
    """What this person has put aside and may still read, the newest post first."""
    own = (Saved.person == person.id, Saved.post < before, is_readable(person.id, Saved.post))
    ids = conn.execute(select(Saved.post).where(*own).order_by(Saved.post.desc()).limit(PAGE + 1)).scalars()
    places = audience_places(conn, person)
    return {**window(conn, person, list(ids)), "cursor": heads(conn, [person.id, *places])}


def part(conn: Connection, person: Person, asked: Narrowed, before: int, pinned: Sequence[int] = ()) -> dict[str, Any]:
    """One window of the list, as fragments; `older` is where the next one begins, 0 at the end."""
    ids = lists.newest(conn, person, asked, before, PAGE + 1)
    return window(conn, person, ids, pinned)


def window(conn: Connection, person: Person, ids: Sequence[int], pinned: Sequence[int] = ()) -> dict[str, Any]:
    """These posts, of which the one beyond a page says that there are older ones; each with what was said last.

    What is pinned stands above the list, and not in it again.
    """
    listed = ids[:PAGE]
    shown = [one for one in listed if one not in pinned]
    said = talk_pages.last_said(conn, person, [*pinned, *shown])
    drawn = entries(conn, person, [*pinned, *shown], said)
    return {
        "pinned": drawn[: len(pinned)], "posts": drawn[len(pinned) :], "older": listed[-1] if len(ids) > PAGE else 0,
        "newest": listed[0] if listed else 0, "mine": mine_of(conn, person, [*pinned, *shown], said),
    }  # fmt: skip


def entries(conn: Connection, person: Person, ids: Sequence[int], said: Mapping[int, Any]) -> list[dict[str, Any]]:
    """Posts as lists show them: the fragment, and beside it the last comments."""
    things = things_of(conn, ids, person.lang)
    return [{"id": one, "thing": thing, "said": said.get(one)} for one, thing in zip(ids, things, strict=True)]


def mine_of(conn: Connection, person: Person, ids: Sequence[int], said: Mapping[int, Any]) -> dict[str, Any]:
    """The reader's own on what these posts and the comments under them show."""
    cards = conn.execute(select(Post.card).where(Post.id.in_(ids), Post.card != "")).scalars()
    comments = [comment for some in said.values() for comment in some["ids"]]
    return {**inlays_own(conn, person.id, list(cards)), **own_on(conn, person.id, ids, comments)}


def pinned_for(conn: Connection, person: Person) -> list[int]:
    """What is pinned for this reader: until its day, or until they have acknowledged it."""
    ids = lists.in_list(conn, person, lists.PINNED, lists.NEWEST, MOST_PINNED)
    done = (
        select(Acknowledged.post).where(Acknowledged.person == person.id, Acknowledged.post.in_(ids))
        .join(Post, Post.id == Acknowledged.post).where(Post.pinned_ack == 1)
    )  # fmt: skip
    acknowledged = set(conn.execute(done).scalars())
    return [one for one in ids if one not in acknowledged]


def audience_places(conn: Connection, person: Person) -> list[int]:
    """The audiences whose news this reader hears, for the page's cursor."""
    own = audiences.places(person.id).subquery()
    return list(conn.execute(select(own.c.place)).scalars())


def _choices(conn: Connection, person: Person, asked: Narrowed) -> dict[str, Any]:
    """What the filters can be set to, and the words of what they are set to; nothing of it for guests."""
    if person.is_guest:
        return {"teams": [], "customer": None, "product": None}
    customer = customers.names(conn, [asked.customer]).get(asked.customer) if asked.customer else None
    product = customers.products(conn, [asked.product]).get(asked.product) if asked.product else None
    return {"teams": people.teams(conn), "customer": customer, "product": product}


def post_page(conn: Connection, person: Person, number: int, window: Window, zone: str) -> dict[str, Any]:
    """One post as a whole, with what was said to it."""
    row = post_for(conn, person, number)
    return {
        "post": row, "thing": things_of(conn, [number], person.lang)[0],
        "title": row.title or "", "may_edit": may_edit(conn, person, row),
        "is_author": person.id in authors_of(conn, row), "mine": mine_of(conn, person, [number], {}),
        **talk_pages.post_extra(conn, person, row, window, zone),
        "may_news": may_write_news(conn, person),
        "cursor": heads(conn, [person.id, *([row.place] if _hears(conn, person, row) else [])]),
    }  # fmt: skip


def post_again(
    conn: Connection, person: Person, number: int, fields: Mapping[str, Any], sentence: str, zone: str
) -> dict[str, Any]:
    """The same with the form for its state as it was sent, and why it was refused. Raises Refused 404."""
    found = post_page(conn, person, number, Window(), zone)
    return {**found, "state_problem": sentence, "state_typed": {name: str(value) for name, value in fields.items()}}


def _hears(conn: Connection, person: Person, row: AnyRow) -> bool:
    return audiences.is_in(conn, person.id, row.place)


def card(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """The post's fragment alone, for who reads it from outside its audience. Raises Refused 404."""
    post_for(conn, person, number)
    return {"thing": things_of(conn, [number], person.lang)[0]}


def share(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """The small card of a post that was shared. Raises Refused 404."""
    row = post_for(conn, person, number)
    if row.removed:
        raise not_found()
    author = people.names(conn, [row.author])[row.author]
    return {"p": {"id": row.id, "kind": row.kind, "title": row.title, "plain": row.plain, "at": row.at,
                  "author": author, "lang": row.lang}}  # fmt: skip


def earlier_page(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """Former texts, for its authors and for editors who read the post. Raises Refused 404."""
    row = post_for(conn, person, number)
    if not (may_edit(conn, person, row) or is_editor(person)):
        raise not_found()
    rows = conn.execute(
        select(PostEarlier).where(PostEarlier.post == number).order_by(PostEarlier.version.desc(), PostEarlier.lang)
    ).all()
    names = people.names(conn, {one.editor for one in rows})
    texts = [
        {"title": one.title, "html": Markup(one.html), "lang": one.lang, "until": one.until,
         "editor": names[one.editor].name if one.editor in names else ""} for one in rows
    ]  # fmt: skip
    return {"post": row, "html": Markup(row.html), "texts": texts}


def about_customer(conn: Connection, person: Person, customer: int) -> list[dict[str, Any]]:
    """A section of the customer's page: the newest posts about it that this reader may read."""
    ids = lists.newest(conn, person, Narrowed(customer=customer), lists.NEWEST, MOST_GATHERED + 1)
    rows = {row.id: row for row in conn.execute(select(Post).where(Post.id.in_(ids[:MOST_GATHERED])))}
    names = people.names(conn, {row.author for row in rows.values()})
    lines = [_line(rows[one], names[rows[one].author]) for one in ids[:MOST_GATHERED]]
    items = Markup(render("feed/_rows.html", person.lang, posts=lines)) if lines else ""
    more = f"/feed?customer={customer}" if len(ids) > MOST_GATHERED else ""
    said = words(person.lang)
    return [{"title": said.gettext(POSTS), "items": items, "more": more, "empty": said.gettext(NO_POSTS)}]


def _line(row: AnyRow, author: people.PersonLine) -> dict[str, Any]:
    """A post in one line, as lists of other rooms show it."""
    return {"id": row.id, "kind": row.kind, "title": row.title or markdown.excerpt(row.plain, 80), "at": row.at,
            "author": author, "state": row.state, "lang": row.lang}  # fmt: skip
