"""CPU per delivery against a C server that sends byte-identical frames to as many listeners.

Both servers get the same messages from the same generator on another core; rounds alternate and turn round; the figure
is the median of the ratios of the rounds. Ours also checks, writes, flushes, renders and answers: that is in it.
"""

import asyncio
import json
from typing import Any

import websockets

from .loads import SERVER_CORE, Load, Sample, median, reference, spread
from .servers import Company, Server, found, listening, quiet_port, settings

LISTENERS = 500
ROUNDS = 5
MODES = {"paced": ("one", 150), "window": ("batch", 400)}  # ours' mode -> the reference's, messages a round


async def one_frame(company: Company) -> bytes:
    """What a listener gets for one message, as it stands on the wire."""
    place = next(iter(company.channels))
    token = next(iter(company.people.values()))
    headers = {"Authorization": f"Bearer {token}"}
    async with websockets.connect(
        company.url("ws") + "/ws", additional_headers=headers, compression=None, proxy=None
    ) as socket:
        await socket.send('{"t":"hello","dialect":"json"}')
        text = "The pump in hall 10 runs again; the new seal holds and the pressure has been steady since noon."
        write = {"do": "chat.post", "id": "bench-first-frame-0", "place": place, "text": text}
        await socket.send(json.dumps({"t": "do", "write": write}))
        while True:
            said = await socket.recv(decode=False)
            if said.startswith(b'{"t":"frame"'):
                size = len(said)
                head = bytes((0x81, size)) if size < 126 else bytes((0x81, 126, size >> 8, size & 0xFF))
                return head + said


async def ours(company: Company, pid: int, mode: str, name: str) -> Sample:
    """One run against our server."""
    load = Load(company, LISTENERS, mode, MODES[mode][1], name)
    await load.ready()
    return await load.go(pid)


async def theirs(company: Company, frame: bytes, mode: str, name: str) -> Sample:
    """One run against the reference, on a port of its own."""
    beside = Company(company.settings.__class__(**{**_fields(company), "port": quiet_port()}))
    beside.people, beside.channels = company.people, company.channels
    with reference(beside.port, frame, MODES[mode][0]) as pid:
        await listening(beside.port)
        load = Load(beside, LISTENERS, mode, MODES[mode][1], name)
        await load.ready()
        return await load.go(pid)


def _fields(company: Company) -> dict[str, Any]:
    return {name: getattr(company.settings, name) for name in company.settings.__struct_fields__}


async def measure(mode: str) -> dict[str, Any]:
    """Five rounds in one mode."""
    async with settings(handshakes_per_second=5000) as chosen:
        company = await found(chosen, 20, [range(20)])
        server = Server(company, core=SERVER_CORE)
        try:
            await server.start()
            assert server.process is not None
            pid = server.process.pid
            frame = await one_frame(company)
            await ours(company, pid, mode, "warm")
            mine: list[Sample] = []
            other: list[Sample] = []
            for number in range(ROUNDS):
                pair = [
                    (mine, lambda n=number: ours(company, pid, mode, f"{mode}{n}")),
                    (other, lambda n=number: theirs(company, frame, mode, f"{mode}{n}")),
                ]
                for into, run in pair if number % 2 else reversed(pair):
                    into.append(await run())
        finally:
            server.close()
    return {
        "listeners": LISTENERS,
        "cpu_per_delivery_us": spread([one.each for one in mine]),
        "reference_us": spread([one.each for one in other]),
        "ratio": spread([a.each / b.each for a, b in zip(mine, other, strict=True)]),
        "ratio_median": round(median([a.each / b.each for a, b in zip(mine, other, strict=True)]), 2),
        "deliveries_per_second": round(median([one.deliveries / one.seconds for one in mine])),
        "bytes_per_delivery": round(median([one.received / one.deliveries for one in mine])),
        "reference_bytes": round(median([one.received / one.deliveries for one in other])),
        "messages_per_read": round(median([one.deliveries / one.reads for one in mine]), 1),
    }


def paced() -> dict[str, Any]:
    """500 listeners, 100 messages a second; the reference sends each message by itself."""
    return asyncio.run(measure("paced"))


def flat_out() -> dict[str, Any]:
    """500 listeners, 8 messages outstanding; the reference sends what waits in one go."""
    return asyncio.run(measure("window"))
