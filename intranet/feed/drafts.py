"""Posts that are being written, on all their authors' devices, and those that wait for their time."""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, select, update

from intranet import files
from intranet.kernel import AnyRow, Person, Refused, Tx, not_found

from . import told
from .access import is_own_draft
from .contents import staff
from .models import DraftAuthor, PostDraft
from .writes import KINDS, Content, Discard, Publish, Refuse, SaveDraft, Unschedule, clean_text, clean_title

MOST_DRAFTS = 200
MOST_CONTENT = 100_000  # characters of all that is no text of the first language
_APART = ("id", "place", "kind", "title", "text", "draft", "base", "settled", "at", "at_local")


# -- reading


def draft_for(conn: Connection, person: Person, key: str) -> AnyRow:
    """A draft that this person writes. Raises Refused 404."""
    row = conn.execute(select(PostDraft).where(PostDraft.key == key, is_own_draft(person.id, PostDraft.id))).first()
    if row is None:
        raise not_found()
    return row


def drafts_of(conn: Connection, person: Person) -> list[AnyRow]:
    """All drafts that this person writes, those with a time first, then the newest."""
    rows = conn.execute(select(PostDraft).where(is_own_draft(person.id, PostDraft.id)).order_by(PostDraft.id.desc()))
    return sorted(rows.all(), key=lambda row: (not row.at, row.at))


def authors_of_draft(conn: Connection, row: AnyRow) -> list[int]:
    """Its author first, then who writes it together with them."""
    together = select(DraftAuthor.person).where(DraftAuthor.draft == row.id).order_by(DraftAuthor.person)
    return [row.author, *conn.execute(together).scalars()]


def content_of(row: AnyRow) -> Content:
    """What the draft holds, as it was sent."""
    kept = msgspec.json.decode(row.content)
    return msgspec.convert(
        {"id": row.key, "kind": row.kind, "title": row.title, "text": row.text, **kept, "do": "Content"}, Content
    )


# -- writing


def still_there(tx: Tx, person: Person, key: str) -> AnyRow:
    """A draft that a device still shows. Raises Refused 410: published or thrown away meanwhile, elsewhere."""
    row = tx.read(select(PostDraft).where(PostDraft.key == key, is_own_draft(person.id, PostDraft.id))).first()
    if row is None:
        raise Refused(410, "draft-gone")
    return row


def save_draft(tx: Tx, person: Person, write: SaveDraft) -> dict[str, Any]:
    """The newest edit of one person wins, and what their other device had is kept beside it. Over a newer version of
    somebody else's nothing is saved. Raises Refused 403, 404, 409 with both texts, 413, 422."""
    if person.is_guest:
        raise Refused(403, "not-allowed")
    if write.kind not in KINDS:
        raise Refused(422, "malformed", reason="kind")
    row = _found(tx, person, write.draft)
    if row is None and write.base:
        raise Refused(410, "draft-gone")
    if row is not None and row.rev != write.base and row.editor != person.id:
        raise Refused(409, "newer-draft", rev=row.rev, title=row.title, text=row.text, by=row.editor,
                      your_title=write.title, your_text=write.text)  # fmt: skip
    values = {
        "kind": write.kind, "title": clean_title(write.title), "text": clean_text(write.text),
        "content": _rest(write), "editor": person.id, "saved": tx.now, "refused": "",
        "other": _elsewhere(row, write), "rev": row.rev + 1 if row else 1,
    }  # fmt: skip
    if row is None:
        _must_have_room(tx, person)
        author, at, draft = person.id, 0, tx.make(PostDraft, {
            **values, "key": write.draft, "author": person.id, "at": 0,
        })  # fmt: skip
    else:
        author, at, draft = row.author, row.at, row.id
        tx.change(update(PostDraft).where(PostDraft.id == draft).values(**values))
    if at:
        plan_job(tx, draft, at)
    before = _together(tx, draft)
    if author == person.id:
        _write_together(tx, person, draft, [one for one in staff(tx, write.authors) if one != author])
    files.hold_tiles(tx, person, "draft", draft, author, write.files)
    return {"draft": draft, **_changed(tx, write.draft, {author, *before, *_together(tx, draft)}, person)}


def _found(tx: Tx, person: Person, key: str) -> AnyRow | None:
    row = tx.read(select(PostDraft).where(PostDraft.key == key)).first()
    if row is None:
        if not (8 <= len(key) <= 64 and key.isascii() and key.replace("-", "").isalnum()):
            raise Refused(422, "malformed", reason="draft")
        return None
    return draft_for(tx.conn, person, key)


