"""The sample company as a sequence of writes, in the order of time: what each person did, by the verbs all use."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from intranet.kernel import Person as Actor
from intranet.kernel.clock import DAY, MINUTE
from intranet.kernel.person import SYSTEM

from .act import Act, Acts, Ids, upload
from .asking import asked
from .media import Media
from .model import Channel, Company, Message, Person
from .posting import news_writers, posted, tidied


def acts(company: Company, media: Media, ids: Ids) -> Acts:
    """Everything. `ids` fills while the acts are carried out."""
    first = company.channels[0].at
    yield from _people(company, media, ids, first - DAY)
    yield from _teams(company, ids, first - DAY)
    yield from _customers(company, ids, first - DAY)
    for channel in company.channels:
        if channel.kind != "direct":
            yield from _channel(company, channel, ids)
    yield from news_writers(company, ids, first - DAY)
    yield from _talk(company, media, ids)
    yield from _desks(company, ids)
    yield from tidied(company, ids, company.messages[-1].at + MINUTE)


# -- the house


def _people(company: Company, media: Media, ids: Ids, at: int) -> Acts:
    for person in company.people:
        made = yield Act(SYSTEM, at, "people.make", {
            "name": person.name, "email": f"{person.key}@quellmoor.example", "role": person.role, "side": person.side,
            "title": person.title, "site": person.site, "phone": person.phone, "lang": person.lang,
            "hash": "chosen",  # a password that no input has: they are in the house, not just invited
        })  # fmt: skip
        ids.people[person.key] = _actor(person, int(made.extra["person"]))
    for key in media.portraits:
        yield Act(ids.people[key], at, "people.photo", {"photo": media.photo(key)})


def _actor(person: Person, number: int) -> Actor:
    return Actor(number, person.name, person.role, person.lang, person.side)  # type: ignore[arg-type]


def _teams(company: Company, ids: Ids, at: int) -> Acts:
    chief = _chief(company, ids)
    for team in company.teams:
        made = yield Act(chief, at, "people.team_make", {"name": team.name})
        ids.teams[team.key] = made.place
        members = [ids.people[key].id for key in team.members]
        yield Act(chief, at, "people.team_members", {"team": made.place, "add": members})


def _customers(company: Company, ids: Ids, at: int) -> Acts:
    chief = _chief(company, ids)
    for one in company.customers:
        made = yield Act(chief, at, "customers.make", {
            "number": one.number, "name": one.name, "segment": one.segment,
            "field_person": ids.people[one.field].id if one.field else 0,
            "office_person": ids.people[one.office].id if one.office else 0,
        })  # fmt: skip
        ids.customers[one.key] = int(made.extra["customer"])
    for product in company.products:
        made = yield Act(chief, at, "products.make", {"number": product.number, "name": product.name})
        ids.products[product.key] = int(made.extra["product"])


def _chief(company: Company, ids: Ids) -> Actor:
    return ids.people[next(person.key for person in company.people if person.role == "owner")]


def _channel(company: Company, channel: Channel, ids: Ids) -> Acts:
    """A team's channel is made by the administrator, who hands it over and leaves; any other by its moderator."""
    chief = _chief(company, ids)
    maker = chief if channel.team else ids.people[channel.moderators[0]]
    members = [ids.people[key].id for key in channel.members if ids.people[key].id != maker.id]
    made = yield Act(maker, channel.at, "channels.create", {
        "name": channel.name, "kind": channel.kind, "description": channel.description, "people": members,
        "team": ids.teams[channel.team] if channel.team else 0,
    })  # fmt: skip
    ids.channels[channel.key] = made.place
    for key in channel.moderators:
        if ids.people[key].id != maker.id:
            role = {"place": made.place, "person": ids.people[key].id, "role": "moderator"}
            yield Act(maker, channel.at, "channels.role", role)
    if maker.id not in {ids.people[key].id for key in channel.members}:
        yield Act(maker, channel.at, "channels.leave", {"place": made.place})


# -- six weeks of talk, posts and polls


def _talk(company: Company, media: Media, ids: Ids) -> Acts:
    """All that was said and done about it, by time. A reaction never comes before its message."""
    direct = [(channel.at, "", _direct, channel) for channel in company.channels if channel.kind == "direct"]
    posts = [(message.at, message.key, _post, message) for message in company.messages]
    after = [one for message in company.messages for one in _afterwards(message)]
    closed = [(topic.closed_at, "~", _close, topic) for topic in company.topics if topic.closed_by]
    everything: list[Any] = [*direct, *posts, *after, *closed, *posted(company), *asked(company)]
    everything.sort(key=lambda one: (one[0], one[1]))
    for at, _key, act, subject in everything:
        yield from act(at, subject, media, ids)


def _direct(at: int, channel: Channel, _media: Media, ids: Ids) -> Acts:
    first, *others = channel.members
    made = yield Act(ids.people[first], at, "channels.direct", {"people": [ids.people[one].id for one in others]})
    ids.channels[channel.key] = made.place


