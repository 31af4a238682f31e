"""What an actor does to learn something: every address as page and as JSON, every verb about what is not theirs."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, get_type_hints

import msgspec
from starlette.applications import Starlette
from starlette.routing import Match, Route

from intranet.kernel import Verb, new_id
from tests.app import addresses, expectations, moderation, polls_planted, posts, posts_planted, turns
from tests.app.company import ACTORS, Told
from tests.app.secrets import Planted, found_in, unpacked
from tests.app.table import parse

JSON = {"content-type": "application/json", "accept": "application/json"}
MORE = (  # shows more than the matrix asks for, of every kind of channel
    "/c/{K}/m/{K_edited}/earlier", "/c/{K}/m/{K_gone}/earlier", "/c/{K}/m/{K_gone}/source", "/c/{K}?at=1",
    "/c/{K}?at={K_gone}", "/c/{K}/messages?after=0&topic={K_topic}", "/card/quote/{K}/{K_gone}",
    "/files/{K_file}/original/x.txt", "/catchup?place={K}&epoch={epoch}&after=0&dialect=json",
    "/catchup?place={K}&epoch={epoch}&after=0&lang=nl", "/polls/{K_poll}/result.ics",
)  # fmt: skip


@dataclass
class Received:
    """What one actor got: the leaks with where they were, and the words that were seen."""

    leaks: list[str] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)
    hits: set[tuple[str, str]] = field(default_factory=set)  # routes that answered, by path and method
    json: set[str] = field(default_factory=set)  # routes that answered with JSON, as a description names them

    def take(self, planted: Planted, actor: str, where: str, data: bytes) -> None:
        """Search these bytes."""
        self.seen |= found_in(data)
        self.leaks += [f"{actor} at {where}: {word}" for word in planted.leaks(actor, data)]


# Most of the turned differ from those who are visited whole in the private channel and the team's audience alone.
BRIEFLY = ("removed", "left", "unteamed", "demoted", "dismissed", "silenced")
LEFT_OUT = re.compile(
    r"\{(public|direct|joining)|^/(customers|products|words|static|offline|reset|invitation|polls/new)"
)


def asked(planted: Planted) -> list[tuple[str, str]]:
    """Method and pattern of everything that is visited: each row of the matrix, and some that show more."""
    rows = [tuple(row.name.split(":", 1)) for row in parse(expectations.ROUTES)]
    kinds = [kind for kind in ("private", "public", "direct", "joining") if kind in planted.names]
    more = [address.replace("{K", "{" + kind) for kind in kinds for address in MORE]
    more += [f"/catchup?place={{{actor}}}&epoch={{epoch}}&after=0" for actor in ACTORS if actor != "none"]
    more += [*posts.ADDRESSES, *posts_planted.ADDRESSES, *moderation.ADDRESSES, *polls_planted.ADDRESSES]
    more += [
        f"/files/{{private_photo}}/{variant}/x.webp" for variant in ("original", "preview", "thumb", "play", "raw")
    ]
    more += [*(turns.ADDRESSES if "post_late" in planted.names else ()), "/admin/people?at=invited"]
    more += ["/admin/people?state=invited", *(f"/p/{{{actor}}}" for actor in ACTORS if actor != "none")]
    return list(dict.fromkeys([*((method, path) for method, path in rows), *(("GET", path) for path in more)]))


async def everything(planted: Planted, actor: str, only: Iterable[str] = ()) -> Received:
    """All bytes of all answers with their headers: as JSON, and where that is refused as a page too."""
    received, refused = Received(), set()
    visits = [("GET", path) for path in only] or asked(planted)
    if actor in BRIEFLY and not only:
        visits = [(method, path) for method, path in visits if not LEFT_OUT.search(path)]
    names = planted.names | planted.instead.get(actor, {})
    for method, pattern in visits:
        path = pattern.format(**names)
        told = await _ask(
            planted, actor, received, method, path, "application/json" if method == "GET" else "text/html"
        )
        route = hit(planted.company.app, method, path)
        received.hits |= route
        if told.status == 200 and b"content-type: application/json" in told.heads:
            received.json |= {re.sub(r":\w+}", "}", address) for address, _ in route}
        kind = (frozenset(route), told.status)
        if (
            method == "GET" and told.status >= 300 and kind not in refused
        ):  # what such a page says is of the refusal alone
            refused.add(kind)
            await _ask(planted, actor, received, method, path, "text/html")
    return received


async def _ask(planted: Planted, actor: str, received: Received, method: str, path: str, accept: str) -> Told:
    content, heads = addresses.BODIES.get(path, (b"", {}))
    told = await planted.company.asked(actor, method, path, content, accept=accept, **heads)
    if told.status >= 500:
        received.leaks.append(f"{actor} at {method} {path}: {told.status}")
    received.take(planted, actor, f"{method} {path}", told.heads + unpacked(told.content))
    return told


# What is drawn anew for each page: client ids, and the code of a vote without a name.
FRESH = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


async def unchanged(
    planted: Planted, actor: str, doing: Callable[[], Awaitable[None]], *paths: str, accept: str = "text/html"
) -> list[str]:
    """Where these pages differ once something was done that is not this actor's to know: numbers tell too."""

    async def shown() -> list[tuple[int, bytes]]:
        told = [await planted.company.asked(actor, "GET", path, accept=accept) for path in paths]
        return [(one.status, FRESH.sub(b"", one.content)) for one in told]

    before = await shown()
    await doing()
    return [path for path, was, now in zip(paths, before, await shown(), strict=True) if was != now]


