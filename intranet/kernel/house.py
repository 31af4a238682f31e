"""The house: rooms, record and bells held together. One per process; everything that acts goes through `perform`."""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
import structlog
from sqlalchemy import Connection, literal, select, text, union_all

from . import clock, errors, html
from .allowance import Allowance
from .batch import Batch
from .config import Settings
from .db import GONE, Database, Load
from .errors import Refused
from .i18n import words
from .keys import Keys, derive, load_secret
from .outcome import Entry, Outcome
from .person import SYSTEM, Person
from .room import Answer, Card, Room, Verb, Write
from .rows import AnySelect
from .tables import Installation, Receipt
from .writer import PostgresWriter, SqliteWriter, Writer

log = structlog.get_logger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
CLOCK_EVERY = 30.0  # seconds between two looks at the database's clock
MOST_ITEMS = 5000  # of a list in a write: PostgreSQL takes 32,767 parameters and ends the batch at more
Listener = Callable[[set[int], list[tuple[str, Any]]], None]


class House:
    """`read` for looking, `perform` for changing, `listen` for hearing that a place has moved."""

    def __init__(self, settings: Settings, rooms: Sequence[Room]) -> None:
        self.settings = settings
        html.zone = settings.zone
        self.rooms = list(rooms)
        self.folder = Path(settings.data)
        self.allowance = Allowance(settings.writes_per_second)
        self.keys: Keys = derive(load_secret(settings.secret_key, self.folder))
        drawers = {word: draw for room in rooms for word, draw in room.inlays.items()}
        owners = {word: own for room in rooms for word, own in room.inlays_own.items()}
        self.db = Database(settings.database_url, self.folder, {"inlays": drawers, "inlays_own": owners})
        self.verbs: dict[str, Verb] = {verb.name: verb for room in rooms for verb in room.verbs}
        self.cards: dict[str, Card] = {kind: card for room in rooms for card in room.cards for kind in card.kinds}
        self.sentences: dict[str, str] = dict(errors.SENTENCES)
        for room in rooms:
            self.sentences.update(room.sentences)
        self.authenticate = next((room.authenticate for room in rooms if room.authenticate), None)
        self.sessions = next((room.sessions for room in rooms if room.sessions), None)
        self._writes = {verb.write for verb in self.verbs.values() if not verb.internal}
        self._canonical = msgspec.json.Encoder(order="deterministic")
        self._listeners: list[Listener] = []
        self.forms = {verb: form for room in rooms for verb, form in room.forms.items()}
        self.may_read = {word: rule for room in rooms for word, rule in room.may_read.items()}
        self.notices = {kind: draw for room in rooms for kind, draw in room.notices.items()}
        self.seen = next((room.seen for room in rooms if room.seen), None)
        self._slow = ThreadPoolExecutor(2, "slow")
        self.writer: Writer | None = None
        self.epoch = ""
        self.troubles: list[Callable[[], str]] = []  # what a part that is not the record lacks, or nothing
        self._clockwork: asyncio.Task[None] | None = None

    # -- life

    async def start(self) -> None:
        """Begin to take writes. The database is migrated already."""
        self.epoch = await self.db.read(_epoch)
        if not self.db.is_sqlite:
            await self._set_clock()
            self._clockwork = asyncio.create_task(self._keep_time())
        actors = next((room.actors for room in self.rooms if room.actors), None)
        followers = [follower for room in self.rooms for follower in room.followers]
        batch = Batch(self.keys, self.settings, self.epoch, followers, actors)
        self.writer = (SqliteWriter if self.db.is_sqlite else PostgresWriter)(self.db, batch, self._moved)
        await self.writer.start()

    async def stop(self) -> None:
        """Finish the waiting writes, then let go of the database."""
        writer, self.writer = self.writer, None  # whoever comes now is told 503
        if self._clockwork is not None:
            self._clockwork.cancel()
            await asyncio.gather(self._clockwork, return_exceptions=True)
        if writer is not None:
            await writer.stop()
        self._slow.shutdown(cancel_futures=True)
        await self.db.close()

    async def _set_clock(self) -> None:
        asked = clock.steady()
        theirs = await self.db.read_hot(_now)
        clock.follow(theirs, asked, clock.steady())

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(CLOCK_EVERY)
            try:
                await self._set_clock()
            except GONE as error:
                log.warning("the database does not say what time it is", kind=type(error).__name__)

    def listen(self, listener: Listener) -> None:
        """After each commit `listener(moved places, announcements)` is called on the event loop."""
        self._listeners.append(listener)

    def _moved(self, places: set[int], announced: list[tuple[str, Any]]) -> None:
        for listener in self._listeners:
            listener(places, announced)

    # -- reading

    async def read(self, load: Load[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`load(conn, *args)` in one snapshot."""
        return await self.db.read(load, *args, **kwargs)

    async def read_hot(self, load: Load[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `read`, on the thread of the hot path."""
        return await self.db.read_hot(load, *args, **kwargs)

    def places(self, person: int) -> AnySelect:
        """The one expression of what a person may read: rows (place, joined)."""
        parts = [room.places(person) for room in self.rooms if room.places]
        parts.append(select(literal(person).label("place"), literal(0).label("joined")))
        union = union_all(*parts).subquery()
        return select(union.c.place, union.c.joined)

    def readers(self, place: int) -> AnySelect:
        """Who may read a place that is nobody's own: rows (person, joined). `places` from the other side."""
        union = union_all(*(room.readers(place) for room in self.rooms if room.readers)).subquery()
        return select(union.c.person, union.c.joined)

    def companions(self, person: int) -> AnySelect | None:
        """The one expression of whom a guest sees: ids of people, or None when no room says."""
        parts = [room.companions(person) for room in self.rooms if room.companions]
        return union_all(*parts).subquery().select() if parts else None

    def common(self, conn: Connection, viewer: Person, other: int) -> list[Mapping[str, Any]]:
        """What the viewer shares with another person: lines (href, icon, name, size) as every room says them."""
        return [line for room in self.rooms if room.common for line in room.common(conn, viewer, other)]

    def gathered(self, conn: Connection, viewer: Person, customer: int) -> list[Mapping[str, Any]]:
        """What every room has about a customer that the viewer may read, as sections of the customer's page."""
        return [part for room in self.rooms if room.gathers for part in room.gathers(conn, viewer, customer)]

    def mine(self, conn: Connection, person: int, keys: Sequence[str]) -> dict[str, Any]:
        """The reader's own values for these keys; None where there is nothing (any more)."""
        found: dict[str, Any] = {}
        for room in self.rooms:
            asked = [key for key in keys if key.startswith(tuple(room.mine_keys))] if room.mine else []
            if asked and room.mine:
                values = room.mine(conn, person, asked)
                found.update({key: values.get(key) for key in asked})
        return found

    def sentence(self, refusal: Refused, lang: str) -> str:
        """The refusal in words of the reader's language."""
        text = words(lang).gettext(self.sentences.get(refusal.code, refusal.code))
        try:
            return text.format_map(refusal.params)
        except KeyError:
            log.error("sentence lacks a value", code=refusal.code)
            return text

    # -- changing

    def decode(self, raw: Mapping[str, Any], *, strict: bool) -> Write:
        """A write from parsed JSON (`strict`) or form fields. Raises Refused 422."""
        kind = raw.get("do")
        verb = self.verbs.get(kind) if isinstance(kind, str) else None
        if verb is None or verb.internal:
            raise Refused(422, "unknown-kind", kind=str(kind)[:40])
        try:
            write: Write = msgspec.convert(dict(raw), verb.write, strict=strict)
        except msgspec.ValidationError as error:
            raise Refused(422, "malformed", reason=str(error)) from error
        if not _is_client_id(write.id):
            raise Refused(422, "malformed", reason="id")
        if not _is_storable(write):
            raise Refused(422, "malformed", reason=f"NUL, a number beyond 64 bits, or a list beyond {MOST_ITEMS}")
        return write

    async def perform(self, person: Person, write: Write) -> Answer:
        """The one door for every change. Raises Refused; any other exception is our fault and nothing was written."""
        verb = self.verbs[str(write.__struct_config__.tag)]
        if person.id == 0 and not verb.nobody:
            raise Refused(401, "signed-out")  # before anything is read or computed for nobody
        if verb.first is not None:
            await self.perform(SYSTEM, verb.first(person, write))
        place = await self._place(person, write)
        digest = self.keys.digest(self._canonical.encode(write))
        key = self.keys.receipt(person.id, write.id)
        needed = verb.load if verb.reads is None or verb.reads(write) else None
        loaded = await self.read(needed, person, write) if needed else None
        prepared = None
        if verb.prepare is not None:
            if verb.light is not None and verb.light(write):
                prepared = verb.prepare(write, loaded)
            elif verb.slow:
                prepared = await asyncio.get_running_loop().run_in_executor(self._slow, verb.prepare, write, loaded)
            else:
                prepared = await asyncio.to_thread(verb.prepare, write, loaded)
        answered: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def settle(outcome: Outcome) -> None:
            if not answered.done():
                answered.set_result(outcome)

        if self.writer is None:
            raise errors.Unavailable(503, "database-gone")
        self.writer.put(Entry(person, write, verb, place, prepared, key, digest, settle))
        outcome = await answered
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def truncate_log(self) -> bool:
        """Leave nothing of earlier writes in the database's write-ahead log; False if it was in use and is to be
        asked again."""
        if self.writer is None:
            raise errors.Unavailable(503, "database-gone")
        return await self.writer.truncate()

    async def _place(self, person: Person, write: Write) -> int:
        if isinstance(write.place, int):
            return write.place or max(person.id, 0)
        key = self.keys.receipt(person.id, write.place)
        found = await self.read(_receipt_place, key)
        if found is None:
            raise Refused(422, "place-missing")
        return found


def job_write_id(job: int, step: str = "") -> str:
    """The client id of what a job does: the same at every run, so running twice changes nothing."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"job {job} {step}"))


def new_id() -> str:
    """A fresh client id."""
    return str(uuid.uuid4())


def _is_client_id(text: str) -> bool:
    return 8 <= len(text) <= 64 and text.isascii() and text.replace("-", "").isalnum()


def _is_storable(value: Any) -> bool:
    """What one of the engines could not hold is refused on both, and before it can harm its neighbours."""
    if isinstance(value, str):
        return "\0" not in value
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    if isinstance(value, msgspec.Struct):
        return all(_is_storable(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, Mapping):
        return all(_is_storable(key) and _is_storable(part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return len(value) <= MOST_ITEMS and all(_is_storable(part) for part in value)
    return True


def _now(conn: Connection) -> int:
    return int(conn.execute(text("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)")).scalar_one())


def _epoch(conn: Connection) -> str:
    found = conn.execute(select(Installation.value).where(Installation.key == "epoch")).scalar()
    if found is None:
        raise RuntimeError("the database is not set up: run `intranet migrate`")
    return str(found)


def _receipt_place(conn: Connection, key: bytes) -> int | None:
    found = conn.execute(select(Receipt.place).where(Receipt.key == key)).scalar()
    return int(found) if found is not None else None


__all__ = ["Concatenate", "House", "Load", "job_write_id", "new_id"]
