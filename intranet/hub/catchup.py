"""From a cursor to frames: the same reading for live and for catching up, with another start.

Everything here runs inside one read snapshot, on the thread of the hot path, and knows no connection.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select

from intranet.kernel import AnyRow, Card, Event, House, Place, Ready, Register, Thing, number

from . import frames
from .frames import Cursor
from .ring import Entry, Key

MOST_EVENTS = 300  # of one place in one page
MOST_BYTES = 512 * 1024  # of finished frames in one page
MOVES = ("member/", "profile", "session")  # own keys after which a person's places, role or sessions may be others
# Built once: building a statement takes longer than running it.
_STANDS = Ready(select(Place.epoch, Place.head, Place.floor).where(Place.id == bindparam("place")))
_EVENTS = Ready(
    select(Event.seq, Event.kind, Event.subject)
    .where(Event.place == bindparam("place"), Event.seq > bindparam("after"))
    .order_by(Event.seq).limit(bindparam("most"))
)  # fmt: skip
_KEYS = Ready(
    select(Register.seq, Register.key).where(Register.place == bindparam("place"), Register.seq > bindparam("after"))
    .order_by(Register.seq).limit(bindparam("most"))
)  # fmt: skip
Standing = Mapping[int, int]  # a person's places, each with the seq they joined at


@dataclass(slots=True)
class Page:
    """What came after `start` in a place. `reset`: the cursor is not of this log; the reader loads the place anew."""

    place: int
    epoch: str
    start: int
    end: int
    complete: bool = True
    reset: bool = False
    entries: list[Entry] = field(default_factory=list)
    dialects: frozenset[str] = frozenset()
    people: set[int] = field(default_factory=set)  # whose places, role or sessions may be others now
    made: set[int] = field(default_factory=set)  # places that are new: some who read here read there too


def html(lang: str) -> str:
    """The name of the html dialect in a language."""
    return f"html:{lang}"


def standing(conn: Connection, house: House, person: int) -> dict[int, int]:
    """The places this person may read now, without their own."""
    return {row.place: row.joined for row in conn.execute(house.places(person)) if row.place != person}


def frames_after(
    conn: Connection, house: House, place: int, cursor: Cursor, dialects: Collection[str], limit: int = MOST_EVENTS
) -> Page:
    """What came after the cursor: each changed thing once, as it is now, at its last event."""
    epoch, after = cursor
    page = _page(conn, place, epoch, after)
    if page.reset or after == page.end:
        return page
    rows = _EVENTS.all(conn, {"place": place, "after": after, "most": limit})
    page.dialects = frozenset(dialects)
    page.people = {person for row in rows if (person := _named(row, "p-", (".joined", ".left")))}
    page.made = {made for row in rows if (made := _named(row, "a-", (".made",)))}
    cards = [house.cards.get(row.kind) for row in rows]
    keys: list[Key | None] = [(id(card), row.subject) if card else None for card, row in zip(cards, rows, strict=True)]
    last = {key: row.seq for key, row in zip(keys, rows, strict=True) if key}
    shown = _Drawing(conn, place, dialects, {id(card): card for card in cards if card}, list(last))
    spent, end = 0, after
    for row, key in zip(rows, keys, strict=True):
        if key and last[key] == row.seq:
            entry = shown.entry(page.epoch, end, row.seq, row.kind, key)
            page.entries.append(entry)
            spent, end = spent + max(map(len, entry.variants.values()), default=0), row.seq
            if spent > MOST_BYTES:
                break
    else:
        if rows and end < rows[-1].seq:  # the page ends in events that show nothing
            page.entries.append(Entry(place, page.epoch, end, rows[-1].seq))
            end = rows[-1].seq
    page.complete, page.end = end >= page.end, end
    return page


def mine_after(conn: Connection, house: House, person: int, cursor: Cursor, limit: int = MOST_EVENTS) -> Page:
    """The reader's own keys that changed after the cursor, with their values now, in one frame."""
    epoch, after = cursor
    page = _page(conn, person, epoch, after)
    if page.reset or after == page.end:
        return page
    rows = _KEYS.all(conn, {"place": person, "after": after, "most": limit})
    page.complete = len(rows) < limit
    if rows and not page.complete:
        page.end = rows[-1].seq
    keys = [row.key for row in rows]
    entry = Entry(person, page.epoch, after, page.end, (0, ""), after)
    values = house.mine(conn, person, keys)
    entry.variants["mine"] = frames.framed(frames.Mine(person, page.epoch, after, page.end, values))
    page.entries.append(entry)
    page.dialects = frozenset(("mine",))
    page.people = {person} if any(key.startswith(MOVES) for key in keys) else set()
    return page


def _page(conn: Connection, place: int, epoch: str, after: int) -> Page:
    row = _STANDS.first(conn, {"place": place})
    if row is None:
        return Page(place, "", after, after, reset=True)
    fits = row.epoch == epoch and row.floor <= after <= row.head
    return Page(place, row.epoch, after, row.head, reset=not fits)


def _named(row: AnyRow, mark: str, endings: tuple[str, ...]) -> int:
    """`channels.joined` and `audiences.left` name a person as `p-5`, `audiences.made` a place as `a-7`; else 0."""
    return number(row.subject.removeprefix(mark)) or 0 if row.kind.endswith(endings) else 0


class _Drawing:
    """The things of one page, rendered once per language that has a listener, one query per kind for all."""

    def __init__(
        self, conn: Connection, place: int, dialects: Collection[str], cards: Mapping[int, Card], keys: Sequence[Key]
    ) -> None:
        self.place = place
        self.as_data = "json" in dialects
        self.langs = sorted(name.removeprefix("html:") for name in dialects if name != "json")
        subjects: dict[int, list[str]] = {}
        for of_card, subject in keys:
            subjects.setdefault(of_card, []).append(subject)
        self.drawn: list[dict[Key, Thing]] = []  # one for each language; nobody listens: drawn when somebody asks
        for lang in self.langs or ["en"] * self.as_data:
            things: dict[Key, Thing] = {}
            for of_card, some in subjects.items():
                found = cards[of_card].render(conn, place, some, lang)
                things.update({(of_card, subject): thing for subject, thing in found.items()})
            self.drawn.append(things)

    def entry(self, epoch: str, start: int, end: int, kind: str, key: Key) -> Entry:
        """The finished frame of one thing; without content if it is gone without a trace."""
        if not self.drawn:
            return Entry(self.place, epoch, start, end, key)
        first = self.drawn[0].get(key)
        if first is None:
            return Entry(self.place, epoch, start, end)
        entry = Entry(self.place, epoch, start, end, key, first.seq)
        ready: dict[str, bytes] = {}  # most fragments are equal in all languages: then so are the bytes
        for lang, drawn in zip(self.langs, self.drawn, strict=False):
            thing = drawn[key]
            if thing.html not in ready:
                shown = frames.Shown(thing.id, thing.seq, thing.rev, kind, html=thing.html)
                ready[thing.html] = frames.framed(frames.Frame(self.place, epoch, start, end, [shown]))
            entry.variants[html(lang)] = ready[thing.html]
        if self.as_data:
            shown = frames.Shown(first.id, first.seq, first.rev, kind, data=first.json)
            entry.variants["json"] = frames.framed(frames.Frame(self.place, epoch, start, end, [shown]))
        return entry