def _post(at: int, message: Message, media: Media, ids: Ids) -> Acts:
    by, place = ids.people[message.by], ids.channels[message.channel]
    uploads = []
    for number, file in enumerate(message.files):
        uploads.append((f"{number}", (yield from upload(at, by, file, media))))
    answer = yield Act(by, at, "chat.post", {
        "place": place, "text": message.edited_from or message.text, "topic_name": message.topic,
        "reply_to": ids.messages.get(message.reply_to, 0),
        "files": [
            media.tile(file, tile) for (tile, _id), file in zip(uploads, message.files, strict=True)
        ],
    })  # fmt: skip
    ids.messages[message.key] = ids.heads[message.channel] = answer.seq
    if message.topic:
        ids.topics[message.channel, message.topic] = int(answer.extra["topic"])
    for tile, here in uploads:
        yield Act(by, at, "files.attach", {"place": place, "message": answer.seq, "tile": tile, "upload": here})


def _afterwards(message: Message) -> Iterator[tuple[int, str, Any, Any]]:
    """What happened to a message later: reactions, one edit, being pinned, being taken back."""
    dice = random.Random(message.key)
    for emoji, people in message.reactions:
        for who in people:
            at = message.at + dice.randint(1, 90) * MINUTE // 2
            yield at, f"{message.key}+{who}", _react, (message, emoji, who)
    if message.edited_from:
        yield message.at + MINUTE, f"{message.key}+", _edit, message
    if message.pinned:
        yield message.at + 2 * MINUTE, f"{message.key}+", _pin, message
    if message.deleted:
        yield message.at + 3 * MINUTE, f"{message.key}+~", _take_back, message


def _react(at: int, subject: tuple[Message, str, str], _media: Media, ids: Ids) -> Acts:
    message, emoji, who = subject
    yield Act(ids.people[who], at, "chat.react", {**_on(message, ids), "emoji": emoji})


def _edit(at: int, message: Message, _media: Media, ids: Ids) -> Acts:
    yield Act(ids.people[message.by], at, "chat.edit", {**_on(message, ids), "text": message.text})


def _pin(at: int, message: Message, _media: Media, ids: Ids) -> Acts:
    yield Act(ids.people[message.by], at, "chat.pin", _on(message, ids))


def _take_back(at: int, message: Message, _media: Media, ids: Ids) -> Acts:
    yield Act(ids.people[message.by], at, "chat.delete", _on(message, ids))


def _close(at: int, topic: Any, _media: Media, ids: Ids) -> Acts:
    fields = {"place": ids.channels[topic.channel], "topic": ids.topics[topic.channel, topic.name]}
    yield Act(ids.people[topic.closed_by], at, "chat.topic_close", fields)


def _on(message: Message, ids: Ids) -> dict[str, Any]:
    return {"place": ids.channels[message.channel], "message": ids.messages[message.key]}


# -- what lies on each desk now


def _desks(company: Company, ids: Ids) -> Acts:
    now = company.messages[-1].at + MINUTE
    unread = {(mark.person, mark.channel, mark.topic): mark.message for mark in company.unread}
    for channel in company.channels:
        topics = ["", *(topic.name for topic in company.topics if topic.channel == channel.key)]
        for who in channel.members:
            yield from _read(now, who, channel, topics, unread, ids)
    for draft in company.drafts:
        place, topic = ids.channels[draft.channel], ids.topics.get((draft.channel, draft.topic), 0)
        fields = {"place": place, "topic": topic, "text": draft.text}
        yield Act(ids.people[draft.person], now, "chat.draft", fields)
    for later in company.later:
        fields = {"place": ids.channels[later.channel], "text": later.text, "at": later.at}
        yield Act(ids.people[later.person], now, "chat.schedule", fields)
    for invited in company.invitations:
        fields = {"name": invited.name, "email": invited.email, "role": invited.role}
        yield Act(_chief(company, ids), now, "people.invite", {**fields, "team": ids.teams.get(invited.team, 0)})
    for who, key in company.favourites:
        yield Act(ids.people[who], now, "channels.favourite", {"place": ids.channels[key], "on": True})


def _read(
    now: int, who: str, channel: Channel, topics: list[str], unread: Mapping[tuple[str, str, str], str], ids: Ids
) -> Acts:
    """Everything of a channel, or each conversation up to where its reader is."""
    place, head = ids.channels[channel.key], ids.heads[channel.key]
    if not any((who, channel.key, topic) in unread for topic in topics):
        yield Act(ids.people[who], now, "chat.read_all", {"place": place, "seq": head})
        return
    for topic in topics:
        marker = unread.get((who, channel.key, topic))
        seq = head if marker is None else ids.messages.get(marker, 0)
        number = ids.topics.get((channel.key, topic), 0)
        yield Act(ids.people[who], now, "chat.read", {"place": place, "topic": number, "seq": seq})
