"""A company that has written for years: posts, likes and comments put straight into a scratch database, always alike.

The newest come first in the making: a company of 100 posts has the same ones that a company of 100,000 has on top, so
that the pages of both show the same and differ only in what lies beneath.
"""

import asyncio
import hashlib
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from intranet import people
from intranet.app import ROOMS
from intranet.audiences import Line
from intranet.customers.writes import Make as MakeCustomer
from intranet.feed.likes import LIKE
from intranet.feed.lists import _standing
from intranet.feed.models import Comment, Following, Listed, Post, Reacted, ReactedCount
from intranet.feed.writes import Publish
from intranet.kernel import SYSTEM, Event, House, Person, Place, Write, new_id
from intranet.kernel.config import Settings
from intranet.kernel.db import sync_engine
from intranet.kernel.migrate import migrate, newest
from intranet.people.writes import MakeToken, TeamMake, TeamMembers
from intranet.search.index import TEXT, Doc
from intranet.search.models import SearchDoc

TEAMS, CUSTOMERS, AT_ONCE = 20, 50, 1000
STATES = ("new", "new", "new", "planned", "done")
NEWEST = 1_790_000_000_000  # when the newest was written; each older one a minute before
RARE = 20  # posts that the person with one rare audience may read, however many there are


@dataclass(frozen=True, slots=True)
class Known:
    """What the pages are asked with: tokens of two readers, and things of which there are many."""

    busy: str
    rare: str
    team: int
    customer: int
    newest: int  # which the rare reader reads; the one before it is the busy reader's


async def filled(settings: Settings, posts: int, people_: int, likes: int, comments: int) -> Known:
    """The company of these settings: on SQLite made once for each size and then copied, on PostgreSQL made anew."""
    if settings.database_url:
        return await _make(settings, posts, people_, likes, comments)
    kept, database = _kept(f"{posts} {people_} {likes} {comments}"), Path(settings.data) / "binnen.db"
    known = _taken(kept, database)
    if known is None:
        known = await _make(settings, posts, people_, likes, comments)
        _keep(kept, database, known)
    return known


