"""The real server in a process of its own, on data that outlives it; and the company it serves."""

import asyncio
import itertools
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from intranet import people
from intranet.app import ROOMS
from intranet.channels.writes import Create
from intranet.kernel import SYSTEM, House, Person, new_id
from intranet.kernel.config import Settings
from intranet.kernel.migrate import migrate
from intranet.people.writes import MakeToken

ROOT = Path(__file__).resolve().parent.parent
KEY = "a secret for measuring only, 32 bytes and more"
_databases = itertools.count()
PATIENCE = 30.0  # seconds until a started server must answer


@dataclass
class Company:
    """Who is there: access tokens by person, and the members of each channel."""

    settings: Settings
    people: dict[int, str] = field(default_factory=dict)
    channels: dict[int, list[int]] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return self.settings.port

    def url(self, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}"


async def found(settings: Settings, persons: int, channels: Sequence[Sequence[int]]) -> Company:
    """A migrated database with people and private channels; `channels` lists members by their index."""
    await migrate(settings)
    house = House(settings, ROOMS)
    await house.start()
    company = Company(settings)
    actors = await engaged(house, company, persons)
    for number, members in enumerate(channels):
        inside = [actors[index] for index in members]
        ids = [one.id for one in inside]
        create = Create(id=new_id(), name=f"Channel {number}", kind="private", people=ids)
        company.channels[(await house.perform(inside[0], create)).place] = ids
    await house.stop()
    return company


async def engaged(house: House, company: Company, persons: int) -> list[Person]:
    """So many new people, each with an access token that `company` remembers."""
    actors: list[Person] = []
    for number in range(persons):
        write = people.Make(id=new_id(), name=f"Device Owner {number}", email=f"p{number}@example.org")
        made = await house.perform(SYSTEM, write)
        actor = Person(int(made.extra["person"]), write.name)
        token = await house.perform(actor, MakeToken(id=new_id(), name="program"))
        company.people[actor.id] = str(token.extra["token"])
        actors.append(actor)
    return actors


@asynccontextmanager
async def settings(url: str | None = None, **more: int) -> AsyncIterator[Settings]:
    """Settings on a folder of their own, gone afterwards; on PostgreSQL where `url` or INTRANET_DATABASE_URL says."""
    folder = Path(tempfile.mkdtemp(prefix="binnen-"))
    try:
        async with _database(os.environ.get("INTRANET_DATABASE_URL", "") if url is None else url) as own:
            yield Settings(data=str(folder), database_url=own, port=quiet_port(), secret_key=KEY, log="json", **more)  # type: ignore[arg-type]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[str]:
    """A fresh database beside the one that is named, so that nobody's own data is touched."""
    if not url:
        yield ""
        return
    head, _, query = url.partition("?")
    name = f"binnen_bench_{os.getpid()}_{next(_databases)}"
    await _say(url, f'CREATE DATABASE "{name}"')
    try:
        yield f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    finally:
        await _say(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _say(url: str, statement: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(statement)
    await connection.close()


def quiet_port() -> int:
    """A free port below those that the kernel gives to clients: one of them could sit on it while a server is down."""
    while True:
        port = random.randint(20_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


async def listening(port: int) -> None:
    """Wait until somebody listens there."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.01)


def before_others(process: int) -> None:
    """Where the system allows it, let what is measured go before other work on the machine."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, -15)
        Path(f"/proc/{process}/autogroup").write_text("-15", encoding="ascii")  # else it counts within its session only


class Server:
    """Starts, kills and starts again. The next process has its modules loaded before it is needed."""

    def __init__(self, company: Company, core: int = -1):
        self.company, self.core = company, core
        self.log = (Path(company.settings.data) / "server.log").open("ab")
        self._next = self._load()
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def _load(self) -> "subprocess.Popen[bytes]":
        kept = {key: value for key, value in os.environ.items() if not key.startswith("INTRANET_")}
        given = self.company.settings
        told = {
            "DATA": given.data, "DATABASE_URL": given.database_url, "PORT": str(given.port), "LOG": "json",
            "SECRET_KEY": given.secret_key, "BUS_URL": given.bus_url,
            "HANDSHAKES_PER_SECOND": str(given.handshakes_per_second),
            "WRITES_PER_SECOND": "0", "SOCKETS_PER_PERSON": "100000",  # few people stand for many
        }  # fmt: skip
        env = kept | {f"INTRANET_{name}": value for name, value in told.items() if value}
        command = [sys.executable, "-m", "bench.serve"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=self.log, stderr=self.log, start_new_session=True
        )
        if self.core >= 0:
            os.sched_setaffinity(process.pid, {self.core})
            before_others(process.pid)
        return process

    async def start(self) -> None:
        """Let the loaded process serve; returns when it answers."""
        process, self.process = self._next, self._next
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
        self.starts += 1
        until = monotonic() + PATIENCE
        while not await self._answers():
            if process.poll() is not None or monotonic() > until:
                raise SystemExit(f"the server did not start; its words are in {self.log.name}:\n{self.words_of_log()}")
            await asyncio.sleep(0.01)

    def prepare(self) -> None:
        """Load the next process while this one serves."""
        if self._next is self.process:
            self._next = self._load()

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nobody is told."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            _bury(self.process)

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.company.port)
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            line = await asyncio.wait_for(reader.readline(), 5)
            writer.close()
        except (OSError, TimeoutError):
            return False
        return b" 200 " in line or b" 404 " in line

    def words_of_log(self) -> str:
        """The end of what the server wrote."""
        return Path(self.log.name).read_text(encoding="utf-8", errors="replace")[-2000:]

    def close(self) -> None:
        """End whatever still runs."""
        for process in {self.process, self._next} - {None}:
            assert process is not None
            process.kill()
            _bury(process)
        self.log.close()


def _bury(process: "subprocess.Popen[bytes]") -> None:
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
