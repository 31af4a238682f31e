"""CPU per delivery, beside servers that send byte-identical frames to as many listeners.

All get the same messages from the same generator on another core and stay running while the others are measured; the
rounds go to and fro. Ours also checks, writes, flushes, renders and answers: that is in it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .figures import by_turns, median, noise, ratio, spread
from .listener import listener
from .loads import HTML, SERVER_CORE, THREE, Load, Missing, Sample, reference
from .peers import shelf
from .peers.prosody import Prosody
from .peers.prosody import version as prosody_version
from .servers import Company, Server, found, listening, quiet_port, settings

LISTENERS = (500, 1000)
PACED, RATE = 150, 100  # messages of a round, and a second
FLAT = {500: 400, 1000: 250}  # messages of a round
SLOW = 40  # of those that take 20 times as long
TEXT = "The pump in hall 10 runs again; the new seal holds and the pressure has been steady since noon."


@dataclass
class Field:
    """Who runs: our server and, by name, the ports and processes of the others; who is missing and why."""

    company: Company
    pid: int
    ports: dict[str, tuple[int, int]]
    missing: dict[str, str]

    def load(
        self, name: str, listeners: int, mode: str, amount: int, hello: str = HTML
    ) -> Callable[[int], Awaitable[Sample]]:
        """A run of this one: `await load(...)(round)`."""
        port, pid = self.ports.get(name, (0, self.pid))

        async def run(number: int) -> Sample:
            run_name = f"{name}-{mode}-{listeners}-{number}-{len(hello)}".replace("_", "-")
            load = Load(
                self.company, listeners, mode, amount, run_name, port=port, hello=hello, rate=RATE,
                deflate=name.endswith("deflate"),
            )  # fmt: skip
            await load.ready()
            return await load.go(pid)

        return run


@asynccontextmanager
async def everybody(peers: tuple[str, ...]) -> AsyncIterator[Field]:
    """Our server and the others, after each has shown that everybody gets everything in order."""
    async with AsyncExitStack() as stack:
        chosen = await stack.enter_async_context(settings(handshakes_per_second=5000))
        company = await found(chosen, 20, [range(20)])
        server = Server(company, core=SERVER_CORE)
        stack.callback(server.close)
        await server.start()
        assert server.process is not None
        field = Field(company, server.process.pid, {}, {})
        payload = (await heard(company.port, company, 20))[0]
        size = len(payload)
        frame = (bytes((0x81, size)) if size < 126 else bytes((0x81, 126, size >> 8, size & 0xFF))) + payload
        for name in peers:
            port = quiet_port()
            try:
                if name.startswith("c_"):
                    pid = stack.enter_context(reference(port, frame, name.removeprefix("c_")))
                else:
                    pid = stack.enter_context(shelf.running(name, port, payload))
            except Missing as missing:
                field.missing[name] = str(missing)
                continue
            await listening(port)
            assert set(await heard(port, company, 20)) == {payload}, name
            field.ports[name] = (port, pid)
        yield field


async def heard(port: int, company: Company, messages: int) -> list[bytes]:
    """What two listeners get of so many messages: the same, each message once and in order. Raises AssertionError."""
    place, token = next(iter(company.channels)), next(iter(company.people.values()))
    async with listener(port, token, HTML) as one, listener(port, token, HTML) as two:
        for number in range(messages):
            write = {"do": "chat.post", "id": f"bench-check-{port}-{number}", "place": place, "text": TEXT}
            one.say(json.dumps({"t": "do", "write": write}, separators=(",", ":")).encode())
        got = [[await here.until(b'{"t":"frame"') for _ in range(messages)] for here in (one, two)]
    assert got[0] == got[1], "two listeners were told different things"
    if port == company.port:
        bodies = [json.loads(frame) for frame in got[0]]
        assert all(TEXT in body["things"][0]["html"] for body in bodies)
        assert all(after["from"] == before["to"] for before, after in pairwise(bodies))
    return got[0]


def paced() -> dict[str, Any]:
    """CPU per delivery at 500 listeners and 100 messages a second, over the C server that sends each by itself."""
    return asyncio.run(_paced())


async def _paced() -> dict[str, Any]:
    async with everybody(("c_one",)) as field:
        many = LISTENERS[0]
        ours, c = field.load("binnen", many, "paced", PACED), field.load("c_one", many, "paced", PACED)
        three = field.load("binnen", many, "paced", PACED, THREE)
        await ours(-1)
        samples = await by_turns({"binnen": ours, "c_one": c, "binnen_three_languages": three})
    mine, other = each(samples["binnen"]), each(samples["c_one"])
    return {
        "keys": {"fanout_paced_vs_c": ratio(mine, other)},
        "three_languages_vs_c": ratio(each(samples["binnen_three_languages"]), other),
        **{name: told(runs) for name, runs in samples.items()},
        **noise([run.foreign for runs in samples.values() for run in runs]),
    }


def flat_out() -> dict[str, Any]:
    """CPU per delivery flat out, 500 and 1,000 listeners, over the C server that batches, and over other libraries."""
    return asyncio.run(_flat_out())


async def _flat_out() -> dict[str, Any]:
    peers = ("c_batch", "c_one", *shelf.WEBSOCKETS)
    figures: dict[str, Any] = {}
    loads: list[float] = []
    async with everybody(peers) as field:
        for many in LISTENERS:
            names = ["binnen", *field.ports] if many == LISTENERS[0] else ["binnen", "c_batch"]
            runs = {
                name: field.load(name, many, "window", SLOW if name.endswith("deflate") else FLAT[many])
                for name in names
            }
            await runs["binnen"](-1)
            samples = await by_turns(runs)
            ratios = {name: ratio(each(samples["binnen"]), each(samples[name])) for name in names[1:]}
            figures[f"{many} listeners"] = {name: told(runs) for name, runs in samples.items()}
            figures[f"{many} ratios"] = ratios
            loads += [run.foreign for its in samples.values() for run in its]
    try:
        figures |= await _prosody()
    except Missing as missing:
        field.missing["prosody"] = str(missing)
    first, second = (figures[f"{many} ratios"] for many in LISTENERS)
    worse = max((first["c_batch"], second["c_batch"]), key=lambda found: found["median"])
    keys = {"fanout_flat_vs_c_batch": worse}  # of 500 and 1,000 the one that looks worse
    keys |= {f"fanout_flat_vs_{name}": first[name] for name in ("starlette", "node_ws") if name in first}
    if "prosody ratio" in figures:
        keys["fanout_flat_vs_prosody"] = figures["prosody ratio"]
    return {"keys": keys, **figures, "missing": field.missing, "versions": shelf.versions(), **noise(loads)}


async def _prosody() -> dict[str, Any]:
    async with everybody(()) as field, Prosody(LISTENERS[0]) as other:
        ours = field.load("binnen", LISTENERS[0], "window", FLAT[LISTENERS[0]])
        await other.flat_out(SLOW // 4)
        samples = await by_turns({"binnen": ours, "prosody": lambda _number: other.flat_out(SLOW)})
    found = ratio(each(samples["binnen"]), each(samples["prosody"]))
    return {"prosody ratio": found, "prosody": told(samples["prosody"]) | {"version": prosody_version()}}


def each(samples: list[Sample]) -> list[float]:
    """CPU microseconds per delivery."""
    return [sample.each for sample in samples]


def told(samples: list[Sample]) -> dict[str, Any]:
    """What a reader wants to know of these runs beside the ratio."""
    return {
        "cpu_us": spread(each(samples)),
        "deliveries_per_s": round(median([one.deliveries / one.seconds for one in samples])),
        "bytes": round(median([one.received / one.deliveries for one in samples])),
        "messages_per_read": round(median([one.deliveries / one.reads for one in samples]), 1),
        "p50_ms": spread([one.p50_ms for one in samples], 1),
        "p99_ms": spread([one.p99_ms for one in samples], 1),
    }
