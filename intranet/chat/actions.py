"""What can be done with messages: post, edit, delete, react, pin, read; drafts and later sending."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from intranet import channels, files, people
from intranet.channels import may_write
from intranet.kernel import (
    AnyRow,
    Person,
    Refused,
    Subject,
    Tx,
    Write,
    clean_emoji,
    insert_missing,
    markdown,
    not_found,
    upsert,
)

from .access import own_seq, topic_in, writable
from .mentions import names_in
from .models import Earlier, Marker, Mention, Message, Reaction
from .tombstones import REV, message_id, requote, wipe
from .topics import named, reopened
from .unread import markers
from .writes import LONGEST, Delete, Edit, Pin, Post, React, Read, ReadAll, clean_text

MOST_KINDS = 20  # different emoji on one message
_UNREACT = delete(Reaction).where(
    Reaction.channel == bindparam("c"), Reaction.seq == bindparam("s"), Reaction.emoji == bindparam("e"),
    Reaction.person == bindparam("p"),
)  # fmt: skip
_MARK_BACK = (
    update(Marker).where(
        Marker.person == bindparam("p"), Marker.channel == bindparam("c"), Marker.topic == bindparam("t"),
        Marker.seq == bindparam("old"),
    ).values(seq=bindparam("new"))
)  # fmt: skip


# -- before the queue


def may_mention(write: Post | Edit) -> bool:
    """Whether there is an @ to resolve."""
    return "@" in write.text


def names_for(conn: Connection, _person: Person, write: Post | Edit) -> people.Names | None:
    """Whom one can name here. Only read when somebody may be mentioned."""
    return names_in(conn, write.place) if isinstance(write.place, int) else None


def rendered(write: Post | Edit, names: people.Names | None) -> tuple[str, markdown.Rendered]:
    """The text with its mentions resolved, and as it is shown. Raises Refused 422."""
    text = write.text[: LONGEST + 1]
    try:
        text = names.resolve(text) if names else text
        return text, markdown.render(text.strip("\n").rstrip())
    except markdown.UnreadableError as error:
        raise Refused(422, "malformed", reason="text") from error


def is_light(write: Post | Edit) -> bool:
    """Short texts are rendered at once; code and tables go to a worker thread."""
    return len(write.text) < 1000 and "```" not in write.text and "|" not in write.text


# -- verbs


def post(tx: Tx, person: Person, write: Post) -> dict[str, Any]:
    """Say something. Raises Refused 404, 403, 413, 422."""
    channel = may_write(tx, person, tx.place)
    source, shown = tx.prepared
    text = clean_text(source, empty=bool(write.files or write.card))
    reply_to, inherited = _reply(tx, person, write, channel)
    topic = _topic(tx, person, write, channel, inherited)
    seq = _add(
        tx, person, topic=topic, text=text, html=shown.html, plain=shown.plain, write=write.id, reply_to=reply_to,
        mentions=" ".join(sorted(shown.mentions)), tiles=len(write.files), card=write.card,
    )  # fmt: skip
    _mention(tx, seq, shown.mentions)
    if write.files:
        files.expect_tiles(tx, tx.place, seq, person.id, write.files)
    return {"seq": seq, "topic": topic}


def say(tx: Tx, person: Person, write: Write, text: str, card: str, topic: Subject = 0) -> tuple[int, int]:
    """For upper rooms: a message in the write's own place that shows their card, which says `text` itself. Its seq and
    topic. Raises Refused 404, 403, 422."""
    channel = may_write(tx, person, tx.place)
    chosen = _chosen(tx, person, topic, channel, 0)
    return _add(tx, person, topic=chosen, plain=text, write=write.id, card=card), chosen


def edit(tx: Tx, person: Person, write: Edit) -> None:
    """Say it better: one's own only; the earlier text is kept for author and moderators. 404, 403, 413, 422."""
    row = writable(tx, person, write.message)
    if row.author != person.id:
        raise Refused(403, "not-yours")
    source, shown = tx.prepared
    text = clean_text(source, empty=row.tiles > 0 or row.card != "")
    seq = tx.record(tx.place, "chat.edited", message_id(tx.place, row.seq), person.id)
    tx.add(Earlier, {"channel": tx.place, "seq": row.seq, "rev": row.rev, "html": row.html, "until": tx.now})
    tx.change(_this(tx, row.seq).values(
        text=text, html=shown.html, plain=shown.plain, mentions=" ".join(sorted(shown.mentions)), edited=tx.now, rev=seq
    ))  # fmt: skip
    tx.change(delete(Mention).where(Mention.channel == tx.place, Mention.seq == row.seq))
    _mention(tx, row.seq, shown.mentions)
    requote(tx, tx.place, row.seq)


