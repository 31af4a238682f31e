"""Acknowledged writes: each is committed and flushed to the disk before its answer leaves."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any
from uuid import uuid4

import websockets

from intranet.app import ROOMS
from intranet.chat.writes import Post
from intranet.kernel import House, Person, new_id

from .loads import SERVER_CORE, cpu_seconds, median, spread
from .servers import Company, Server, found, settings

TEXT = "The pump in hall 3 runs again; the new seal holds and the pressure has been steady since noon. " * 2
ROUNDS = 5
PEOPLE = 64
EACH = 50  # writes of each client a round: under what one connection may send at once


def by_socket() -> dict[str, Any]:
    """Acknowledged sends per second through the socket: one client after another answer, and 64 clients at once."""
    return asyncio.run(_by_socket())


async def _by_socket() -> dict[str, Any]:
    async with settings(handshakes_per_second=5000) as chosen:
        company = await found(chosen, PEOPLE, [range(PEOPLE)])
        server = Server(company, core=SERVER_CORE)
        try:
            await server.start()
            assert server.process is not None
            pid = server.process.pid
            await _round(company, 8)
            one = [await _round(company, 1) for _ in range(ROUNDS)]
            before = cpu_seconds(pid)
            many = [await _round(company, PEOPLE) for _ in range(ROUNDS)]
            spent = cpu_seconds(pid) - before
        finally:
            server.close()
    return {
        "one_client_per_s": spread([rate for rate, _ in one], 0),
        "one_client_p50_ms": spread([1000 * median(waits) for _, waits in one]),
        f"{PEOPLE}_clients_per_s": spread([rate for rate, _ in many], 0),
        f"{PEOPLE}_clients_p50_ms": spread([1000 * median(waits) for _, waits in many]),
        f"{PEOPLE}_clients_p99_ms": spread([1000 * sorted(waits)[int(len(waits) * 0.99)] for _, waits in many]),
        "server_cpu_us_per_send": round(1e6 * spent / (ROUNDS * PEOPLE * EACH)),
    }


async def _round(company: Company, clients: int) -> tuple[float, list[float]]:
    """(acknowledged per second, seconds each had to wait); connections that said no `hello` hear only answers."""
    place = next(iter(company.channels))
    waits: list[float] = []

    async def client(token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        url = company.url("ws") + "/ws"
        async with websockets.connect(url, additional_headers=headers, compression=None, proxy=None) as socket:
            together.release()
            await go.wait()
            for _ in range(EACH):
                write = {"do": "chat.post", "id": str(uuid4()), "place": place, "text": TEXT}
                sent = monotonic()
                await socket.send(json.dumps({"t": "do", "write": write}))
                answer = json.loads(await socket.recv())
                assert answer["status"] == 200, answer
                waits.append(monotonic() - sent)

    together, go = asyncio.Semaphore(0), asyncio.Event()
    tasks = [asyncio.create_task(client(token)) for token in list(company.people.values())[:clients]]
    for _ in tasks:
        await together.acquire()
    start = monotonic()
    go.set()
    await asyncio.gather(*tasks)
    return clients * EACH / (monotonic() - start), waits


def in_process() -> dict[str, Any]:
    """Durable posts per second through `perform`, without a network: one waiting, and 64."""
    return asyncio.run(_in_process())


async def _in_process() -> dict[str, Any]:
    async with settings() as chosen:
        company = await found(chosen, PEOPLE, [range(PEOPLE)])
        house = House(chosen, ROOMS)
        await house.start()
        place = next(iter(company.channels))

        def post(person: int) -> Callable[[], Awaitable[Any]]:
            return lambda: house.perform(Person(person), Post(id=new_id(), place=place, text=TEXT))

        async def rate(waiting: int, each: int) -> float:
            async def one(send: Callable[[], Awaitable[Any]]) -> None:
                for _ in range(each):
                    await send()

            start = monotonic()
            await asyncio.gather(*(one(post(person)) for person in list(company.people)[:waiting]))
            return waiting * each / (monotonic() - start)

        await rate(8, 20)
        figures = {
            "one_waiting_per_s": spread([await rate(1, 200) for _ in range(ROUNDS)], 0),
            "64_waiting_per_s": spread([await rate(64, 40) for _ in range(ROUNDS)], 0),
        }
        await house.stop()
    return figures
