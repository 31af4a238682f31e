"""One server of the fault test: started, killed, paused, started again on the same data."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from bench.servers import ROOT, Company

from .http import Http

PATIENCE = 60.0  # seconds until a started server must answer


def weigh(pid: int, nice: int) -> None:
    """Let a process, and what Linux counts as its session, go before others (below 0) or after them."""
    with suppress(OSError):
        if nice:
            os.setpriority(os.PRIO_PROCESS, pid, nice)
            Path(f"/proc/{pid}/autogroup").write_text(str(nice), encoding="ascii")


class Node:
    """`start` forks a loaded process; `died` is set whenever there is none that serves."""

    def __init__(
        self, company: Company, port: int, env: Mapping[str, str], name: str = "server", nice: int = 0
    ) -> None:
        self.company, self.port = company, port
        self.folder = Path(company.settings.data)
        self.log = (self.folder.parent / f"{name}.log").open("ab")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("INTRANET_")}
        given = company.settings
        told = {
            "DATA": given.data, "DATABASE_URL": given.database_url, "PORT": str(port), "LOG": "json",
            "SECRET_KEY": given.secret_key, "HANDSHAKES_PER_SECOND": str(given.handshakes_per_second),
            "WRITES_PER_SECOND": "0", "SOCKETS_PER_PERSON": "100000",  # few people stand for many
        }  # fmt: skip
        self.env = kept | {f"INTRANET_{key}": value for key, value in told.items() if value} | dict(env)
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "bench.faults.zygote"], cwd=ROOT, env=self.env, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.log,
        )  # fmt: skip
        self.pid = 0
        self._pidfd = -1
        self.died = asyncio.Event()
        self.died.set()
        self.order: dict[str, Any] = {}  # of every start
        self.starts = 0
        self.nice = nice

    async def start(self, **order: Any) -> float:
        """Returns how many seconds it took until it answers; at once if it died by a point that was ordered."""
        began = monotonic()
        self.pid = await asyncio.to_thread(self._fork, self.order | order)
        self.starts += 1
        self._pidfd = os.pidfd_open(self.pid)
        self.died.clear()
        asyncio.get_running_loop().add_reader(self._pidfd, self._gone)
        while not await self._answers():
            if self.died.is_set():
                return monotonic() - began
            if monotonic() > began + PATIENCE:
                raise SystemExit(f"the server does not answer; its words are in {self.log.name}:\n{self.words()}")
            await asyncio.sleep(0.005)
        weigh(self.pid, self.nice)
        return monotonic() - began

    def _fork(self, order: dict[str, Any]) -> int:
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write(json.dumps(order).encode() + b"\n")
        self._zygote.stdin.flush()
        line = self._zygote.stdout.readline()
        if not line:
            raise SystemExit(f"the server cannot be loaded:\n{self.words()}")
        return int(json.loads(line)[0])

    def _gone(self) -> None:
        if self._pidfd >= 0:
            asyncio.get_running_loop().remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = -1
        self.died.set()

    @property
    def runs(self) -> bool:
        """Whether there is a process."""
        return not self.died.is_set()

    async def kill(self, number: int = signal.SIGKILL) -> None:
        """SIGKILL: nothing is finished, nobody is told. Returns when it is dead."""
        self.signal(number)
        await self.died.wait()

    def signal(self, number: int) -> None:
        """Send it a signal, if it runs."""
        if self.runs:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def _answers(self) -> bool:
        http = Http("")
        answer = await http.ask(self.port, "GET", "/readyz", at_most=5.0)
        http.close()
        return answer is not None and answer[0] == 200

    def memory_kb(self) -> int:
        """What of it is resident."""
        with suppress(OSError):
            for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
                if line.startswith("VmRSS"):
                    return int(line.split()[1])
        return 0

    def words(self) -> str:
        """The end of what the server wrote."""
        return Path(self.log.name).read_text(encoding="utf-8", errors="replace")[-3000:]

    def close(self) -> None:
        """End whatever still runs."""
        self.signal(signal.SIGKILL)
        self._gone()
        for pipe in (self._zygote.stdin, self._zygote.stdout):
            assert pipe is not None
            pipe.close()
        self._zygote.kill()
        self._zygote.wait()
        self.log.close()
