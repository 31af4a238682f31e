"""A real house with people, their sockets open, and polls without names in it; everything it lets out is kept.

Votes go in as devices send them: over HTTP, sealed by the phone as JSON or by the server from a form.
"""

import asyncio
import base64
import json
import logging
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx2
import structlog
import websockets
from sqlalchemy import Connection, select
from starlette.applications import Starlette
from structlog.testing import LogCapture

from intranet import people
from intranet.app import make_app
from intranet.channels.writes import Create
from intranet.chat.writes import Post
from intranet.hub import Server
from intranet.hub import config as server_config
from intranet.kernel import SYSTEM, House, Person, clock, new_id
from intranet.kernel.config import Settings
from intranet.kernel.migrate import migrate
from intranet.people.writes import MakeToken
from intranet.polls import sealing
from intranet.polls import writes as w
from intranet.polls.choices import Choice
from intranet.polls.keyring import Keyring
from intranet.polls.models import Poll
from intranet.polls.sealing import ALPHABET, Inside

from .sights import Record, Sight, copied, dumped

PEOPLE, OPTIONS, MINIMUM = 12, ("Fluss", "Berg", "See"), 5
START = 1_790_000_000_000
ALL_THERE = 10.0  # seconds until every socket must have heard


class Ear:
    """One person's open socket."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.heard: list[str] = []
        self.to: dict[int, int] = {}
        self.moved = asyncio.Event()

    async def listen(self) -> None:
        """Until the socket closes."""
        async for raw in self.socket:
            told = json.loads(raw)
            self.heard.append(str(raw))
            if told["t"] == "frame":
                self.to[told["place"]] = told["to"]
                self.moved.set()

    async def until(self, place: int, seq: int) -> None:
        """Wait for what happened there."""
        async with asyncio.timeout(ALL_THERE):
            while self.to.get(place, 0) < seq:
                self.moved.clear()
                await self.moved.wait()


class Stage:
    """The house and who is in it. The clock is the stage's own: seconds pass between votes."""

    def __init__(self, house: House, runner: Any, logs: LogCapture) -> None:
        self.house, self.runner, self.logs = house, runner, logs
        self.folder = Path(house.settings.data)
        self.now = START
        self.rng = random.Random(0)
        self.voters: list[Person] = []
        self.ears: list[Ear] = []
        self.clients: dict[int, httpx2.AsyncClient] = {}
        self.line: list[tuple[int, int, int]] = []
        self.place = self.fence = 0
        self.rung = False
        house.listen(self._rung)

    @staticmethod
    @asynccontextmanager
    async def open(settings: Settings, schema: Sequence[str] = ()) -> "AsyncIterator[Stage]":
        """A house on the database of these settings, migrated where it is not, and altered for what will be broken."""
        await migrate(settings)
        await _alter(settings, schema)
        with _logged() as logs:
            app = make_app(settings)
            stage = Stage(app.state.house, app.state.runner, logs)
            with patch.object(clock, "source", lambda: stage.now):
                async with stage._served(app):
                    yield stage

    @asynccontextmanager
    async def _served(self, app: Starlette) -> AsyncIterator[None]:
        server = Server(server_config(app, app.state.hub, host="127.0.0.1", port=0, log_config=None, access_log=True))
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup()
        try:
            await self.runner.stop()  # the stage says when jobs are run
            async with self._people(server.servers[0].sockets[0].getsockname()[1]):
                yield
        finally:
            await server.shutdown()

    def _rung(self, moved: set[int], announced: list[Any]) -> None:
        self.rung = self.rung or bool(moved or announced)

    @asynccontextmanager
    async def _people(self, port: int) -> AsyncIterator[None]:
        tokens = []
        for number in range(PEOPLE):
            write = people.Make(id=new_id(), name=f"Person {number}", email=f"p{number}@example.org")
            person = Person(int((await self.house.perform(SYSTEM, write)).extra["person"]), write.name)
            made = await self.house.perform(person, MakeToken(id=new_id(), name="program"))
            tokens.append(str(made.extra["token"]))
            self.voters.append(person)
        ids = [one.id for one in self.voters]
        self.place, self.fence = [
            (await self.house.perform(self.voters[0], Create(id=new_id(), name=name, kind="private", people=ids))).place
            for name in ("Team", "Fence")
        ]
        async with AsyncExitStack() as clients, asyncio.TaskGroup() as listening:
            for number, token in enumerate(tokens):
                url = f"http://127.0.0.1:{port}"
                headers = {"Authorization": f"Bearer {token}", "Origin": url}
                client = httpx2.AsyncClient(base_url=url, headers=headers)
                self.clients[ids[number]] = await clients.enter_async_context(client)
                socket = await websockets.connect(
                    f"ws://127.0.0.1:{port}/ws", additional_headers={"Authorization": f"Bearer {token}"},
                    proxy=None, compression=None, max_queue=None,
                )  # fmt: skip
                dialect = {"dialect": "json"} if number % 2 else {"dialect": "html", "lang": "de"}
                await socket.send(json.dumps({"t": "hello", **dialect, "open": self.place}))
                self.ears.append(Ear(socket))
                listening.create_task(self.ears[-1].listen())
            yield
            for ear in self.ears:
                await ear.socket.close()

    # -- one poll

    async def poll(self, seed: int) -> tuple[Record, dict[int, int]]:
        """Ask, vote, change votes, close. Everything the adversary gets, and the truth."""
        self.rng = rng = random.Random(seed)
        poll = await self._ask()
        key = Keyring(self.folder).get(poll)
        assert key is not None
        weights = [rng.random() + 0.1 for _ in OPTIONS]
        turns = rng.sample(self.voters, rng.randint(7, PEOPLE))
        turns += rng.sample(turns, rng.randint(0, 3))  # they change their mind
        truth: dict[int, int] = {}
        sights = [await self._sight(None)]
        for who in turns:
            truth[who.id] = rng.choices(range(1, len(OPTIONS) + 1), weights)[0]
            await self._vote(who, poll, truth[who.id])
            sights.append(await self._sight(sights[-1]))
        await self.house.perform(self.voters[0], w.Close(id=new_id(), place=self.place, poll=poll))
        await self._work()
        after = await self._sight(sights[-1])
        ballots = after.rows("SELECT * FROM ballot WHERE poll = ?", poll)
        took_part = [row["person"] for row in after.rows("SELECT person FROM took_part WHERE poll = ?", poll)]
        assert sorted(took_part) == sorted(truth)
        assert sorted(ballot["choice"] for ballot in ballots) == sorted(truth.values())
        return Record(poll, key, sights, after, ballots, took_part), truth

    async def _ask(self) -> int:
        write = w.Open(
            id=new_id(), place=self.place, question="Wohin geht der Ausflug?", options=list(OPTIONS),
            deadline=self.now + clock.DAY, anonymous=True, minimum=MINIMUM,
        )  # fmt: skip
        answer = await self.house.perform(self.voters[0], write)
        await self._work()
        return int(answer.extra["poll"])

    async def _vote(self, who: Person, poll: int, choice: int) -> None:
        """By a phone that seals, or by a form that leaves it to the server."""
        self.now += self.rng.randint(2, 900) * clock.SECOND // 3
        drawn = "".join(self.rng.choices(ALPHABET, k=8))
        code = f"{drawn[:4]}-{drawn[4:]}"
        write: dict[str, Any] = {"do": "polls.vote", "id": new_id(), "place": self.place, "poll": poll}
        if self.rng.random() < 0.5:
            public = await self.house.read(_public, poll)
            box = sealing.close_box(public, poll, Inside(code, Choice((choice,))), texts=0)
            written = base64.urlsafe_b64encode(box).decode().rstrip("=")
            write |= {"box": written, "print": sealing.print_of(public)}
            answer = await self.clients[who.id].post("/do", json=write)
        else:
            answer = await self.clients[who.id].post("/do", data={**write, "yes": choice, "code": code})
        assert answer.status_code in (200, 303), answer.text
        self.line.append((len(answer.request.content), answer.status_code, len(answer.content)))

    async def _work(self) -> None:
        while await self.runner.once():
            pass

    async def _sight(self, before: Sight | None) -> Sight:
        """What there is now. If anything moved, all sockets are waited for, behind a message that all of them get."""
        if self.rung:
            for text in ("fence", "once more"):
                said = await self.house.perform(self.voters[0], Post(id=new_id(), place=self.fence, text=text))
                await asyncio.gather(*(ear.until(self.fence, said.seq) for ear in self.ears))
        self.rung = False
        files = copied(self.folder)
        if not self.house.db.is_sqlite:
            files |= await self.house.read(dumped)
        sight = Sight(self.now, files, before, line=self.line)
        self.line = []
        sight.logs = [json.dumps(entry, default=str, sort_keys=True) for entry in self.logs.entries]
        self.logs.entries.clear()
        for ear in self.ears:
            sight.frames += ear.heard
            ear.heard = []
        return sight


