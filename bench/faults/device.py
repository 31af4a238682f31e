"""A client of the documented protocol with a durable outbox: it comes back, catches up, and sends again."""

import asyncio
import random
from collections import defaultdict
from pathlib import Path
from time import monotonic
from typing import Any
from zlib import crc32

import msgspec

from bench.history import Got, Told

from . import words
from .http import Http
from .line import Line
from .outbox import Outbox
from .wishes import SETS_STATE, Wishes
from .words import Around, Witness

AGAIN = (0.01, 0.06)  # seconds until the next try to connect, at random
MOST_PER_SECOND = 90  # frames that one connection may send
_encode = msgspec.json.Encoder().encode


class Device:
    """Writes in `places` and follows every place it is told of, until it is stopped."""

    def __init__(
        self, number: int, person: int, token: str, path: Path, around: Around, wishes: Wishes, places: list[int],
        rng: random.Random,
    ) -> None:  # fmt: skip
        self.number, self.person, self.token, self.path = number, person, token, path
        self.around, self.wishes, self.places, self.rng = around, wishes, places, rng
        self.box = Outbox(path, number)
        self.witness: defaultdict[int, Witness] = defaultdict(Witness)
        self.by_http = number % 20 == 19  # the browser's way; the others write on the socket
        self.line: Line | None = None
        self.hush, self.idle = 20.0, 45.0  # seconds without a word after which a line counts as dead: waiting, and idle
        self.connections = 0
        self.refusals: list[str] = []  # statuses that no client may ever be told
        self.rare: dict[int, float] = {}  # of its writes the share that goes to such a place, at most
        self._written: dict[int, int] = {}
        self._asking: set[int] = set()
        self._under_way: set[str] = set()
        self._budget, self._stamp = 0.0, monotonic()
        self._restored: set[str] = set()  # epochs for which the own writes were looked up
        self._may_write = False  # from the first heads of a connection on
        self._looking_up = 0  # how many look for what a restore has lost
        self._known: list[str] = []  # acknowledged since this memory began
        self._tasks: set[asyncio.Task[None]] = set()
        self._http = Http(token)

    # -- what it wants

    def compose(self) -> None:
        """Put the next write of each place without one into the outbox."""
        if not self.around.writing:
            return
        busy = {wish.send.place for wish in self.box.waiting.values()}
        for place in self.places:
            view = self.box.views.get(place)
            enough = self._written.get(place, 0) > self.rare.get(place, 1.0) * self.wishes.count
            if place not in busy and view and not enough:
                self._written[place] = self._written.get(place, 0) + 1
                self.box.send(self.wishes.next(place, view.cursor), monotonic())

    @property
    def done(self) -> bool:
        """Nothing left to send."""
        return not self.box.waiting

    def forget_memory(self) -> None:
        """As if the phone had been switched off: only the file is left."""
        self.box.close()
        self.box = Outbox(self.path, self.number)
        self._asking, self._under_way, self._known = set(), set(), []
        if self.line is not None:
            self.line.transport.abort()

    # -- what it does

    async def run(self) -> None:
        """Until cancelled."""
        writer = asyncio.create_task(self._write_by_http() if self.by_http else self._prompt())
        try:
            while True:
                await self._visit()
                if writer.done():
                    writer.result()
                await asyncio.sleep(self.rng.uniform(*AGAIN))
        finally:
            for task in [writer, *self._tasks]:
                task.cancel()
            await asyncio.gather(writer, *self._tasks, return_exceptions=True)
            self._http.close()
            if self.line is not None:
                self.line.transport.abort()

    async def _visit(self) -> None:
        port = self.around.port(self.rng)
        line = Line(self, self.token, self.around.trouble(self.rng))
        try:
            async with asyncio.timeout(10):
                await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", port)
                if await line.opened != 101:
                    return
        except (OSError, TimeoutError):
            if hasattr(line, "transport"):
                line.transport.abort()
            return
        self.line, self._asking, self._under_way = line, set(), set()
        self.connections += 1
        line.say(b'{"t":"hello","dialect":"json"}')
        while not line.closed.done():
            await asyncio.wait([line.closed], timeout=0.5)
            awaited = self._asking or self._under_way
            if asyncio.get_running_loop().time() - line.last > (self.hush if awaited else self.idle):
                line.transport.abort()
        self.line, self._may_write = None, False

    def heard(self, payload: bytes) -> None:
        """A message of the server."""
        message, now = words.heard(payload), monotonic()
        kind, place = message.t, message.place
        if kind == "frame":
            self._frame(message, now)
        elif kind == "answer":
            self._answered(message.id, message.status, message.ok.get("place", 0), message.ok.get("seq", 0))
            self._write()
        elif kind in ("heads", "behind"):
            self._heads(message, now, known=kind == "heads")
        elif kind == "complete":
            self._asking.discard(place)
        elif kind == "more":
            self._asking.discard(place)
            self._ask(place)
        elif kind == "reset":
            self._asking.discard(place)
            if (view := self.box.views.get(place)) and view.cursor:
                self._start_over(place, view.epoch)
        elif kind == "left":
            self._asking.discard(place)
            self.box.left(place)

    def _heads(self, message: words.Heard, now: float, *, known: bool) -> None:
        if not self._may_write:  # the first of a connection are complete: of other places nothing may be kept
            for place in self.box.views.keys() - message.heads.keys():
                self.box.left(place)
        for place, (epoch, head) in message.heads.items():
            if place == self.person:
                continue
            if known:
                self.witness[place].heads.append(Told(now, self.connections, epoch, head))
            view = self.box.views.get(place)
            if view is None or view.epoch != epoch:
                self._start_over(place, epoch)
            elif head != view.cursor:
                self._ask(place)
        self._may_write = True
        self._write()

    def _start_over(self, place: int, epoch: str) -> None:
        """Another record, or a place that is new: load it from the beginning."""
        before = self.box.views.get(place)
        self.box.begin(place, epoch, 0)
        self._asking.discard(place)
        self._ask(place)
        if before is not None and epoch not in self._restored and epoch != before.epoch:
            self._restored.add(epoch)
            self._looking_up += 1  # from now on, not from when that begins
            self._tasks.add(asyncio.create_task(self._what_is_gone()))

    def _frame(self, message: words.Heard, now: float) -> None:
        place, view = message.place, self.box.views.get(message.place)
        seen = self.witness[place].frames
        things = []
        for thing in message.things:
            data = words.data_of(thing.data)
            if data.card:
                data.write = data.text = ""
            seen.append(Got(now, self.connections, message.epoch, message.start, message.end, thing.kind, thing.id,
                            thing.seq, data.write))  # fmt: skip
            things.append((thing.id, thing.rev, thing.seq, data.write, data.text, f"{crc32(thing.data):x}"))
        if not things:
            seen.append(Got(now, self.connections, message.epoch, message.start, message.end))
        if view is None or message.epoch != view.epoch or message.end <= view.cursor:
            return
        if message.start > view.cursor:
            self._ask(place)  # a gap
        else:
            self.box.frame(place, message.start, message.end, things)

    def _ask(self, place: int) -> None:
        if place not in self._asking and self.line is not None:
            view = self.box.views[place]
            self._asking.add(place)
            self.line.say(_encode({"t": "open", "place": place, "cursor": (view.epoch, view.cursor)}))

    # -- sending

    async def _prompt(self) -> None:
        """What could not be sent when it was composed is sent a little later."""
        while True:
            await asyncio.sleep(0.05)
            self._write()

    def _write(self) -> None:
        if self.by_http or self.line is None or not self._free:
            return
        self.compose()
        now = monotonic()
        self._budget = min(50.0, self._budget + (now - self._stamp) * MOST_PER_SECOND)
        self._stamp = now
        for write in self._ready():
            if self._budget < 1:
                return
            self._budget -= 1
            self._under_way.add(write)
            self.line.say(_encode({"t": "do", "write": self._body(write)}))

    @property
    def _free(self) -> bool:
        """It knows where its places stand, and which of its writes a restore has lost."""
        return self._may_write and not self._looking_up

    def _ready(self) -> list[str]:
        """The first of each place, if it is not under way; now and then something that was acknowledged already."""
        firsts: dict[int, str] = {}
        for write, wish in self.box.waiting.items():
            firsts.setdefault(wish.send.place, write)
        found = [write for write in firsts.values() if write not in self._under_way]
        if self._known and found and self.rng.random() < self.around.forgets:
            again = self.rng.choice(self._known)
            if again in self.box.sent:
                found.append(again)
        return found

    def _body(self, write: str) -> dict[str, Any]:
        wish = self.box.waiting.get(write) or self.box.sent[write]
        return wish.body

    def _answered(self, write: str, status: int, place: int, seq: int) -> None:
        self._under_way.discard(write)
        if status == 200:
            first = write in self.box.waiting
            if first or write in self.box.sent:
                view = self.box.views.get(place)
                self.box.acknowledged(write, seq, view.epoch if view else "", monotonic())
            if first:
                self.around.acknowledged()
                if self._body(write)["do"] not in SETS_STATE:
                    self._known.append(write)
        elif write in self.box.waiting and (
            status in (403, 404, 410) or (status == 422 and self._about_refused(write))
        ):
            self.box.refused(write, status)
        elif status >= 500:
            self.around.not_now(status)
        elif write in self.box.sent and self.box.sent[write].send.refused == status:
            pass  # the same refusal once more: the message with it was doubled
        elif status != 429:
            self.refusals.append(f"{status} to {self._body(write)}")
            if write in self.box.waiting:
                self.box.refused(write, status)

    def _about_refused(self, write: str) -> bool:
        """It names a message that was refused itself, and so is not there."""
        wish = self.box.waiting.get(write)
        named = self.box.sent.get(wish.send.about) if wish else None
        return named is not None and named.send.refused > 0

    async def _write_by_http(self) -> None:
        while True:
            await asyncio.sleep(0.003 if self.box.waiting else 0.03)
            if not self._free:
                continue
            self.compose()
            for write in self._ready():
                answer = await self._http.do(self.around.port(self.rng), self._body(write))
                if answer is not None:
                    status, body = answer
                    self._answered(write, status, body.get("ok", {}).get("place", 0), body.get("ok", {}).get("seq", 0))

    async def _what_is_gone(self) -> None:
        """After a restore: which of the own acknowledged writes the record no longer knows; they are sent again."""
        ids = [write for write, wish in self.box.sent.items() if wish.send.acked]
        lost: list[str] = []
        for start in range(0, len(ids), 500):
            some, answer = ids[start : start + 500], None
            while answer is None or answer[0] != 200:
                answer = await self._http.post(self.around.port(self.rng), "/receipts", {"ids": some})
                await asyncio.sleep(0.05)
            known = set(answer[1]["known"])
            lost += [write for write in some if write not in known]
        self.box.again(lost, monotonic())
        self._looking_up -= 1
