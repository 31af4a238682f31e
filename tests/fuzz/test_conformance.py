"""The socket against a public fuzzing client: kosoku drives the Autobahn test suite's own cases, over 280 of them.

The wire is the product's, with its handshake and hand-over; only the peer behind it is an echo, since the product
answers in its own words. Compression (12, 13) is left out: it is off by design.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import kosoku
import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from intranet.hub import Server, config, frames, wire
from tests.served import listening

ABREAST = 8
FINE = {"OK", "NON-STRICT", "INFORMATIONAL"}
# Each with how our server ends it, and why that is meant.
TEXT_ONLY = ("1.2.*", "9.2.*", "9.4.*", "9.6.*", "9.8.*")  # binary messages: 4400 "text only"
STRICTER = {"7.1.5": 1002}  # a close in the middle of a fragmented message: a protocol error to the parser we use


class Echo:
    """Says what it hears."""

    def __init__(self) -> None:
        self.wire: wire.Wire

    def said(self, text: bytes) -> None:
        self.wire.write(frames.text_frame(text))

    def stuck(self) -> None:
        """Its readers take what they are sent."""

    def drained(self) -> None:
        """As before."""

    def lost(self) -> None:
        """Nothing is kept of it."""


class Deaf(Echo):
    """Swallows what is said: a server that does not conform."""

    def said(self, text: bytes) -> None:
        """Not a word."""


@asynccontextmanager
async def serving(peer: type[Echo]) -> AsyncIterator[str]:
    """The address of a server whose sockets are these peers behind the product's wire."""

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        one = peer()
        one.wire = websocket.scope["extensions"]["wire"](one)

    app = Starlette(routes=[WebSocketRoute("/ws", endpoint)])
    ungated: Any = SimpleNamespace(gate=None)
    server = Server(config(app, ungated, port=0, lifespan="off", log_config=None, access_log=False))
    async with listening(server) as port:
        yield f"ws://127.0.0.1:{port}/ws"


async def ask(address: str, cases: Sequence[str], without: Sequence[str] = ()) -> list[Any]:
    """What the client says of each of these cases."""
    try:
        results: list[Any] = await kosoku.run_fuzzingclient(address, cases, without, concurrency=ABREAST)
    except kosoku.FailureError as failure:
        results = failure.results
    return results


def wrong(results: Sequence[Any]) -> list[str]:
    """The cases that did not go well, in words."""
    return [
        f"{one.case_id}: {one.behavior.value}, {one.behavior_close.value}, {one.result} {one.result_close}"
        for one in results
        if not {one.behavior.value, one.behavior_close.value} <= FINE
    ]


async def test_the_protocol() -> None:
    async with serving(Echo) as address:
        results = await ask(address, ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"], [*TEXT_ONLY, *STRICTER])
        stricter = await ask(address, list(STRICTER))
    assert len(results) > 230, "the client ran them all"
    assert wrong(results) == []
    assert {one.case_id: one.remote_close_code for one in stricter} == STRICTER


async def test_large_messages_and_many_once_the_limits_are_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LARGEST", 32 * 1024 * 1024)
    monkeypatch.setattr(wire, "BURST", 10**9)
    async with serving(Echo) as address:
        results = await ask(address, ["9.*"], TEXT_ONLY)
    assert len(results) == 27
    assert wrong(results) == []


async def test_with_the_limits_the_connection_ends_as_documented() -> None:
    async with serving(Echo) as address:
        large = await ask(address, ["9.1.2", "9.1.6"])
        many = await ask(address, ["9.7.1"])
        binary = await ask(address, ["1.2.*", "9.8.1"])
    assert {one.remote_close_code for one in large} == {4413}
    assert {one.remote_close_code for one in many} == {4429}
    assert {one.remote_close_code for one in binary} == {4400}


async def test_a_server_that_does_not_answer_is_found_out() -> None:
    async with serving(Deaf) as address:
        assert len(wrong(await ask(address, ["1.1.2", "1.1.3"]))) == 2
