"""What can be done with posts: publish, address to others, pin, take back; and who may publish news."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from intranet import audiences, files, people
from intranet.kernel import Person, Refused, Tx

from . import contents, drafts, told
from .access import authors_of, held, is_editor, must_edit, own_post
from .lists import relist
from .marks import mark, outside, tell_outside
from .models import NewsWriter, Post, PostAuthor, PostEarlier, PostState, PostText
from .texts import Text
from .writes import Allow, Lapse, Move, Pin, Publish, Remove

_BLANK: dict[str, Any] = {
    "kind": "", "author": 0, "lang": "en", "title": "", "text": "", "html": "", "plain": "", "mentions": "",
    "praised": "", "teams": "", "tiles": 0, "customer": 0, "product": 0, "urgency": 0, "card": "", "asks": 0,
    "state": "", "reason": "", "state_at": 0, "owner": 0, "due": 0, "answer": 0, "pinned_until": 0, "pinned_ack": 0,
    "ack": 0, "ack_until": 0, "ack_names": 0, "comments_closed": 0, "expires": 0, "expired": 0, "edited": 0,
    "version": 1, "hidden": 0, "hidden_reason": "", "removed": 0, "likes": 0, "comments": 0, "rev": 1,
}  # fmt: skip


# -- publishing


def publish(tx: Tx, person: Person, write: Publish) -> dict[str, Any]:
    """Publish a post, or keep it until its time. Raises Refused 403, 404, 413, 422, 429."""
    texts: Sequence[Text] = tx.prepared
    columns = contents.checked(tx, person, write, texts)
    together = contents.staff(tx, write.authors)
    at = contents.moment(tx, write.at, write.at_local)
    draft = drafts.still_there(tx, person, write.draft) if write.draft and not at else None
    place = contents.chosen(tx, person, write)
    if at:
        return drafts.plan(tx, person, write, at)
    if draft is not None:
        columns["author"] = draft.author
        together = sorted({*together, *drafts.authors_of_draft(tx.conn, draft)} - {draft.author})
        files.hold_tiles(tx, person, "draft", draft.id, draft.author, write.files)
    post, seq = make(tx, place, {**columns, "write": write.id}, [one for one in together if one != columns["author"]])
    own_lang = columns["lang"]
    for text in texts[1:]:
        if not text.is_empty and text.lang != own_lang:
            tx.add(PostText, {"post": post, "lang": text.lang, **columns_of(text)})
    extra: dict[str, Any] = {}
    if draft is not None:
        files.move_tiles(tx, "draft", draft.id, place, to=("post", post))
        extra = drafts.gone(tx, draft, person)
    elif write.files:
        files.hold_tiles(tx, person, "post", post, place, write.files)
    return {"place": place, "seq": seq, "post": post, **extra}


def make(tx: Tx, place: int, columns: Mapping[str, Any], together: Sequence[int] = ()) -> tuple[int, int]:
    """A new post in an audience, which is locked: its id and the seq of its event."""
    author = int(columns["author"])
    teams = " ".join(str(team.id) for team in people.teams_of(tx.conn, author))
    seq = tx.next_seq(place)
    post = tx.make(Post, {**_BLANK, "teams": teams, "at": tx.now, **columns, "place": place, "seq": seq})
    tx.record(place, "feed.published", f"post-{post}", author, tx.now)
    for one in together:
        tx.add(PostAuthor, {"post": post, "person": one})
    relist(tx, post)
    row = tx.read(select(Post).where(Post.id == post)).one()
    tell_outside(tx, row)
    for when in {row.pinned_until, row.expires} - {0}:
        lapse_at(tx, post, when)
    told.published(tx, row)
    told.together(tx, f"post-{post}", together, author)
    return post, seq


def columns_of(text: Text) -> dict[str, str]:
    """A text as the columns of its row."""
    return {"title": text.title, "text": text.text, "html": text.html, "plain": text.plain}


# -- changing


def move(tx: Tx, person: Person, write: Move) -> dict[str, Any]:
    """Another audience: gone from the old one's log, new in the other's; likes, comments and files go with it.

    Raises Refused 403, 404, 410, 422.
    """
    row = must_edit(tx, person, write.post)
    if not write.audience and not write.lines:
        raise Refused(422, "audience-empty")  # everybody has to be meant: by their audience, or by the empty line
    place = audiences.chosen(tx, person, write.audience, write.lines)
    if place == row.place:
        return {"place": place, "seq": row.seq, "post": row.id}
    tx.record(row.place, "feed.withdrawn", f"post-{row.id}", person.id)
    seq = tx.record(place, "feed.published", f"post-{row.id}", person.id, tx.now)
    # By two: who sees both logs drops the farewell if the new place's version came first, and not the other way round.
    tx.change(update(Post).where(Post.id == row.id).values(place=place, seq=seq, rev=Post.rev + 2))
    files.move_tiles(tx, "post", row.id, place)
    relist(tx, row.id)
    now = tx.read(select(Post).where(Post.id == row.id)).one()
    tell_outside(tx, now)
    told.moved(tx, now, row.place, person.id)
    return {"place": place, "seq": seq, "post": row.id}


def pin(tx: Tx, person: Person, write: Pin) -> dict[str, Any]:
    """Keep it on top for some days or until acknowledged, or no longer. Raises Refused 403, 404, 410, 422."""
    row = own_post(tx, person, write.post)
    values = contents.pinned(tx, person, write.days, write.ack, asked=bool(row.ack))
    if values["pinned_until"]:
        lapse_at(tx, row.id, values["pinned_until"])
    seq = mark(tx, row, "feed.pinned", person.id, **values)
    relist(tx, row.id)
    return {"place": row.place, "seq": seq}


def remove(tx: Tx, person: Person, write: Remove) -> dict[str, Any]:
    """Its authors take it back. Raises Refused 403, 404, 410."""
    row = own_post(tx, person, write.post)
    if person.id not in authors_of(tx.conn, row):
        raise Refused(403, "not-yours")
    return {"place": row.place, "seq": take_back(tx, row, person.id)}


def take_back(tx: Tx, row: Any, actor: int) -> int:
    """Leave a tombstone without content. Its place is locked. The seq."""
    elsewhere = outside(tx, row)
    seq = mark(
        tx, row, "feed.removed", actor, removed=tx.now, title="", text="", html="", plain="", mentions="", praised="",
        tiles=0, card="", asks=0, pinned_until=0, pinned_ack=0, customer=0, product=0, reason="",
    )  # fmt: skip
    for model in (PostText, PostEarlier, PostState):
        tx.change(delete(model).where(model.post == row.id))
    files.drop_tiles(tx, row.place, row.id, thing="post")
    relist(tx, row.id)
    for one in elsewhere:
        tx.mine(one, f"post/{row.id}")
    return seq


def lapse(tx: Tx, _person: Person, write: Lapse) -> None:
    """What had a time has reached it; what was given another time meanwhile stays."""
    row = held(tx, write.post)
    if row is None:
        return
    values: dict[str, int] = {}
    if 0 < row.pinned_until <= tx.now:
        values["pinned_until"] = 0
    if 0 < row.expires <= tx.now and not row.expired:
        values["expired"] = tx.now
    if values:
        mark(tx, row, "feed.lapsed", 0, **values)
        relist(tx, row.id)


def lapse_at(tx: Tx, post: int, at: int) -> None:
    """Look at the post again when its time has come."""
    tx.job("feed.lapse", {"post": post}, at=at, key=f"feed.lapse/{post}/{at}")


# -- who writes news


def allow(tx: Tx, person: Person, write: Allow) -> dict[str, Any]:
    """Editors let a person or a team publish news. Raises Refused 403, 422."""
    if not is_editor(person):
        raise Refused(403, "not-allowed")
    if bool(write.person) == bool(write.team):
        raise Refused(422, "malformed", reason="person")
    target = str(contents.staff(tx, [write.person])[0]) if write.person and write.on else str(write.person)
    if write.team:
        if write.on and write.team not in {team.id for team in people.teams(tx.conn)}:
            raise Refused(422, "team-unknown")
        target = f"t{write.team}"
    tx.change(delete(NewsWriter).where(NewsWriter.target == target))
    if write.on:
        tx.add(NewsWriter, {"target": target})
    return {}
