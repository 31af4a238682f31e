"""What can be reported, kind by kind: how it is read, how it is hidden, removed and restored."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import escape
from sqlalchemy import Connection, select

from intranet import chat, feed, files
from intranet.kernel import Person, Tx, not_found

_MESSAGE = re.compile(r"m-([0-9]{1,18})-([0-9]{1,18})")
_NUMBERED = re.compile(r"(post|comment)-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as its reader sees it now."""

    subject: str
    place: int
    author: int
    at: int
    title: str
    html: str

    @property
    def kind(self) -> str:
        """ "m", "post" or "comment": the first word of its element id."""
        return self.subject.partition("-")[0]


def thing_for(conn: Connection, person: Person, subject: str) -> Thing:
    """The thing if this person reads it. Raises Refused 404, 403."""
    if found := _MESSAGE.fullmatch(subject):
        place, seq = int(found[1]), int(found[2])
        row = chat.moderated.read_now(conn, person, place, seq)
        return Thing(subject, place, row.author, row.at, "", row.html or str(escape(row.plain)))
    if found := _NUMBERED.fullmatch(subject):
        number = int(found[2])
        if found[1] == "comment":
            return _comment(conn, person, number)
        row = feed.post_for(conn, person, number)
        if row.removed or row.hidden:
            raise not_found()
        return Thing(subject, row.place, row.author, row.at, row.title, row.html + _in_other_languages(conn, row.id))
    raise not_found()


def _comment(conn: Connection, person: Person, number: int) -> Thing:
    row = conn.execute(select(feed.Comment).where(feed.Comment.id == number)).first()
    if row is None or row.removed or row.hidden:
        raise not_found()
    place = feed.post_for(conn, person, row.post).place
    return Thing(f"comment-{number}", place, row.author, row.at, "", row.html)


def _in_other_languages(conn: Connection, post: int) -> str:
    rows = conn.execute(select(feed.PostText).where(feed.PostText.post == post).order_by(feed.PostText.lang))
    return "".join(f"<hr><p><strong>{escape(row.title)}</strong></p>{row.html}" for row in rows)


def tiles(conn: Connection, thing: Thing) -> list[files.Tile]:
    """Its files as they are now."""
    last = _last(thing.subject)
    if thing.kind == "m":
        return files.tiles_for(conn, thing.place, [last]).get(last, [])
    return files.tiles_of(conn, thing.kind, [last]).get(last, [])


def keep_files(tx: Tx, thing: Thing, report: int, reporter: int) -> None:
    """The report refers to the same files, whatever becomes of the thing."""
    place = thing.place if thing.kind == "m" else 0
    files.copy_tiles(tx, thing.kind, place, _last(thing.subject), to=("report", report), into=reporter)


def hide(tx: Tx, subject: str, reason: str, actor: int) -> None:
    """Out of everybody's sight but its author's. Raises Refused 404 when it is gone."""
    if subject.startswith("m-"):
        chat.moderated.hide(tx, *_pair(subject), reason, actor)
    else:
        _of_feed(subject).hide(tx, _last(subject), reason, actor)


def remove(tx: Tx, subject: str, reason: str, actor: int) -> None:
    """A tombstone for good. Raises Refused 404 when it is gone."""
    if subject.startswith("m-"):
        chat.moderated.remove(tx, *_pair(subject), actor)
    else:
        _of_feed(subject).remove(tx, _last(subject), reason, actor)


def restore(tx: Tx, subject: str, _reason: str, actor: int) -> None:
    """As it was. Raises Refused 404 when it is gone."""
    if subject.startswith("m-"):
        chat.moderated.restore(tx, *_pair(subject), actor)
    else:
        _of_feed(subject).restore(tx, _last(subject), actor)


def _of_feed(subject: str) -> Any:
    return feed.moderated if subject.startswith("post-") else feed.moderated_comments


ACTS: dict[str, Callable[[Tx, str, str, int], None]] = {"hidden": hide, "removed": remove, "restored": restore}


def href(subject: str) -> str:
    """Where the thing stands, for who may read it."""
    if subject.startswith("m-"):
        place, seq = _pair(subject)
        return f"/c/{place}?at={seq}#{subject}"
    return f"/posts/{_last(subject)}" if subject.startswith("post-") else f"/comments/{_last(subject)}"


def href_for_author(subject: str, state: str) -> str:
    """Where its author reads what became of it."""
    if subject.startswith("m-") and state == "hidden":
        place, seq = _pair(subject)
        return f"/c/{place}/m/{seq}/hidden"
    return href(subject)


def _pair(subject: str) -> tuple[int, int]:
    _, place, seq = subject.split("-")
    return int(place), int(seq)


def _last(subject: str) -> int:
    return int(subject.rsplit("-", 1)[1])