def take_back(tx: Tx, person: Person, write: Delete) -> None:
    """Leave a tombstone without content: the author, or a moderator. Raises Refused 404, 403."""
    row = writable(tx, person, write.message)
    role = may_write(tx, person, tx.place).role
    if row.author != person.id and role != "moderator":
        raise Refused(403, "not-yours")
    wipe(tx, tx.place, row.seq, person.id)


def react(tx: Tx, person: Person, write: React) -> dict[str, Any]:
    """An emoji, or no longer. Raises Refused 404, 403, 422."""
    emoji = clean_emoji(write.emoji)
    row = writable(tx, person, write.message)
    given = tx.once(("reactions", tx.place, row.seq), lambda: _given(tx, row.seq))
    if write.on and (emoji, person.id) not in given:
        kinds = {each for each, _person in given}
        if emoji not in kinds and len(kinds) >= MOST_KINDS:
            raise Refused(422, "too-many-emoji", limit=MOST_KINDS)
        tx.add(Reaction, {"channel": tx.place, "seq": row.seq, "emoji": emoji, "person": person.id})
        given.add((emoji, person.id))
    elif not write.on:
        tx.change_later(_UNREACT, {"c": tx.place, "s": row.seq, "e": emoji, "p": person.id})
        tx.flush()  # a neighbour may give the same again, and rows are added before they are taken away
        given.discard((emoji, person.id))
    seq = tx.record(tx.place, "chat.reacted", message_id(tx.place, row.seq), person.id)
    tx.change_later(REV, {"c": tx.place, "s": row.seq, "r": seq})
    key = f"react/{message_id(tx.place, row.seq)}"
    tx.mine(person.id, key)
    return {"mine": [key]}


def pin(tx: Tx, person: Person, write: Pin) -> None:
    """Keep it at hand for all. Raises Refused 404, 403."""
    row = writable(tx, person, write.message)
    if person.is_guest:
        raise Refused(403, "not-allowed")
    seq = tx.record(tx.place, "chat.pinned", message_id(tx.place, row.seq), person.id)
    tx.change(_this(tx, row.seq).values(pinned=tx.now if write.on else 0, rev=seq))


def read(tx: Tx, person: Person, write: Read) -> dict[str, Any]:
    """Move one's marker: the highest wins, unless it says which one it replaces. Raises Refused 404, 403, 422."""
    channel = tx.once(("inside", person.id, tx.place), lambda: channels.inside(tx.conn, person, tx.place))
    topic = write.topic
    if topic:
        topic = int(tx.once(("topic", person.id, tx.place, topic), lambda: topic_in(tx.conn, channel, topic)).id)
    row = {"person": person.id, "channel": tx.place, "topic": topic}
    if write.replaces is None:
        seq = min(max(write.seq, channel.seen), tx.head(tx.place))
        tx.change_later(upsert(tx.conn, Marker, highest="seq"), row | {"seq": seq})
    else:
        seq = min(max(write.seq, 0), tx.head(tx.place))
        tx.flush()  # neighbours' markers count as they came, not grouped by statement
        tx.change_later(insert_missing(tx.conn, Marker), row | {"seq": max(write.replaces, 0)})
        tx.change_later(_MARK_BACK, {
            "p": person.id, "c": tx.place, "t": topic, "old": max(write.replaces, 0), "new": seq,
        })  # fmt: skip
        tx.flush()
    key = f"read/{tx.place}/{topic}"
    tx.mine(person.id, key)
    return {"mine": [key]}


