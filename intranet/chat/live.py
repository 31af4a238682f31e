"""How messages and topics are shown: one fragment each, the same for everybody who may read the channel."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection, bindparam, func, select, update

from intranet import channels, files, people
from intranet.kernel import AnyRow, Logged, Person, Ready, Thing, Tx, inlays, markdown, render

from .models import Message, Reaction, Topic
from .moderated import reasons

MESSAGE_KINDS = frozenset({
    "chat.posted", "chat.edited", "chat.deleted", "chat.reacted", "chat.pinned", "chat.moved", "chat.requoted",
    "chat.hidden", "chat.restored",
    *files.CHANGES,
})  # fmt: skip
TOPIC_KINDS = frozenset({
    "chat.topic_made", "chat.topic_renamed", "chat.topic_closed", "chat.topic_reopened", "chat.topic_merged",
})  # fmt: skip
QUOTED = 120
# Built once: every frame of a message asks these.
_SEQS: Any = bindparam("seqs", expanding=True)
_MESSAGES = Ready(select(Message.__table__).where(Message.channel == bindparam("place"), Message.seq.in_(_SEQS)))
_COUNTED = Ready(
    select(Reaction.seq, Reaction.emoji, func.count().label("n"))
    .where(Reaction.channel == bindparam("place"), Reaction.seq.in_(_SEQS))
    .group_by(Reaction.seq, Reaction.emoji)
    .order_by(Reaction.seq, func.count().desc(), Reaction.emoji)
)


def number(subject: str) -> int:
    """The seq or topic at the end of an element id."""
    return int(subject.rsplit("-", 1)[1])


def message_cards(conn: Connection, place: int, subjects: Sequence[str], lang: str) -> Mapping[str, Thing]:
    """Messages by their subjects."""
    rows = _MESSAGES.all(conn, {"place": place, "seqs": [number(one) for one in subjects]})
    return {thing.id: thing for thing in message_things(conn, place, rows, lang)}


def message_things(conn: Connection, place: int, rows: Sequence[AnyRow], lang: str) -> list[Thing]:
    """Messages to be rendered in the order given: one query per kind of part, whatever their number."""
    if not rows:
        return []
    parts = _Parts(conn, place, rows, lang)
    return [
        Thing(f"m-{place}-{row.seq}", row.seq, row.rev, partial(parts.html, row), partial(parts.json, row))
        for row in rows
    ]


class _Parts:
    """What belongs to these messages beside their own rows."""

    def __init__(self, conn: Connection, place: int, rows: Sequence[AnyRow], lang: str) -> None:
        self.place, self.lang = place, lang
        self.quoted = _quoted(conn, place, rows)
        wanted = {row.author for row in rows}.union(row.author for row in self.quoted.values())
        self.authors = people.names(conn, wanted)
        self.reactions = _reactions(conn, place, [row.seq for row in rows])
        tiled = [row.seq for row in rows if row.tiles]
        self.tiles = files.tiles_for(conn, place, tiled) if tiled else {}
        self.cards = inlays(conn, place, [row.card for row in rows if row.card], lang)
        self.hole = bool(self.quoted) and _history(conn, place) == "joining"
        self.hidden = reasons(conn, place, [row.seq for row in rows if row.deleted])

    def html(self, row: AnyRow) -> str:
        """The fragment of one."""
        seq = row.seq
        return render("chat/_message.html", self.lang, m={
            "place": self.place, "seq": seq, "rev": row.rev, "topic": row.topic, "write": row.write, "at": row.at,
            "mentions": row.mentions.split(), "author": self.authors[row.author], "html": Markup(row.html),
            "edited": row.edited, "pinned": row.pinned, "deleted": row.deleted,
            "hidden": self.hidden.get(seq), "quote": self.quote(row) if row.reply_to else None,
            "reactions": self.reactions.get(seq, ()), "card": self.cards.get(row.card, ""),
            "files": files.tiles_html(self.tiles[seq], self.lang) if seq in self.tiles else "",
        })  # fmt: skip

    def json(self, row: AnyRow) -> dict[str, Any]:
        """The same for programs."""
        if row.deleted:
            return {"kind": "message", "seq": row.seq, "topic": row.topic, "deleted": True}
        return {
            "kind": "message", "seq": row.seq, "topic": row.topic, "author": row.author,
            "name": self.authors[row.author].name, "at": row.at,
            "text": row.text or (row.plain if row.card else ""), "reply_to": row.reply_to,
            "quote": self.quote(row) if row.reply_to else None,
            "mentions": row.mentions.split(), "edited": bool(row.edited), "pinned": bool(row.pinned),
            "card": row.card, "write": row.write, "reactions": self.reactions.get(row.seq, []),
            "files": [tile.as_json() for tile in self.tiles[row.seq]] if row.seq in self.tiles else [],
        }  # fmt: skip

    def quote(self, row: AnyRow) -> Any:
        """In channels whose history begins at joining, not every reader may see what is quoted: it becomes a hole."""
        source = self.quoted.get(row.reply_to)
        if source is None:
            return None
        if self.hole:
            return {"seq": source.seq, "hole": True}
        name = "" if source.deleted else self.authors[source.author].name
        return {"seq": source.seq, "hole": False, "name": name, "text": markdown.excerpt(source.plain, QUOTED) or "…"}


def _quoted(conn: Connection, place: int, rows: Sequence[AnyRow]) -> dict[int, AnyRow]:
    wanted = {row.reply_to for row in rows if row.reply_to}
    if not wanted:
        return {}
    found = conn.execute(
        select(Message.seq, Message.author, Message.plain, Message.deleted)
        .where(Message.channel == place, Message.seq.in_(wanted))
    ).all()  # fmt: skip
    return {row.seq: row for row in found}


def _history(conn: Connection, place: int) -> str:
    return str(conn.execute(select(channels.Channel.history).where(channels.Channel.id == place)).scalar())


def _reactions(conn: Connection, place: int, seqs: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Counts, not ids: who reacted is not in the fragment."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in _COUNTED.all(conn, {"place": place, "seqs": seqs}):
        found.setdefault(row.seq, []).append({"emoji": row.emoji, "n": row.n})
    return found


def topic_cards(conn: Connection, place: int, subjects: Sequence[str], lang: str) -> Mapping[str, Thing]:
    """Topics by their subjects; a merged one is in no list any more."""
    ids = [number(one) for one in subjects]
    rows = conn.execute(select(Topic).where(Topic.channel == place, Topic.id.in_(ids))).all()
    return {thing.id: thing for thing in topic_things(conn, place, rows, lang)}


def topic_things(conn: Connection, place: int, rows: Sequence[AnyRow], lang: str) -> list[Thing]:
    """Topics rendered in the order given, each with its last message's author and time.

    A thing is for those who may read its seq. A topic's is that of its last message: in a channel whose history
    begins at joining, who came later knows a topic only once something was said in it that they may read.
    """
    if not rows:
        return []
    ids = [row.id for row in rows]
    newest = (
        select(func.max(Message.seq)).where(Message.channel == place, Message.topic.in_(ids)).group_by(Message.topic)
    )
    found = conn.execute(
        select(Message.topic, Message.seq, Message.author, Message.at)
        .where(Message.channel == place, Message.seq.in_(newest))
    ).all()  # fmt: skip
    last = {row.topic: row for row in found}
    if any(row.seq < row.topic for row in found) and _history(conn, place) == "joining":
        last = {row.topic: row for row in found if row.seq >= row.topic}  # older ones were moved here
    names = people.names(conn, {row.author for row in last.values()})
    return [_topic(place, row, last.get(row.id), names, lang) for row in rows]


def _topic(place: int, row: AnyRow, last: AnyRow | None, names: Mapping[int, Any], lang: str) -> Thing:
    at, by = (last.at, names[last.author].name) if last else (row.made, "")
    html = render("chat/_topic.html", lang, t={
        "place": place, "id": row.id, "rev": row.rev, "name": row.name, "closed": row.closed,
        "merged": row.merged_into, "href": f"/c/{place}/t/{row.id}", "at": at, "by": by,
    })  # fmt: skip
    data: dict[str, Any] = {"kind": "topic", "id": row.id, "name": row.name, "closed": bool(row.closed), "at": at}
    if row.closed:
        data |= {"closed_at": row.closed, "closed_by": row.closer, "result": row.result}
    if row.merged_into:
        data = {"kind": "topic", "id": row.id, "merged_into": row.merged_into}
    return Thing(f"t-{place}-{row.id}", max(row.id, last.seq if last else 0), row.rev, html, data)


def follow_files(tx: Tx, events: Sequence[Logged]) -> None:
    """A file arrived for a message: its fragment is another one now. Who left meanwhile adds nothing. Raises 404."""
    for event in events:
        if not event.subject.startswith("m-"):
            continue  # of another room's thing
        if event.kind == "files.attached":
            # As a guest, who has no right but by membership.
            channels.inside(tx.conn, Person(event.actor, role="guest"), event.place)
        this = (Message.channel == event.place, Message.seq == number(event.subject))
        tx.change(update(Message).where(*this).values(rev=event.seq))
