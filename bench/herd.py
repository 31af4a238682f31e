"""Many connections: what an idle one costs, and what happens when all come back at once."""

import asyncio
import signal
from pathlib import Path
from time import monotonic
from typing import Any

from .figures import figure, spread
from .loads import SERVER_CORE, Load
from .servers import Server, found, settings

CONNECTIONS = 2000
IDLE, IDLE_PEOPLE, IDLE_PLACES = 10_000, 200, 10
ROUNDS = 3
RESTARTS = 1  # each takes 40 seconds


def resident(pid: int) -> int:
    """The process's memory, in KB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def idle() -> dict[str, Any]:
    """Memory per idle connection, of 10,000 that have said hello, are in 10 places and have received a frame."""
    return asyncio.run(_idle())


async def _idle() -> dict[str, Any]:
    async with settings(handshakes_per_second=5000) as chosen:
        company = await found(chosen, IDLE_PEOPLE, [range(IDLE_PEOPLE)] * IDLE_PLACES)
        server = Server(company, core=SERVER_CORE)
        try:
            await server.start()
            assert server.process is not None
            pid = server.process.pid
            warm = Load(company, IDLE_PEOPLE, "stay", 1, "idle-warm")
            await warm.ready()
            await warm.go(pid)
            before = resident(pid)  # what the first ones made the process load is there, and every person's places
            many = Load(company, IDLE, "stay", 1, "idle-many")
            took, _refused = await many.ready()
            await many.go(pid)
            await asyncio.sleep(1)
            each = (resident(pid) - before) / IDLE
            for load in (many, warm):
                load.end()
                await load.gone()
        finally:
            server.close()
    return {
        "keys": {"idle_kb": round(each, 2)}, "connections": IDLE, "people": IDLE_PEOPLE, "places": IDLE_PLACES,
        "process_mb": round(before / 1024), "connected_after_s": round(took, 1),
    }  # fmt: skip


def restart() -> dict[str, Any]:
    """2,000 clients from kill -9 until all have heard the heads again; the next process has its modules loaded."""
    return asyncio.run(_restart())


async def _restart() -> dict[str, Any]:
    seconds, refused = [], []
    for _ in range(RESTARTS):
        async with settings() as chosen:
            company = await found(chosen, 100, [range(100)])
            server = Server(company, core=SERVER_CORE)
            try:
                await server.start()
                load = Load(company, CONNECTIONS, "return")
                await load.ready()
                server.prepare()
                await asyncio.sleep(3)  # until it has loaded them
                load.end()
                start = monotonic()
                server.kill()
                await server.start()
                moment, sent_away = await load.back()
            finally:
                server.close()
        seconds.append(moment - start)
        refused.append(float(sent_away))
    return {
        "keys": {"restart_s": figure(seconds, 1)}, "clients": CONNECTIONS,
        "handshakes_per_s_admitted": chosen.handshakes_per_second, "answered_503": spread(refused, 0),
    }  # fmt: skip


def herd() -> dict[str, Any]:
    """2,000 reconnects at once on one core: the rest gets 503 with Retry-After; until all have heard the heads."""
    return asyncio.run(_herd())


async def _herd() -> dict[str, Any]:
    seconds, refused, lags, busy, waited = [], [], [], [], []
    for _ in range(ROUNDS):
        async with settings() as chosen:
            company = await found(chosen, 100, [range(100)])
            server = Server(company, core=SERVER_CORE)
            try:
                await server.start()
                load = Load(company, CONNECTIONS, "idle")
                took, sent_away = await load.ready()
                lags.append(await _lag(server))
                on, off = _loop_seconds(server)
                busy.append(on)
                waited.append(off)
                load.end()
                await load.gone()
            finally:
                server.close()
        seconds.append(took)
        refused.append(float(sent_away))
    return {
        "connections": CONNECTIONS,
        "handshakes_per_s_admitted": chosen.handshakes_per_second,
        "converged": CONNECTIONS,
        "converged_after_s": spread(seconds, 1),
        "answered_503": spread(refused, 0),
        "loop_lag_p99_ms": spread(lags, 1),
        "loop_cpu_s": spread(busy, 1),
        "loop_waited_for_core_s": spread(waited, 1),  # other work on this machine: then the lag is not ours
    }


def _loop_seconds(server: Server) -> tuple[float, float]:
    """Seconds that the loop's thread was on a core, and that it could have been and had to wait for one."""
    assert server.process is not None
    on, off, _ = Path(f"/proc/{server.process.pid}/schedstat").read_text(encoding="ascii").split()
    return int(on) / 1e9, int(off) / 1e9


async def _lag(server: Server) -> float:
    """What the server itself has measured of its loop since it started: 99 of 100 timers were less late."""
    path = Path(server.company.settings.data) / "lag"
    assert server.process is not None
    server.process.send_signal(signal.SIGUSR1)
    for _ in range(500):
        if path.exists() and (text := path.read_text(encoding="utf-8")):
            return float(text)
        await asyncio.sleep(0.01)
    raise RuntimeError("the server did not say how late its loop is")
