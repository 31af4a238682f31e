"""The bell over a real NATS: what rings on one node rings on all; a bus that fails is said and found again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bench.nats import Nats

pytest.importorskip("nats", reason="no client of NATS: python3 run.py install nats")
from intranet.hub.bus import MOST_PLACES, NatsBell, apart

pytestmark = pytest.mark.nodes


class Ear:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.places: set[int] = set()
        self._said = asyncio.Event()

    def moved(self, places: set[int]) -> None:
        self.places |= places
        self._note("moved", frozenset(places))

    def revoked(self, sessions: set[str]) -> None:
        self._note("over", frozenset(sessions))

    def whispered(self, *whisper: Any) -> None:
        self._note("whisper", *whisper)

    def missed(self) -> None:
        self._note("missed")

    def _note(self, *what: Any) -> None:
        self.heard.append(what)
        self._said.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self._said.clear()
                await self._said.wait()

    async def hears(self, *what: Any) -> None:
        await self.until(lambda: what in self.heard)


@asynccontextmanager
async def node(url: str, mark: str = "m") -> AsyncIterator[tuple[NatsBell, Ear]]:
    bell, ear = NatsBell(url, mark), Ear()
    bell.listen(ear)
    assert bell.trouble(), "not yet"
    await bell.start()
    try:
        await ear.hears("missed")  # it listens from here on, and what came before is to be looked for
        assert not bell.trouble()
        yield bell, ear
    finally:
        await bell.stop()


async def test_what_rings_on_one_node_rings_on_the_others_of_its_installation(nats: Nats) -> None:
    async with node(nats.url) as (one, own), node(nats.url) as (_, other), node(nats.url, "n") as (_, foreign):
        one.ring({1, 2})
        one.revoke({"s1"})
        one.whisper(7, "typing", 3, 4)
        assert own.heard[1:] == [("moved", {1, 2}), ("over", {"s1"}), ("whisper", 7, "typing", 3, 4)], "here at once"
        await other.hears("whisper", 7, "typing", 3, 4)
        assert set(other.heard[1:]) == set(own.heard[1:])
        many = set(range(1, 2 * MOST_PLACES + 2))
        one.ring(many)
        await other.until(lambda: other.places == many)
        assert len(other.heard) == 4 + 3, "in messages of a size that the bus takes"
        assert (len(own.heard), foreign.heard) == (5, [("missed",)]), "no echo; nothing of another installation"


async def test_what_no_node_says_is_not_heard_and_what_a_newer_one_adds_is_left_out(nats: Nats) -> None:
    from nats.aio.client import Client

    stranger = Client()
    servers, account = apart(nats.url)
    async with node(nats.url) as (bell, ear):
        await stranger.connect(servers, **account)
        for said in (b"", b"\xff", b"[" * 100_000, b'{"moved": ["x"]}', b'{"moved": [1.5]}', b'{"over": [1]}'):
            await stranger.publish(bell.subject, said)
        await stranger.publish(bell.subject, b'{"moved": [5], "colours": {"sky": "blue"}}')
        await ear.hears("moved", frozenset({5}))
        assert ear.heard == [("missed",), ("moved", {5})]
        await stranger.close()


async def test_a_bus_that_is_gone_is_said_keeps_nothing_and_is_found_again(nats: Nats) -> None:
    async with node(nats.url) as (one, own), node(nats.url) as (two, other):
        for fail in (nats.kill, nats.kill):
            fail()
            async with asyncio.timeout(10):
                while not (one.trouble() and two.trouble()):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            one.ring({1})
            assert own.heard[-1] == ("moved", {1}), "here it rings all the same"
            own.heard.clear()
            other.heard.clear()
            nats.start()
            await own.hears("missed")
            await other.hears("missed")
            one.ring({2})
            await other.hears("moved", frozenset({2}))
            assert ("moved", {1}) not in other.heard


async def test_a_bus_that_stalls_is_given_up(nats: Nats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intranet.hub.bus.PING_EVERY", 0.1)
    async with node(nats.url) as (one, own):
        nats.stall()
        async with asyncio.timeout(10):
            while not one.trouble():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        own.heard.clear()
        nats.go_on()
        await own.hears("missed")