def read_all(tx: Tx, person: Person, write: ReadAll) -> dict[str, Any]:
    """All conversations of the channel. Raises Refused 404, 403."""
    marks = markers(tx.conn, person.id, channels.inside(tx.conn, person, tx.place))
    newest = tx.read(
        select(Message.topic, func.max(Message.seq).label("seq"))
        .where(Message.channel == tx.place, Message.seq <= min(write.seq, tx.head(tx.place))).group_by(Message.topic)
    ).all()  # fmt: skip
    keys = []
    for row in newest:
        if row.seq > marks.get(row.topic, marks[-1]):
            marker = {"person": person.id, "channel": tx.place, "topic": row.topic, "seq": row.seq}
            tx.upsert(Marker, marker, highest="seq")
            keys.append(f"read/{tx.place}/{row.topic}")
            tx.mine(person.id, keys[-1])
    return {"mine": keys}


# -- parts


def _given(tx: Tx, seq: int) -> set[tuple[str, int]]:
    here = (Reaction.channel == tx.place, Reaction.seq == seq)
    return {(row.emoji, row.person) for row in tx.read(select(Reaction.emoji, Reaction.person).where(*here))}


def _add(tx: Tx, person: Person, **said: Any) -> int:
    seq = tx.record(tx.place, "chat.posted", message_id(tx.place, tx.next_seq(tx.place)), person.id, tx.now)
    nothing = {
        "text": "",
        "html": "",
        "reply_to": 0,
        "mentions": "",
        "tiles": 0,
        "edited": 0,
        "deleted": 0,
        "pinned": 0,
    }
    tx.add(Message, {**nothing, "channel": tx.place, "seq": seq, "author": person.id, "at": tx.now, "rev": seq, **said})
    return seq


def _this(tx: Tx, seq: int) -> Any:
    return update(Message).where(Message.channel == tx.place, Message.seq == seq)


def _mention(tx: Tx, seq: int, targets: Iterable[str]) -> None:
    for target in sorted(targets):
        tx.add(Mention, {"channel": tx.place, "seq": seq, "target": target})


def _reply(tx: Tx, person: Person, write: Post, channel: AnyRow) -> tuple[int, int]:
    """The seq replied to and its topic; zeros for none."""
    if not write.reply_to:
        return 0, 0
    row = _said(tx, own_seq(tx, person, write.reply_to))
    if row is None or row.deleted or row.seq < channel.since:
        raise not_found()
    return row.seq, row.topic


def _said(tx: Tx, seq: int) -> AnyRow | None:
    """A message of the write's channel; one that a neighbour of this run still holds back is sent first."""
    which = select(Message.seq, Message.topic, Message.deleted).where(Message.channel == tx.place, Message.seq == seq)
    row = tx.read(which).first()
    if row is None:
        tx.send_held()
        row = tx.read(which).first()
    return row


def _topic(tx: Tx, person: Person, write: Post, channel: AnyRow, inherited: int) -> int:
    if write.topic_name:
        return named(tx, person, write.topic_name)
    return _chosen(tx, person, write.topic, channel, inherited)


def _chosen(tx: Tx, person: Person, ref: Subject, channel: AnyRow, inherited: int) -> int:
    topic = inherited
    if ref and isinstance(ref, int):
        topic = ref
    elif ref:
        said = _said(tx, own_seq(tx, person, ref))
        if said is None:
            raise not_found()
        topic = said.topic
    if not topic:
        return 0
    row = tx.once(("topic", person.id, tx.place, topic), lambda: topic_in(tx.conn, channel, topic))
    return reopened(tx, person, row)