# -- routes


def hit(app: Starlette, method: str, path: str) -> set[tuple[str, str]]:
    """The route that takes this request, with its methods (GET takes HEAD along)."""
    scope = {"type": "http", "method": method, "path": path.partition("?")[0], "root_path": "", "headers": []}
    for route in app.routes:
        if route.matches(scope)[0] == Match.FULL:
            path = str(getattr(route, "path", ""))
            return {(path, method)} | ({(path, "HEAD")} if _heads(route, method) else set())
    return set()


def _heads(route: Any, method: str) -> bool:
    return method == "GET" and isinstance(route, Route) and "HEAD" in (route.methods or ())


def all_routes(app: Starlette) -> set[tuple[str, str]]:
    """Every path with every method; sockets are tested by themselves."""
    found = set()
    for route in app.routes:
        if isinstance(route, Route):
            found |= {(route.path, method) for method in route.methods or ()}
        elif type(route).__name__ != "WebSocketRoute":
            found.add((route.path, "GET"))  # type: ignore[attr-defined]
    return found - {("/do", "POST")}


# -- verbs

LAST = ("people.sign_out", "people.revoke_session", "people.change_password", "people.deactivate")
FIELDS: dict[str, Callable[[dict[str, Any], str], Any]] = {
    "at": lambda names, kind: names["at"],
    "base": lambda names, kind: 1,
    "comment": lambda names, kind: names["comment"],
    "customer": lambda names, kind: names["customer"],
    "draft": lambda names, kind: names["draft"],
    "email": lambda names, kind: "niemand@quellmoor.example",
    "emoji": lambda names, kind: "🦜",
    "into": lambda names, kind: names[f"{kind}_topic"],
    "invitation": lambda names, kind: names["invitation"],
    "key": lambda names, kind: f"post-{names['post']}/state",
    "message": lambda names, kind: names[f"{kind}_seq"],
    "messages": lambda names, kind: [names[f"{kind}_seq"], names[f"{kind}_gone"]],
    "name": lambda names, kind: f"Name {new_id()[:8]}",
    "new": lambda names, kind: "Ein neues Passwort 8",
    "number": lambda names, kind: new_id()[:8],
    "old": lambda names, kind: "falsch, aber lang genug",
    "on": lambda names, kind: True,
    "option": lambda names, kind: f"Antwort {new_id()[:8]}",
    "outcome": lambda names, kind: "kept",
    "password": lambda names, kind: "falsch, aber lang genug",
    "people": lambda names, kind: [names["member"]],
    "person": lambda names, kind: names["member"],
    "poll": lambda names, kind: names[f"{kind}_poll"],
    "post": lambda names, kind: names["post"],
    "product": lambda names, kind: names["product"],
    "question": lambda names, kind: "Wohin?",
    "reason": lambda names, kind: "Darum",
    "report": lambda names, kind: names["report"],
    "role": lambda names, kind: "moderator",
    "scheduled": lambda names, kind: names["scheduled"],
    "seq": lambda names, kind: names[f"{kind}_seq"],
    "sha256": lambda names, kind: "0" * 64,
    "size": lambda names, kind: 3,
    "state": lambda names, kind: "planned",
    "subject": lambda names, kind: f"m-{names[kind]}-{names[f'{kind}_seq']}",
    "team": lambda names, kind: names["team"],
    "text": lambda names, kind: "Text",
    "tile": lambda names, kind: new_id(),
    "token": lambda names, kind: "0" * 64,
    "topic": lambda names, kind: names[f"{kind}_topic"],
    "upload": lambda names, kind: names["upload"],
}
# What a write may name besides, each of which could be a way around.
AROUND: tuple[tuple[str, dict[str, str]], ...] = (
    ("chat.post", {"text": "hier", "card": "post-{post}"}), ("chat.post", {"text": "hier", "card": "poll-{K_poll}"}),
    ("chat.post", {"place": "{K}", "text": "hier", "reply_to": "{K_seq}"}), ("feed.react", {"post": "{post}"}),
    ("feed.react", {"comment": "{comment}"}), ("feed.answer", {"post": "{post}", "comment": "{comment}"}),
    ("feed.publish", {"kind": "idea", "title": "Dahin", "audience": "{circle}"}),
    ("polls.open", {"question": "Wohin?", "post": "{post}"}),
    ("polls.share", {"poll": "{post_poll}"}), ("moderation.report", {"subject": "post-{post}", "reason": "Darum"}),
    ("moderation.report", {"subject": "comment-{comment}", "reason": "Darum"}),
    ("moderation.report", {"subject": "m-{K}-{K_seq}", "reason": "Darum"}),
    ("files.attach", {"thing": "post", "message": "{post}", "tile": "x" * 12, "upload": "{upload}"}),
    ("files.drop", {"thing": "draft", "message": "1", "tile": "x" * 12}),
)  # fmt: skip