def _kept(size: str) -> Path:
    """Where the company of this size lies, as this code makes it."""
    made = hashlib.sha256(f"{size} {newest()}".encode() + Path(__file__).read_bytes()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"binnen-posts-{made}"


def _taken(kept: Path, database: Path) -> Known | None:
    facts = kept.with_suffix(".json")
    if not facts.exists():
        return None
    shutil.copy(kept.with_suffix(".db"), database)
    return Known(**json.loads(facts.read_text()))


def _keep(kept: Path, database: Path, known: Known) -> None:
    shutil.copy(database, kept.with_suffix(".db"))
    kept.with_suffix(".json").write_text(json.dumps(asdict(known)))


async def _make(settings: Settings, posts: int, people_: int, likes: int, comments: int) -> Known:
    await migrate(settings)
    house = House(settings, ROOMS)
    await house.start()

    async def done(write: Write, by: Person = SYSTEM) -> Any:
        return await house.perform(by, write)

    owner = Person((await done(_person(0, role="owner"))).extra["person"], role="owner")
    teams = [(await done(TeamMake(id=new_id(), name=f"Team {n}"), owner)).place for n in range(TEAMS)]
    made = await asyncio.gather(*(done(_person(n, side="field", site="Auenried")) for n in range(2, people_)))
    crowd = [int(one.extra["person"]) for one in made]
    rare = Person((await done(_person(1, side="office", site="Insel"))).extra["person"])
    for number, team in enumerate(teams):
        await done(TeamMembers(id=new_id(), team=team, add=crowd[number::TEAMS]), owner)
    for n in range(CUSTOMERS):
        await done(MakeCustomer(id=new_id(), number=f"K{n:04}", name=f"Kundschaft {n}"), owner)
    busy = Person(crowd[0])
    tokens = [(await done(MakeToken(id=new_id(), name="bench"), one)).extra["token"] for one in (busy, rare)]
    patterns = []
    for line in (Line("field"), Line("", 0, "Insel")):
        write = Publish(id=new_id(), kind="idea", title="Muster", lines=[line])
        patterns.append(int((await done(write, busy)).extra["post"]))

    def load(conn: Connection) -> Load:
        made = Load(conn, patterns, crowd, teams, posts, likes, comments)
        made.all()
        return made

    if not house.db.is_sqlite:
        loaded = await _into_postgres(house, load)
    await house.stop()
    if house.db.is_sqlite:
        loaded = _into_sqlite(settings, load)
    return Known(str(tokens[0]), str(tokens[1]), teams[0], loaded.customer, loaded.newest)


def _into_sqlite(settings: Settings, load: Callable[[Connection], "Load"]) -> "Load":
    engine = sync_engine("", Path(settings.data))
    with engine.begin() as conn:
        loaded = load(conn)
    with engine.connect() as conn:
        conn.exec_driver_sql("ANALYZE")
        conn.commit()
    engine.dispose()  # the last connection: it leaves all in the one file
    return loaded


async def _into_postgres(house: House, load: Callable[[Connection], "Load"]) -> "Load":
    """With the statistics and the tidy pages that a server has after a night."""
    engine = house.db.lane_engine(1)
    async with engine.connect() as conn:
        await conn.exec_driver_sql("BEGIN")
        loaded = await conn.run_sync(load)
        await conn.exec_driver_sql("COMMIT")
        await conn.exec_driver_sql("VACUUM ANALYZE")
    await engine.dispose()
    return loaded


def _person(number: int, **more: Any) -> people.Make:
    return people.Make(id=new_id(), name=f"Person Nummer{number}", email=f"p{number}@example.org", **more)


class Load:
    """Rows as the verbs would have written them, from the oldest to the newest."""

    def __init__(
        self, conn: Connection, patterns: Sequence[int], crowd: Sequence[int], teams: Sequence[int], posts: int,
        likes: int, comments: int,
    ) -> None:  # fmt: skip
        self.conn, self.crowd, self.teams = conn, crowd, teams
        self.posts, self.likes, self.comments = posts, likes / posts, comments / posts
        rows = conn.execute(select(Post).where(Post.id.in_(patterns)).order_by(Post.id)).all()
        self.patterns = [dict(row._mapping) for row in rows]
        self.heads = {row["place"]: 100 for row in self.patterns}
        self.first = max(patterns) + 1
        self.newest = self.first + posts - 1
        self.customer = 1
        self.comment = 0
        self.step = posts // RARE  # from one post of the rare audience to the next
        self.rows: dict[Any, list[dict[str, Any]]] = {}

    def all(self) -> None:
        """Everything, some posts at once."""
        for number in range(self.posts):
            self._post(self.first + number, self.posts - 1 - number)
            if number % AT_ONCE == 0:
                self._flush()
        self._flush()
        for place, head in self.heads.items():
            self.conn.execute(update(Place).where(Place.id == place).values(head=head))
        if self.conn.dialect.name != "sqlite":
            return  # there the row's words are searched themselves
        words = select(SearchDoc.id, SearchDoc.words).where(SearchDoc.id > len(self.patterns))
        self.conn.execute(insert(TEXT).from_select(["rowid", "words"], words))

    def _flush(self) -> None:
        for model, rows in self.rows.items():
            if rows:
                self.conn.execute(insert(model), rows)
        self.rows = {}

    def _add(self, model: Any, **row: Any) -> None:
        self.rows.setdefault(model, []).append(row)

    def _post(self, post: int, age: int) -> None:
        is_rare = age % self.step == 0
        order = age // self.step if is_rare else age
        dice = random.Random(f"{is_rare} {order}")
        pattern = self.patterns[is_rare]
        kind = "feedback" if order % 2 == 0 else ("idea", "news", "question")[order // 2 % 3]
        place = pattern["place"]
        state = STATES[order // 4 % 5] if kind in ("feedback", "idea") else ""
        author = dice.choice(self.crowd)
        team = self.teams[0] if order % 3 == 0 else dice.choice(self.teams)
        likes, said = self._some(dice, self.likes, age), self._some(dice, self.comments, age)
        title, text = _words(dice, 5), _words(dice, 60) + (" nahwort" if is_rare else " fernwort")
        row = {
            **pattern, "id": post, "seq": self._seq(place, "feed.published", f"post-{post}", author), "kind": kind,
            "author": author, "write": f"made-{post}", "at": NEWEST - 60_000 * age, "title": title, "text": text,
            "html": f"<p>{text}</p>", "plain": text, "teams": str(team), "state": state,
            "customer": self.customer if order % 4 == 0 else 0, "likes": likes, "comments": said,
            "ack": int(order % 3 == 1), "asks": int(order % 3 == 1), "pinned_until": 2 * NEWEST * (order in (3, 8)),
        }  # fmt: skip
        self._add(Post, **row)
        for reader, keys in _standing(SimpleNamespace(**row), {team}, {author}).items():  # type: ignore[arg-type]
            for key in keys:
                self._add(Listed, place=reader, list=key, post=post)
        self._doc(Doc(f"post-{post}", place, 0, f"{title}\n{text}", "post", [author]))
        for person in dice.sample(self.crowd, likes):
            self._add(Reacted, subject=f"post-{post}", person=person, emoji=LIKE)
        if likes:
            self._add(ReactedCount, subject=f"post-{post}", emoji=LIKE, n=likes)
        following = {author}
        for person, answers in self._comments(dice, said):
            self._comment(post, place, author, person, answers, dice)
            following.add(person)
        for person in following:
            self._add(Following, person=person, post=post, follows=1)

    def _some(self, dice: random.Random, mean: float, age: int) -> int:
        """Few have much: the two newest 40; the mean holds over many."""
        return 40 if age < 2 else min(int(dice.expovariate(1 / mean)) + (dice.random() < 0.5), len(self.crowd) // 2)

    def _comments(self, dice: random.Random, count: int) -> Iterator[tuple[int, int]]:
        """Authors, each with the comment that it replies to, or 0."""
        begun = 0
        for _ in range(count):
            answers = begun if begun and dice.random() < 0.3 else 0
            yield dice.choice(self.crowd), answers
            begun = answers or self.comment

    def _comment(self, post: int, place: int, author: int, person: int, answers: int, dice: random.Random) -> None:
        self.comment += 1
        text = _words(dice, 12)
        self._add(
            Comment, id=self.comment, post=post, parent=answers or self.comment, author=person,
            write=f"made-{self.comment}", at=NEWEST, text=text, html=f"<p>{text}</p>", plain=text, mentions="",
            edited=0, hidden=0, hidden_reason="", removed=0, replies=0, likes=0, rev=1,
        )  # fmt: skip
        self._seq(place, "feed.commented", f"comment-{self.comment}", person)
        self._doc(Doc(f"comment-{self.comment}", place, 0, text, "comment", [author]))

    def _seq(self, place: int, kind: str, subject: str, actor: int) -> int:
        self.heads[place] += 1
        self._add(Event, place=place, seq=self.heads[place], kind=kind, subject=subject, actor=actor, at=NEWEST)
        return self.heads[place]

    def _doc(self, doc: Doc) -> None:
        self._add(SearchDoc, subject=doc.subject, place=doc.place, seq=doc.seq, words=doc.words())


_VOCABULARY = [
    a + b + c for a in ("pump", "dicht", "ventil", "motor", "lager", "rohr", "druck", "mess", "filter", "öl")
    for b in ("en", "ungs", "el", "er", "s", "ig", "o", "ar", "um", "ei")
    for c in ("prüfung", "wechsel", "plan", "satz", "fehler", "haus", "dienst", "kopf", "deckel", "welle", "tag")
]  # fmt: skip
_WEIGHTS = [1 / rank for rank in range(1, len(_VOCABULARY) + 1)]


def _words(dice: random.Random, count: int) -> str:
    """As in talk: few words often, most words seldom."""
    return " ".join(dice.choices(_VOCABULARY, _WEIGHTS, k=count)).capitalize() + "."
