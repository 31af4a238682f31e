"""A simulated phone: the client's whole duty as docs/api/socket.md says it, with an outbox that outlives its memory."""

import json
import random
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from bench.history import Got, Seen, Send, Shown, Stands, Told

from .link import Link

if TYPE_CHECKING:
    from .world import World

Cursor = tuple[str, int]


@dataclass
class Row:
    """One write in the outbox: what was sent, and what the history knows of it."""

    send: Send
    body: dict[str, Any]


@dataclass
class Kept:
    """One thing on the phone."""

    rev: int
    shown: Shown
    write: str = ""
    text: str = ""


class Phone:
    """What is under `stored` survives a restart of the phone; the rest is memory."""

    removes_early = False  # broken on purpose: the row leaves the outbox as it is sent
    two_tabs = False  # broken on purpose: both links drain the outbox

    def __init__(self, world: "World", number: int, person: int, tokens: list[str], rng: random.Random) -> None:
        self.world, self.number, self.person, self.tokens, self.rng = world, number, person, tokens, rng
        # stored
        self.waiting: list[Row] = []
        self.sent: dict[str, Row] = {}
        self.cursors: dict[int, Cursor] = {}
        self.things: dict[int, dict[str, Kept]] = {}
        self.counters: dict[int, int] = {}
        # memory
        self.links: list[Link] = []
        self.under_way: dict[str, Link] = {}
        self.asked: dict[int, float] = {}
        self.known: dict[int, Cursor] = {}  # heads that the server has told
        self.restored = False
        # of the driver
        self.seen: dict[int, Seen] = {}
        self.lose_answers = 0
        self.stepwise = False
        self.clean = True

    # -- what the person does

    def write(self, do: str, place: int, *, text: str = "", facts: Any = None, about: str = "", **fields: Any) -> Send:
        """Put a write into the outbox, and send what can be sent. `facts(send)` names what then holds."""
        self.counters[place] = number = self.counters.get(place, 0) + 1
        name = self.world.new_id()
        send = Send(name, self.number, place, number, text, monotonic(), stands=do == "chat.post", about=about)
        send.facts = facts(send) if facts else {}
        body = {"do": do, "id": name, "place": place, **({"text": text} if text else {}), **fields}
        self.waiting.append(Row(send, body))
        self.world.sends.append(send)
        self.drain()
        return send

    def post(self, place: int, text: str) -> Send:
        return self.write("chat.post", place, text=text, facts=lambda send: {f"of/{send.write}/text": text})

    def again(self, write: str) -> None:
        """As if the answer had not come: the same write once more."""
        self._tell(self.links[0], do={"write": self.sent[write].body})

    def otherwise(self, said: Send, text: str) -> Send:
        """The same client id with another text, as no sound program does: it must be refused."""
        send = Send(f"{said.write} as {text}", self.number, said.place, 0, text, monotonic(), about=said.write)
        body = {"do": "chat.post", "id": said.write, "place": said.place, "text": text}
        self.waiting.append(Row(send, body))
        self.world.sends.append(send)
        self.drain()
        return send

    # -- the connection

    @property
    def link(self) -> Link | None:
        return next((link for link in self.links if link.open), None)

    async def connect(self, token: int = 0, *, tabs: int = 1) -> None:
        """Sign in by one of the person's tokens and say hello, on as many connections."""
        person = await self.world.authenticate(self.tokens[token])
        self.links, self.under_way, self.asked = [], {}, {}
        for _ in range(2 if self.two_tabs else tabs):
            link = Link(self.world.number_of_link(), self._hears, self._lost)
            link.stepwise = self.stepwise
            link.connect(self.world.hub, person)
            self.links.append(link)
        self._tell(self.links[0], hello={"dialect": "json"})
        self.drain()

    def cut(self) -> None:
        for link in self.links:
            link.cut()

    def forget(self) -> None:
        """The phone was switched off: only what is stored is left."""
        self.cut()
        self.links, self.under_way, self.asked, self.known, self.restored = [], {}, {}, {}, False

    def _lost(self) -> None:
        self.under_way = {write: link for write, link in self.under_way.items() if link.open}
        self.asked.clear()

    def _tell(self, link: Link, **message: Any) -> None:
        ((kind, fields),) = message.items()
        link.send(json.dumps({"t": kind, **fields}, ensure_ascii=False).encode())

    # -- sending: first in, first out for each place, one under way

    def drain(self) -> None:
        """Send what is next in each place."""
        busy = {row.body["place"] for row in self.waiting if row.body["id"] in self.under_way}
        for row in list(self.waiting):
            place, write = row.body["place"], row.body["id"]
            link = self._free_link(place, busy, write)
            if link is None:
                continue
            busy.add(place)
            self.under_way[write] = link
            self._tell(link, do={"write": row.body})
            if self.removes_early:
                self.waiting.remove(row)
                self.sent[write] = row

    def _free_link(self, place: int, busy: set[int], write: str) -> Link | None:
        if write in self.under_way:
            return None
        if not self.two_tabs:
            return self.link if place not in busy else None
        taken = set(map(id, self.under_way.values()))
        return next((link for link in self.links if link.open and id(link) not in taken), None)

    def retry(self) -> None:
        """Time has passed: what was put off is tried again, and what is known to be missing is asked for."""
        if not self.clean:  # else what was asked for comes, and is not asked for twice
            self.asked.clear()
        for place, (epoch, head) in list(self.known.items()):
            own, cursor = self.cursors[place]
            if own != epoch or cursor < head:
                self._catch_up(place)
        self.drain()

    def _answer(self, message: dict[str, Any]) -> None:
        write, status = message["id"], message["status"]
        if self.lose_answers:
            self.lose_answers -= 1
            self.cut()
            return
        self.under_way.pop(write, None)
        row = next((row for row in self.waiting if row.body["id"] == write), None) or self.sent.get(write)
        if row is None or status in (429, 500, 503, 507):
            return
        if status != 200:
            row.send.refused = status
        elif row.send.acked:
            row.send.others.append(message["ok"]["seq"])
        else:
            row.send.acked, row.send.seq, row.send.epoch = monotonic(), message["ok"]["seq"], self.world.epoch
        if row in self.waiting:
            self.waiting.remove(row)
            if status == 200:
                self.sent[write] = row
        self.drain()

    # -- hearing

    def _hears(self, text: bytes) -> None:
        message = json.loads(text)
        handler = {
            "heads": self._heads, "behind": self._heads, "frame": self._frame, "mine": self._frame,
            "complete": self._complete, "more": self._complete, "reset": self._reset, "left": self._left,
            "answer": self._answer,
        }.get(message["t"])  # fmt: skip
        if handler is not None and message.get("place", self.person) in (*self.world.places, self.person):
            handler(message)

    def _of(self, place: int) -> Seen:
        return self.seen.setdefault(place, Seen(0, 0, person=self.person, things={}, clean=self.clean))

    def _heads(self, message: dict[str, Any]) -> None:
        for name, (epoch, head) in message["heads"].items():
            place = int(name)
            if place in (*self.world.places, self.person):
                self._of(place).heads.append(Told(monotonic(), self.links[0].number, epoch, head))
                self.known[place] = (epoch, head)
                self._catch_up(place)

    def _catch_up(self, place: int) -> None:
        epoch, head = self.known[place]
        if self.cursors.get(place, ("", 0))[0] != epoch:
            if place in self.cursors and not self.restored:
                self.restored = True
                self.world.restored(self)
            self.cursors[place], self.things[place] = (epoch, 0), {}
        if self.cursors[place] != (epoch, head):
            self._ask(place)

    def _ask(self, place: int) -> None:
        if place not in self.asked and self.link:
            self.asked[place] = monotonic()
            self._tell(self.link, open={"place": place, "cursor": self.cursors[place]})

    def _frame(self, message: dict[str, Any]) -> None:
        place, epoch, start, end = (message[name] for name in ("place", "epoch", "from", "to"))
        shown = message.get("things", ())
        self._note(place, epoch, start, end, shown, message.get("mine"))
        own, cursor = self.cursors.get(place, ("", 0))
        if own != epoch or end <= cursor:
            return
        if start > cursor:
            self._ask(place)
            return
        things = self.things.setdefault(place, {})
        for thing in shown:
            kept = things.get(thing["id"])
            if kept is None or thing["rev"] > kept.rev:
                data = thing["data"]
                written, text = data.get("write", ""), data.get("text", "")
                things[thing["id"]] = Kept(thing["rev"], Shown(thing["seq"], content(data)), written, text)
        for key, value in message.get("mine", {}).items():
            things[key] = Kept(end, Shown(0, value))
            if value is None:
                del things[key]
        self.cursors[place] = (epoch, end)

    def _note(self, place: int, epoch: str, start: int, end: int, shown: Any, mine: Any) -> None:
        got = Got(monotonic(), self.links[0].number, epoch, start, end)
        if shown:
            thing = shown[0]
            got = Got(
                got.at, got.connection, epoch, start, end, thing["kind"], thing["id"], thing["seq"],
                thing["data"].get("write", ""), content(thing["data"]),
            )  # fmt: skip
        self._of(place).frames.append(got)

    def _complete(self, message: dict[str, Any]) -> None:
        place = message["place"]
        asked = self.asked.pop(place, 0.0)
        if place not in self.cursors:
            return
        if message["t"] == "more":
            self._ask(place)
        else:
            epoch, cursor = self.cursors[place]
            self._of(place).completes.append(Told(monotonic(), self.links[0].number, epoch, cursor, asked))

    def _reset(self, message: dict[str, Any]) -> None:
        place = message["place"]
        self.asked.pop(place, None)
        if place in self.known:
            self.cursors[place], self.things[place] = (self.known[place][0], 0), {}
            self._catch_up(place)

    def _left(self, message: dict[str, Any]) -> None:
        place = message["place"]
        for kept in (self.cursors, self.things, self.known, self.asked):
            kept.pop(place, None)

    # -- for the checker

    def has(self) -> dict[int, Seen]:
        """What it holds in the end, with all it was told on the way."""
        for place, seen in self.seen.items():
            seen.epoch, seen.cursor = self.cursors.get(place, ("", 0))
            things = self.things.get(place, {})
            seen.things = {name: kept.shown for name, kept in things.items()}
            seen.messages = [Stands(one.shown.seq, one.write, one.text) for one in things.values() if one.write]
        return self.seen


def content(data: Any) -> str:
    """What a thing shows, comparable."""
    return json.dumps(data, sort_keys=True)
