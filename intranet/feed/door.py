"""What upper rooms do with posts in the same transaction: publish one that shows theirs, change what it shows."""

from collections.abc import Sequence
from typing import Any

from intranet import audiences
from intranet.kernel import AnyRow, Person, Refused, Tx, not_found

from .access import held
from .actions import make
from .lists import relist
from .marks import mark
from .texts import render
from .writes import Version


def publish_card(
    tx: Tx, person: Person, place: int, title: str, text: str, card: str, *, kind: str = "poll", write: str = "",
    asks: bool = True, lines: Sequence[audiences.Line | str] = (),
) -> int:  # fmt: skip
    """A post that shows `card` ("poll-9", or "" until `set_card`), for the audience `place`, or `lines`, or everyone.

    Its id. `asks`: everybody in the audience is asked for something, until `set_card` says otherwise. `write`: the
    client id of the write that makes it. Raises Refused 403, 404, 413, 422.
    """
    if person.is_guest:
        raise Refused(403, "not-allowed")
    place = audiences.chosen(tx, person, place, list(lines))
    said = render(Version(person.lang, title, text))
    columns = {
        "kind": kind, "author": person.id, "write": write or f"{kind}-{place}-{tx.next_seq(place)}",
        "lang": person.lang, "title": said.title, "text": said.text, "html": said.html, "plain": said.plain,
        "mentions": " ".join(sorted(said.mentions - {"all"})), "card": card, "asks": int(asks),
    }  # fmt: skip
    return make(tx, place, columns)[0]


def set_card(tx: Tx, person: Person, post: int, card: str, *, asks: bool | None = None) -> int:
    """What the post shows, and whether it asks something still. The seq of the change in its place."""
    row = _there(tx, post)
    values: dict[str, Any] = {"card": card} | ({} if asks is None else {"asks": int(asks)})
    seq = mark(tx, row, "feed.changed", person.id, **values)
    relist(tx, post)
    return seq


def place_of(tx: Tx, post: int) -> int:
    """The audience a post is for now, locked. Raises Refused 404."""
    return int(_there(tx, post).place)


def _there(tx: Tx, post: int) -> AnyRow:
    row = held(tx, post)
    if row is None:
        raise not_found()
    return row