def fields_of(verb: Verb, names: dict[str, Any], kind: str) -> dict[str, Any]:
    """What this verb must be given, about things in a channel of this kind. Raises KeyError for an unknown field."""
    hints = get_type_hints(verb.write)
    needed = [one.name for one in msgspec.structs.fields(verb.write) if one.required and one.name != "id"]
    filled = {name: FIELDS[name](names, kind) for name in needed}
    if hints.get("key") is not str and "key" in filled:
        filled["key"] = "ack_names"
    about_place = verb.name.startswith(("channels.", "chat.", "files.", "polls."))
    return {"place": names[kind], **filled} if about_place else filled


async def verbs(planted: Planted, actor: str, kinds: Iterable[str] = ("private", "direct")) -> Received:
    """The answers to every verb from outside, about things of others."""
    received, house = Received(), planted.company.house
    names = planted.names | planted.instead.get(actor, {}) | {"at": 2_000_000_000_000}
    outside = [verb for verb in house.verbs.values() if not verb.internal]
    outside.sort(key=lambda verb: (verb.name in LAST, verb.name))
    for kind in kinds:
        tried = [
            (verb.name, fields_of(verb, names, kind)) for verb in outside if kind == "private" or verb.name not in LAST
        ]
        for name, fields in [*_around(names, kind), *tried]:
            sent = json.dumps({"do": name, "id": new_id(), **fields}).encode()
            told = await planted.company.asked(actor, "POST", "/do", sent, **JSON)
            if told.status >= 500:
                received.leaks.append(f"{actor} does {name}: {told.status}")
            content = told.content
            if name == "people.make_token" and told.status == 200:  # one's own, told once
                content = content.replace(json.loads(content)["ok"]["token"].encode(), b"")
            received.take(planted, actor, f"{name} in {kind}", told.heads + content)
    return received


def _around(names: dict[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, fields in AROUND:
        filled = {key: text.replace("{K", "{" + kind).format(**names) for key, text in fields.items()}
        yield name, {key: int(text) if text.isdigit() else text for key, text in filled.items()}
