"""The load generator and the reference server in C: built where they are used, and read by their figures."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .servers import Company, before_others

HERE = Path(__file__).resolve().parent / "c"
SERVER_CORE, LOAD_CORE = 0, 1


class Missing(Exception):
    """This machine lacks what a measurement needs; the message says how to get it."""


@cache
def built(name: str) -> Path:
    """The program, compiled with gcc. Raises Missing."""
    if shutil.which("gcc") is None:
        raise Missing("needs gcc (apt-get install gcc libc6-dev)")
    target = Path(tempfile.mkdtemp(prefix="binnen-c-")) / name
    subprocess.run(["gcc", "-O2", "-o", str(target), str(HERE / f"{name}.c")], check=True)
    return target


@contextmanager
def reference(port: int, frame: bytes, mode: str) -> Iterator[int]:
    """The C server on its core; its process id."""
    path = built("reference").with_suffix(".frame")
    path.write_bytes(frame)
    command = ["taskset", "-c", str(SERVER_CORE), str(built("reference")), str(port), str(path), mode]
    with subprocess.Popen(command, start_new_session=True) as process:
        before_others(process.pid)
        try:
            yield process.pid
        finally:
            process.kill()


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: what went over the wire and what the server's CPU spent on it."""

    seconds: float
    deliveries: int
    received: int
    reads: int
    cpu: float  # seconds of all the server's threads

    @property
    def each(self) -> float:
        """CPU microseconds per delivery."""
        return 1e6 * self.cpu / max(1, self.deliveries)


def cpu_seconds(pid: int) -> float:
    """What all threads of a process have spent on a CPU, in nanosecond resolution."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


class Load:
    """Connections to a server; `ready` says how long it took until all were there and how many were sent away."""

    def __init__(self, company: Company, connections: int, mode: str, amount: int = 0, name: str = "") -> None:
        tokens = Path(company.settings.data) / "tokens"
        tokens.write_text("\n".join(company.people.values()))
        place = next(iter(company.channels))
        words = [company.port, connections, tokens, place, f"bench-{name}", mode, amount]
        self._command = ["taskset", "-c", str(LOAD_CORE), str(built("load")), *map(str, words)]
        self._process: asyncio.subprocess.Process | None = None

    async def ready(self) -> tuple[float, int]:
        """Seconds until every connection had heard the heads, and refused handshakes."""
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, start_new_session=True
        )
        before_others(self._process.pid)
        word, seconds, refused = (await self._line()).split()
        assert word == "ready"
        return float(seconds), int(refused)

    async def go(self, pid: int) -> Sample:
        """Let it work, and take the server's CPU meanwhile."""
        before = cpu_seconds(pid)
        self.end()
        seconds, deliveries, received, reads = (await self._line()).split()
        sample = Sample(float(seconds), int(deliveries), int(received), int(reads), cpu_seconds(pid) - before)
        await self.gone()
        return sample

    async def _line(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        line = (await asyncio.wait_for(self._process.stdout.readline(), 90)).decode()
        if not line:
            raise RuntimeError("the load generator gave up; its words are above")
        return line

    def end(self) -> None:
        """Give the word it waits for."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")

    async def gone(self) -> None:
        """Wait until it has left."""
        assert self._process is not None
        await self._process.wait()


def median(values: Sequence[float]) -> float:
    """The middle one."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median, and from least to most."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"
