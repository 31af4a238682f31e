"""Changing what a post says, by several people, without one taking back what another wrote."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select

from intranet import customers, files
from intranet.kernel import AnyRow, Person, Refused, Tx

from . import contents, told
from .access import must_edit
from .actions import columns_of, lapse_at
from .contents import in_zone_text
from .lists import relist
from .marks import mark, tell_outside
from .models import PostAuthor, PostEarlier, PostText
from .texts import Text
from .writes import Edit

_NAMED = re.compile(r'data-mention="p?(t?\d+)"')


def edit(tx: Tx, person: Person, write: Edit) -> dict[str, Any]:
    """Say it better; the former text is kept for its authors and editors.

    Raises Refused 403, 404, 409 with both texts, 410, 413, 422.
    """
    row = must_edit(tx, person, write.post)
    said = _said(tx.prepared, row)
    there = {row.lang: row, **{one.lang: one for one in tx.read(select(PostText).where(PostText.post == row.id))}}
    if write.base != row.version:
        _refuse_over(write, row.version, there.get(write.lang or row.lang))
    values = _rest(tx, person, write, row)
    for lang, text in said.items():
        _keep(tx, person, row, there.get(lang), text)
        if lang == row.lang:
            _must_say(row, text, values.get("tiles", row.tiles))
            values |= columns_of(text)
        else:
            tx.change(delete(PostText).where(PostText.post == row.id, PostText.lang == lang))
            if not text.is_empty:
                tx.add(PostText, {"post": row.id, "lang": lang, **columns_of(text)})
    shown = {lang: one.html for lang, one in there.items()} | {lang: text.html for lang, text in said.items()}
    mentions = _named(shown.values())
    seq = mark(tx, row, "feed.edited", person.id, edited=tx.now, version=row.version + 1, mentions=mentions, **values)
    relist(tx, row.id)
    tell_outside(tx, row)
    told.edited(tx, row, mentions, person.id)
    return {"place": row.place, "seq": seq, "post": row.id, "version": row.version + 1}


def _said(prepared: Sequence[Text], row: AnyRow) -> dict[str, Text]:
    """The new texts by language. Raises Refused 422: the post's own language said twice, with its name and without."""
    said = {text.lang or row.lang: text for text in prepared}
    if len(said) < len(prepared):
        raise Refused(422, "malformed", reason="lang")
    return said


def _keep(tx: Tx, person: Person, row: AnyRow, there: Any, text: Text) -> None:
    """The former text, if it is another one."""
    if there is not None and (there.title, there.text) != (text.title, text.text):
        tx.add(PostEarlier, {
            "post": row.id, "version": row.version, "lang": there.lang, "title": there.title, "html": there.html,
            "editor": person.id, "until": tx.now,
        })  # fmt: skip


def _refuse_over(write: Edit, version: int, there: Any) -> None:
    """Both texts are in the problem document and on the form: nobody has to type theirs again."""
    raise Refused(
        409, "newer-version", version=version, lang=write.lang, title=there.title if there else "",
        text=there.text if there else "", your_title=write.title, your_text=write.text,
    )  # fmt: skip


def _must_say(row: AnyRow, text: Text, tiles: int) -> None:
    if row.kind == "news" and not text.title:
        raise Refused(422, "no-title")
    if text.is_empty and not tiles and not row.card:
        raise Refused(422, "empty-text")


def _named(html: Iterable[str]) -> str:
    """Whom the post names in any of its languages, as it is shown."""
    return " ".join(sorted({target for one in html for target in _NAMED.findall(one)}))


def _rest(tx: Tx, person: Person, write: Edit, row: AnyRow) -> dict[str, Any]:
    """What else the edit changes; None is left as it is."""
    values: dict[str, Any] = {}
    if write.customer is not None or write.customer_said is not None:
        values["customer"] = customers.must_exist(tx, write.customer or 0, write.customer_said or "")
    if write.product is not None or write.product_said is not None:
        values["product"] = customers.must_exist_product(tx, write.product or 0, write.product_said or "")
    if write.urgency is not None and row.kind == "feedback":
        values["urgency"] = contents.urgency(write.urgency)
    values |= _end(tx, write, row)
    if write.files is not None:
        files.hold_tiles(tx, person, "post", row.id, row.place, write.files)
        values["tiles"] = len(write.files)
    if write.authors is not None and set(write.authors) != _together(tx, row):
        _write_together(tx, person, row, write.authors)
    return values


def _end(tx: Tx, write: Edit, row: AnyRow) -> dict[str, int]:
    """When it ends by itself; that it ends, or has ended, at the time it had before may be said again."""
    if write.expires is None and write.expires_local is None:
        return {}
    if write.expires_local == in_zone_text(row.expires, tx.settings.zone) or write.expires == row.expires:
        return {}
    ends = contents.moment(tx, write.expires or 0, write.expires_local or "")
    if ends:
        lapse_at(tx, row.id, ends)
    return {"expires": ends, "expired": 0}


def _together(tx: Tx, row: AnyRow) -> set[int]:
    return set(tx.read(select(PostAuthor.person).where(PostAuthor.post == row.id)).scalars())


def _write_together(tx: Tx, person: Person, row: AnyRow, wanted: list[int]) -> None:
    """The author alone says who writes it with them. Who no longer does is told that it is gone, if it is."""
    if person.id != row.author:
        raise Refused(403, "not-yours")
    before = _together(tx, row)
    now = set(contents.staff(tx, wanted)) - {row.author}
    tx.change(delete(PostAuthor).where(PostAuthor.post == row.id))
    for one in sorted(now):
        tx.add(PostAuthor, {"post": row.id, "person": one})
    told.together(tx, f"post-{row.id}", now - before, person.id)
    for one in sorted(before - now):
        tx.mine(one, f"post/{row.id}")
