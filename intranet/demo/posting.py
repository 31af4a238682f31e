"""The posts of the sample company as acts: published, commented, liked, acknowledged, and what became of them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from intranet.kernel.clock import DAY, HOUR, MINUTE
from intranet.kernel.person import SYSTEM

from .act import Act, Acts, Ids, upload
from .board import LATEST, readers
from .clock import moment
from .media import Media
from .model import Company, Complaint, Post, Reply, Step

Doing = tuple[int, str, Any, Any]  # when, and in which order at the same time, what, about what
KINDS = ("named", "praised", "commented", "answered", "state", "owned", "together")  # of what one is told of a post
LIKE = "👍"


def news_writers(company: Company, ids: Ids, at: int) -> Acts:
    """Who writes news without being an editor has been allowed to."""
    editor = ids.people[next(one.key for one in company.people if one.role == "editor")]
    roles = {one.key: one.role for one in company.people}
    writers = dict.fromkeys(one.by for one in company.posts if one.kind == "news" and roles[one.by] != "editor")
    for who in writers:
        yield Act(editor, at, "feed.allow", {"person": ids.people[who].id})


def posted(company: Company) -> Iterator[Doing]:
    """Everything about posts, by time."""
    end = moment(company.latest, LATEST)
    for post in company.posts:
        yield post.at, post.key, _draft if post.draft else _publish, post
        if not (post.draft or post.publish):
            dice = random.Random(post.key)
            yield from _said(post, end, dice)
            yield from _done(post, end, dice)


def _said(post: Post, end: int, dice: random.Random) -> Iterator[Doing]:
    for reply in post.replies:
        yield reply.at, f"{reply.key}", _reply, (post, reply)
        for emoji, who in _given(reply.reactions):
            yield (
                _soon(reply.at, end, dice),
                f"{reply.key}+{emoji}{who}",
                _react,
                ("comment", reply.key, emoji, who),
            )
        if reply.answers:
            yield reply.at + 5 * MINUTE, f"{reply.key}+~", _answer, (post, reply)


def _done(post: Post, end: int, dice: random.Random) -> Iterator[Doing]:
    for emoji, who in _given(post.reactions):
        yield _soon(post.at, end, dice), f"{post.key}+{emoji}{who}", _react, ("post", post.key, emoji, who)
    for who in post.acked:
        yield _soon(post.at, end, dice), f"{post.key}+{who}", _acknowledge, (post, who)
    for who in post.saved:
        yield post.at + MINUTE, f"{post.key}+ {who}", _save, (post, who)
    for step in post.steps:
        yield step.at, f"{post.key}~", _step, (post, step)
    for one in post.complaints:
        said = next((reply.at for reply in post.replies if reply.key == one.reply), post.at)
        yield min(said + 2 * HOUR, end), f"{one.reply or post.key}~!", _report, (post, one)
    if post.pin.isdigit() and post.at + int(post.pin) * DAY < end:
        yield post.at + int(post.pin) * DAY, f"{post.key}~", _lapse, post


def _given(reactions: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    for emoji, people in reactions:
        yield from ((emoji, who) for who in people)


def _soon(at: int, end: int, dice: random.Random) -> int:
    """Some time in the hours after, and not in the future."""
    return min(at + int(dice.paretovariate(1.2) * 12 * MINUTE), max(end, at + MINUTE))


# -- what people write


def _publish(at: int, post: Post, media: Media, ids: Ids) -> Acts:
    by = ids.people[post.by]
    uploads = []
    for number, file in enumerate(post.files):
        uploads.append((f"{number}", (yield from upload(at, by, file, media))))
    answer = yield Act(by, at, "feed.publish", {
        **_content(post, ids), "at": post.publish,
        "files": [media.tile(file, tile) for (tile, _id), file in zip(uploads, post.files, strict=True)],
    })  # fmt: skip
    if post.publish:
        return
    ids.posts[post.key] = int(answer.extra["post"])
    for tile, here in uploads:
        fields = {"message": ids.posts[post.key], "thing": "post", "tile": tile, "upload": here}
        yield Act(by, at, "files.attach", fields)


def _draft(at: int, post: Post, _media: Media, ids: Ids) -> Acts:
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, post.key))
    yield Act(ids.people[post.by], at, "feed.draft", {**_content(post, ids), "kind": "news", "draft": name})


def _content(post: Post, ids: Ids) -> dict[str, Any]:
    return {
        "kind": post.kind, "title": post.title, "text": post.text, "lang": post.lang,
        "versions": [{"lang": lang, "title": title, "text": text} for lang, title, text in post.versions],
        "lines": lines(post.audience, ids), "urgency": post.urgency, "ack": post.asks,
        "customer": ids.customers[post.customer] if post.customer else 0,
        "product": ids.products[post.product] if post.product else 0,
        "people": [ids.people[one].id for one in post.people], "teams": [ids.teams[one] for one in post.teams],
        "authors": [ids.people[one].id for one in post.authors],
        "pin_days": int(post.pin) if post.pin.isdigit() else 0, "pin_ack": post.pin == "ack",
    }  # fmt: skip


def lines(audience: Sequence[str], ids: Ids) -> list[dict[str, Any]]:
    """An audience as a write names it."""
    found = []
    for line in audience:
        made: dict[str, Any] = {}
        for part in line.split("+"):
            name, _, value = part.partition(":")
            made |= (
                {"team": ids.teams[value]} if name == "team" else {"site": value} if name == "site" else {"side": part}
            )
        found.append(made)
    return found


# -- what is said to it, and done with it


def _reply(at: int, subject: tuple[Post, Reply], _media: Media, ids: Ids) -> Acts:
    post, reply = subject
    fields = {"post": ids.posts[post.key], "text": reply.text, "reply_to": ids.replies.get(reply.to, 0)}
    answer = yield Act(ids.people[reply.by], at, "feed.comment", fields)
    ids.replies[reply.key] = int(answer.extra["comment"])


def _react(at: int, subject: tuple[str, str, str, str], _media: Media, ids: Ids) -> Acts:
    thing, key, emoji, who = subject
    number = ids.posts[key] if thing == "post" else ids.replies[key]
    yield Act(ids.people[who], at, "feed.react", {thing: number, "emoji": emoji})


def _answer(at: int, subject: tuple[Post, Reply], _media: Media, ids: Ids) -> Acts:
    post, reply = subject
    fields = {"post": ids.posts[post.key], "comment": ids.replies[reply.key]}
    yield Act(ids.people[post.by], at, "feed.answer", fields)


def _acknowledge(at: int, subject: tuple[Post, str], _media: Media, ids: Ids) -> Acts:
    post, who = subject
    yield Act(ids.people[who], at, "feed.acknowledge", {"post": ids.posts[post.key]})


def _save(at: int, subject: tuple[Post, str], _media: Media, ids: Ids) -> Acts:
    post, who = subject
    yield Act(ids.people[who], at, "feed.save", {"post": ids.posts[post.key]})


def _step(at: int, subject: tuple[Post, Step], _media: Media, ids: Ids) -> Acts:
    post, step = subject
    yield Act(ids.people[step.by], at, "feed.state", {
        "post": ids.posts[post.key], "state": step.state, "reason": step.reason,
        "owner": ids.people[step.owner].id if step.owner else None, "due": step.due or None,
    })  # fmt: skip


def _report(at: int, subject: tuple[Post, Complaint], _media: Media, ids: Ids) -> Acts:
    post, one = subject
    thing = f"comment-{ids.replies[one.reply]}" if one.reply else f"post-{ids.posts[post.key]}"
    made = yield Act(ids.people[one.by], at, "moderation.report", {"subject": thing, "reason": one.why})
    if one.outcome:
        fields = {"report": int(made.extra["report"]), "outcome": one.outcome, "reason": one.because}
        yield Act(ids.people[one.decided_by], at, "moderation.decide", fields)


def _lapse(at: int, post: Post, _media: Media, ids: Ids) -> Acts:
    yield Act(SYSTEM, at, "feed.lapse", {"post": ids.posts[post.key]})


# -- what still waits


def tidied(company: Company, ids: Ids, now: int) -> Acts:
    """The four personas are done with what they were told, but for what is to wait for them."""
    everybody = {person.key: person for person in company.people}
    personas = [person.key for person in company.people if person.persona]
    for post in company.posts:
        number = ids.posts.get(post.key)
        if number is None:
            continue
        inside = readers(everybody, post.audience)
        for who in personas:
            if who in post.waiting or (who not in inside and who != post.by):
                continue
            keys = [f"post-{number}/feed.{kind}" for kind in KINDS]
            keys += [f"comment-{ids.replies[reply.key]}/feed.named_there" for reply in post.replies]
            if _concerns(post, who, everybody[who].name, everybody[who].teams):
                for key in keys:
                    yield Act(ids.people[who], now, "notices.done", {"key": key})


def _concerns(post: Post, who: str, name: str, teams: Sequence[str]) -> bool:
    """Whether this person may have been told anything of it."""
    texts = (post.text, *(reply.text for reply in post.replies))
    part = {post.by, *post.authors, *post.people, *(one.by for one in post.replies), *(one.owner for one in post.steps)}
    return who in part or bool(set(teams) & set(post.teams)) or any(f"@{name}" in text for text in texts)