def _rest(write: Content) -> str:
    kept = {name: value for name, value in msgspec.to_builtins(write).items() if name not in (*_APART, "do")}
    content = msgspec.json.encode(kept).decode()
    if len(content) > MOST_CONTENT:
        raise Refused(413, "too-large", limit=f"{MOST_CONTENT // 1000} KB")
    return content


def _elsewhere(row: AnyRow | None, write: SaveDraft) -> str:
    """The text that another device of the same person had meanwhile, which is still being written."""
    if row is None:
        return ""
    differs = row.rev != write.base and row.text not in ("", write.text)
    return str(row.text if differs else "" if write.settled else row.other)


def _must_have_room(tx: Tx, person: Person) -> None:
    have = tx.read(select(func.count()).select_from(PostDraft).where(PostDraft.author == person.id)).scalar_one()
    if have >= MOST_DRAFTS:
        raise Refused(429, "too-many-drafts", limit=MOST_DRAFTS)


def _together(tx: Tx, draft: int) -> list[int]:
    return list(tx.read(select(DraftAuthor.person).where(DraftAuthor.draft == draft)).scalars())


def _write_together(tx: Tx, person: Person, draft: int, wanted: list[int]) -> None:
    there = _together(tx, draft)
    if set(there) - set(wanted):
        tx.change(delete(DraftAuthor).where(DraftAuthor.draft == draft, DraftAuthor.person.not_in(wanted)))
    for one in wanted:
        if one not in there:
            tx.add(DraftAuthor, {"draft": draft, "person": one})
    told.together(tx, f"draft-{draft}", set(wanted) - set(there), person.id)


def discard(tx: Tx, person: Person, write: Discard) -> dict[str, Any]:
    """Its author throws it away. Raises Refused 403, 404."""
    row = draft_for(tx.conn, person, write.draft)
    if row.author != person.id:
        raise Refused(403, "not-yours")
    files.drop_tiles(tx, row.author, row.id, thing="draft")
    return gone(tx, row, person)


def gone(tx: Tx, row: AnyRow, person: Person) -> dict[str, Any]:
    """The draft is a post now, or thrown away."""
    authors = authors_of_draft(tx.conn, row)
    tx.change(delete(DraftAuthor).where(DraftAuthor.draft == row.id))
    tx.change(delete(PostDraft).where(PostDraft.id == row.id))
    return _changed(tx, row.key, authors, person)


def plan(tx: Tx, person: Person, write: Publish, at: int) -> dict[str, Any]:
    """Keep it until its time: a draft like any other, with a time. It was checked as it will be then."""
    key = write.draft or write.id
    found = _found(tx, person, key)
    values = {name: getattr(write, name) for name in Content.__struct_fields__ if name not in ("id", "place")}
    save = SaveDraft(id=write.id, draft=key, base=found.rev if found else 0, **values)
    answer = save_draft(tx, person, save)
    tx.change(update(PostDraft).where(PostDraft.id == answer["draft"]).values(at=at))
    plan_job(tx, answer["draft"], at)
    return {**answer, "at": at}


def plan_job(tx: Tx, draft: int, at: int) -> None:
    """A job for this very time: one for an earlier plan finds another time in the row, and does nothing."""
    tx.job("feed.publish", {"draft": draft, "at": at}, at=at, key=f"feed.publish/{draft}/{at}")


def unschedule(tx: Tx, person: Person, write: Unschedule) -> dict[str, Any]:
    """It is a draft again. Raises Refused 404."""
    row = draft_for(tx.conn, person, write.draft)
    tx.change(update(PostDraft).where(PostDraft.id == row.id).values(at=0))
    return _changed(tx, row.key, authors_of_draft(tx.conn, row), person)


def refuse(tx: Tx, person: Person, write: Refuse) -> None:
    """It stays a draft, and says why it could not go."""
    row = tx.read(select(PostDraft).where(PostDraft.key == write.draft, PostDraft.at == write.at)).first()
    if row is not None:
        tx.change(update(PostDraft).where(PostDraft.id == row.id).values(at=0, refused=write.code))
        told.refused(tx, row)
        _changed(tx, row.key, authors_of_draft(tx.conn, row), person)


def _changed(tx: Tx, key: str, authors: Any, person: Person) -> dict[str, Any]:
    for one in sorted(set(authors)):
        tx.mine(one, f"post-draft/{key}")
    return {"mine": [f"post-draft/{key}"]} if person.id in authors else {}