def _public(conn: Connection, poll: int) -> str:
    return str(conn.execute(select(Poll.public).where(Poll.id == poll)).scalar_one())


@contextmanager
def _logged() -> Iterator[LogCapture]:
    """Everything that is logged, down to the last detail."""
    capture, before = LogCapture(), structlog.get_config()
    structlog.configure(processors=[capture], wrapper_class=structlog.BoundLogger, cache_logger_on_first_use=False)
    root, told = logging.getLogger(), Lines(capture)
    level = root.level
    root.addHandler(told)
    root.setLevel(logging.INFO)
    try:
        yield capture
    finally:
        root.removeHandler(told)
        root.setLevel(level)
        structlog.configure(**before)


class Lines(logging.Handler):
    """What libraries log, the server's line of each request among it, with all that they would say."""

    def __init__(self, capture: LogCapture) -> None:
        super().__init__()
        self.capture = capture

    def emit(self, record: logging.LogRecord) -> None:
        self.capture.entries.append({"logger": record.name, "event": record.getMessage()})


async def _alter(settings: Settings, statements: Sequence[str]) -> None:
    if settings.database_url:
        server = await import_module("asyncpg").connect(settings.database_url)  # not installed where SQLite is enough
        for statement in statements:
            await server.execute(statement)
        await server.close()
        return
    conn = sqlite3.connect(Path(settings.data) / "binnen.db", isolation_level=None)
    for statement in statements:
        conn.execute(statement)
    conn.close()
