"""Acknowledged writes: each is committed and flushed to the disk before its answer leaves."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from .core_single import one_by_one
from .figures import ROUNDS, by_turns, figure, median, noise, ratio, spread
from .loads import SERVER_CORE, Load, Missing, Sample
from .peers.synapse import Synapse
from .servers import Company, Server, found, settings

CLIENTS = 64
MANY, ALONE, SLOW = 6400, 400, 240  # posts of a round: by 64 clients, by one statement after another, to Synapse
RATE, AT_RATE = 200, 500  # posts a second, and how many of them
PROBE_EVERY = 0.02  # seconds from one flush of the probe to the next
Post = Callable[..., Awaitable[Sample]]


@asynccontextmanager
async def ours() -> AsyncIterator[tuple[Company, Post]]:
    """Our server, warm; `post(number, ...)` is one run against it."""
    async with settings(handshakes_per_second=5000) as chosen:
        company = await found(chosen, CLIENTS, [range(CLIENTS)])
        server = Server(company, core=SERVER_CORE)
        try:
            await server.start()
            assert server.process is not None
            pid = server.process.pid

            async def post(number: int, mode: str = "acks", clients: int = CLIENTS, amount: int = MANY) -> Sample:
                name = f"acks-{mode}-{clients}-{number}"
                load = Load(company, clients, mode, amount, name, hello="", rate=RATE)  # who says nothing hears answers
                await load.ready()
                return await load.go(pid)

            await post(0, amount=MANY // 4)
            yield company, post
        finally:
            server.close()


def core() -> dict[str, Any]:
    """Acknowledged durable posts per second through the socket, 64 waiting, over SQLAlchemy Core with a commit each."""
    if os.environ.get("INTRANET_DATABASE_URL"):
        raise Missing("is made for SQLite")
    return asyncio.run(_core())


async def _core() -> dict[str, Any]:
    async with ours() as (_company, post), settings() as beside:
        other = await found(beside, CLIENTS, [range(CLIENTS)])

        async def single(number: int) -> float:
            return await asyncio.to_thread(one_by_one, other, ALONE, number)

        await single(0)
        samples: dict[str, list[Any]] = await by_turns({"binnen": post, "core": single}, first=1)
        alone = [await post(100 + number, clients=1, amount=200) for number in range(ROUNDS)]
    return {
        "keys": {"posts_vs_core_single": ratio(rates(samples["binnen"]), samples["core"])},
        "core_per_s": spread(samples["core"], 0),
        **told(samples["binnen"]),
        "one_client_p50_ms": spread([one.p50_ms for one in alone]),
        **noise([one.foreign for one in samples["binnen"]]),
    }


def synapse() -> dict[str, Any]:
    """The same over the messages per second that Matrix Synapse accepts."""
    return asyncio.run(_synapse())


async def _synapse() -> dict[str, Any]:
    async with ours() as (_company, post), Synapse() as other:
        await other.accept(SLOW // 4)
        samples: dict[str, list[Any]] = await by_turns(
            {"binnen": post, "synapse": lambda number: other.accept(SLOW)}, first=1
        )
    return {
        "keys": {"posts_vs_synapse": ratio(rates(samples["binnen"]), samples["synapse"])},
        "synapse_per_s": spread(samples["synapse"], 0), **told(samples["binnen"]), "versions": other.versions(),
        **noise([one.foreign for one in samples["binnen"]]),
    }  # fmt: skip


def flush() -> dict[str, Any]:
    """Median acknowledgement at 200 posts a second, over the median flush of the disk in the same seconds."""
    return asyncio.run(_flush())


async def _flush() -> dict[str, Any]:
    acks, flushes = [], []
    async with ours() as (company, post):
        for number in range(1, ROUNDS + 1):
            with Probe(Path(company.settings.data)) as probe:
                acks.append(await post(number, mode="ackpaced", amount=AT_RATE))
            flushes.append(median(probe.took))
    return {
        "keys": {"ack_p50_over_flush": figure([a.p50_ms / f for a, f in zip(acks, flushes, strict=True)])},
        "ack_p50_ms": spread([one.p50_ms for one in acks]),
        "ack_p99_ms": spread([one.p99_ms for one in acks]),
        "flush_p50_ms": spread(flushes),
        **noise([one.foreign for one in acks]),
    }


class Probe:
    """Writes 4 KB beside the database and flushes them, again and again, while something else is measured."""

    def __init__(self, folder: Path) -> None:
        self.took: list[float] = []  # milliseconds
        self._path = folder / "probe"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Probe":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with self._path.open("wb", buffering=0) as file:
            while not self._over.wait(PROBE_EVERY):
                start = time.perf_counter()
                file.write(bytes(4096))
                os.fdatasync(file.fileno())
                self.took.append(1000 * (time.perf_counter() - start))


def rates(samples: list[Sample]) -> list[float]:
    """Acknowledged per second."""
    return [MANY / one.seconds for one in samples]


def told(samples: list[Sample]) -> dict[str, Any]:
    """What a reader wants to know beside the ratio."""
    return {
        "posts_per_s": spread(rates(samples), 0),
        "p50_ms": spread([one.p50_ms for one in samples]),
        "p99_ms": spread([one.p99_ms for one in samples]),
        "server_cpu_us": spread([1e6 * one.cpu / MANY for one in samples], 0),
    }
