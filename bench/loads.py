"""The load generator and the reference server in C: built where they are used, and read by their figures."""

import asyncio
import os
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
HTML = '{"t":"hello","dialect":"html","lang":"en"}'
THREE = '{"t":"hello","dialect":"html","lang":"@"}'  # German, Dutch, English by turns
JSON = '{"t":"hello","dialect":"json"}'


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
def alone(command: Sequence[str], core: int = SERVER_CORE, **options: str) -> Iterator[int]:
    """A program on a core of its own, before other work; its process id. Ended afterwards."""
    words = ["taskset", "-c", str(core), *command]
    quiet = None if options.pop("loud", "") else subprocess.DEVNULL
    with subprocess.Popen(words, start_new_session=True, stdout=quiet, stderr=quiet, **options) as process:  # type: ignore[call-overload]
        before_others(process.pid)
        try:
            yield process.pid
        finally:
            process.kill()


@contextmanager
def reference(port: int, frame: bytes, mode: str) -> Iterator[int]:
    """The C server; `mode`: "one" send per message, or "batch" one per turn."""
    path = Path(tempfile.mkdtemp(prefix="binnen-c-")) / "frame"
    path.write_bytes(frame)
    with alone([str(built("reference")), str(port), str(path), mode]) as pid:
        yield pid


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: what went over the wire and what the server's CPU spent on it."""

    seconds: float
    deliveries: int
    received: int
    reads: int
    p50_ms: float  # from a message to its last listener, or to its acknowledgement
    p99_ms: float
    cpu: float  # seconds of all the server's threads
    foreign: float  # share of one core that neither the server nor the load was using, both cores together

    @property
    def each(self) -> float:
        """CPU microseconds per delivery."""
        return 1e6 * self.cpu / max(1, self.deliveries)


def cpu_seconds(pids: int | Sequence[int]) -> float:
    """What all threads of these processes have spent on a CPU, in nanosecond resolution."""
    some = [pids] if isinstance(pids, int) else pids
    tasks = [task for pid in some for task in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


def busy_seconds() -> float:
    """What all cores have been busy with since the machine started, in 10 ms steps; time stolen by the host counts."""
    words = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]
    idle = int(words[3]) + int(words[4])
    return (sum(map(int, words)) - idle) / os.sysconf("SC_CLK_TCK")


class Load:
    """Clients of a server; `ready` says how long it took until all were there and how many were sent away."""

    def __init__(
        self, company: Company, connections: int, mode: str, amount: int = 0, name: str = "", *, port: int = 0,
        hello: str = HTML, rate: float = 100, deflate: bool = False,
    ) -> None:  # fmt: skip
        self.mode = mode
        tokens = Path(company.settings.data) / "tokens"
        tokens.write_text("\n".join(company.people.values()), encoding="ascii")
        words = {
            "port": port or company.port, "n": connections, "tokens": tokens, "place": next(iter(company.channels)),
            "run": f"bench-{name}", "mode": mode, "amount": amount, "hello": hello, "rate": rate,
            "deflate": int(deflate),
        }  # fmt: skip
        command = [str(built("load")), *(f"{word}={value}" for word, value in words.items())]
        self._command = ["taskset", "-c", str(LOAD_CORE), *command]
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

    async def go(self, pids: int | Sequence[int]) -> Sample:
        """Let it work, and take the server's CPU meanwhile."""
        busy, before = busy_seconds(), cpu_seconds(pids)
        self.end()
        seconds, deliveries, received, reads, p50, p99, own = (await self._line()).split()
        cpu, busy = cpu_seconds(pids) - before, busy_seconds() - busy
        if self.mode != "stay":
            await self.gone()
        foreign = max(0.0, (busy - cpu - float(own)) / float(seconds))
        counts = int(deliveries), int(received), int(reads)
        return Sample(float(seconds), *counts, float(p50), float(p99), cpu, foreign)

    async def back(self) -> tuple[float, int]:
        """Of mode "return": the moment (monotonic) when all were there again, and refused handshakes."""
        moment, refused = (await self._line()).split()
        await self.gone()
        return float(moment), int(refused)

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
