"""The socket itself: whatever a client sends, and however it arrives."""

import asyncio
import base64
import json
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import websockets
from websockets.frames import Frame, Opcode

from intranet.hub import wire
from intranet.kernel import new_id
from tests.hub import club
from tests.hub.cast import WAIT, Guest, Town, until


@asynccontextmanager
async def raw(town: Town, token: str = "ann") -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection after the handshake, byte by byte in our hands."""
    reader, writer = await asyncio.open_connection("127.0.0.1", town.port)
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    )
    writer.write(head.encode())
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT)
    assert b" 101 " in answer
    assert b"permessage-deflate" not in answer
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


def masked(payload: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=True)


async def one_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """(opcode, payload) of the next frame from the server."""
    first, size = await asyncio.wait_for(reader.readexactly(2), WAIT)
    assert first & 0x80, "the server never fragments"
    if size == 126:
        (size,) = struct.unpack("!H", await reader.readexactly(2))
    elif size == 127:
        (size,) = struct.unpack("!Q", await reader.readexactly(8))
    return first & 0x0F, await reader.readexactly(size)


async def close_code(reader: asyncio.StreamReader) -> int:
    while True:
        opcode, payload = await one_frame(reader)
        if opcode == Opcode.CLOSE:
            return int(struct.unpack("!H", payload[:2])[0])


HELLO = json.dumps({"t": "hello", "dialect": "json"}).encode()


async def test_bytes_may_arrive_one_by_one(club_town: Town) -> None:
    async with raw(club_town) as (reader, writer):
        for byte in masked(HELLO):
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(0)
        assert json.loads((await one_frame(reader))[1])["t"] == "heads"


async def test_header_and_payload_may_arrive_apart(club_town: Town) -> None:
    async with raw(club_town) as (reader, writer):
        frame = masked(HELLO)
        for part in (frame[:2], frame[2:6], frame[6:]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.01)
        assert json.loads((await one_frame(reader))[1])["t"] == "heads"


async def test_fragments_with_a_ping_between(club_town: Town) -> None:
    async with raw(club_town) as (reader, writer):
        middle = len(HELLO) // 2
        writer.write(
            masked(HELLO[:middle], fin=False) + masked(b"p", Opcode.PING) + masked(HELLO[middle:], Opcode.CONT)
        )
        heard = [await one_frame(reader), await one_frame(reader)]
        assert (Opcode.PONG, b"p") in heard
        assert any(b'"heads"' in payload for _, payload in heard)


async def test_pings_keep_it_and_silence_ends_it(club_town: Town) -> None:
    async with raw(club_town) as (reader, writer):
        writer.write(masked(HELLO))
        await one_frame(reader)
        for _ in range(4):
            await club_town.hub.heart.beat()
            heard = [await one_frame(reader), await one_frame(reader)]
            assert heard == [(Opcode.PING, b""), (Opcode.TEXT, b'{"t":"beat"}')]
            writer.write(masked(b"", Opcode.PONG))
            await until(lambda: not any(c.wire.missed for c in club_town.hub.connections))
        for _ in range(3):
            await club_town.hub.heart.beat()
        await until(lambda: not club_town.hub.connections)


REFUSED = {
    "too large": (masked(b"x" * (wire.LARGEST + 1)), 4413),
    "too large in parts": (masked(b"x" * 40_000, fin=False) + masked(b"x" * 40_000, Opcode.CONT), 4413),
    "not JSON": (masked(b"{"), 4400),
    "unknown": (masked(b'{"t":"unknown"}'), 4400),
    "unknown dialect": (masked(b'{"t":"hello","dialect":"xml"}'), 4400),
    "unknown field": (masked(b'{"t":"hello","surprise":1}'), 4400),
    "no hello": (masked(b'{"t":"open","place":1}'), 4400),
    "not UTF-8": (masked(b"\xff\xfe"), 1007),
    "two hellos": (masked(HELLO) + masked(HELLO), 4400),
    "binary": (masked(HELLO, Opcode.BINARY), 4400),
    "not masked": (Frame(Opcode.TEXT, HELLO).serialize(mask=False), 1002),
    "nothing to continue": (masked(b"x", Opcode.CONT), 1002),
    "flood": (masked(b"", Opcode.PING) * (wire.BURST + 50), 4429),
    "goodbye": (masked(struct.pack("!H", 1000), Opcode.CLOSE), 1000),
}


async def test_what_is_refused_is_closed_with_a_reason(club_town: Town) -> None:
    for what, (sent, code) in REFUSED.items():
        async with raw(club_town) as (reader, writer):
            writer.write(sent)
            assert await close_code(reader) == code, what
        await until(lambda: not club_town.hub.connections and not club_town.server.server_state.connections)


async def test_a_message_of_nearly_the_limit_is_taken(club_town: Town) -> None:
    async with club_town.visit("ann") as ann:
        await ann.tell(t="do", write={"do": "club.say", "id": "x" * 8, "text": "x" * 60_000})
        assert (await ann.hear("answer"))["status"] == 404


async def test_nobody_is_told_so(club_town: Town) -> None:
    for options in (
        {"origin": f"http://127.0.0.1:{club_town.port}"},
        {"additional_headers": {"Authorization": "Bearer no"}},
    ):
        async with club_town.connect("", **options) as socket:
            assert await Guest(socket).closed() == 4401


async def test_a_foreign_page_is_refused_before_it_is_heard(club_town: Town) -> None:
    cookie = {"Cookie": "binnen=ann"}
    for origin in (None, "https://evil.example"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with club_town.connect("", additional_headers=cookie, origin=origin):
                pass
        assert refused.value.response.status_code == 403
    own = f"http://127.0.0.1:{club_town.port}"
    async with club_town.connect("", additional_headers=cookie, origin=own) as socket:
        guest = Guest(socket)
        await guest.tell(t="hello", dialect="json")
        await guest.hear("heads")


async def test_an_ended_session_is_closed_at_once_and_only_that(club_town: Town) -> None:
    async with club_town.visit("ann/desk") as desk, club_town.visit("ann/phone") as phone:
        await club_town.act("", club.End(id=new_id(), session="ann/phone"))
        assert await phone.closed() == 4403
        await club_town.act("ann", club.Note(id=new_id(), key="note/1", value=1))
        await desk.hear("mine")


async def test_a_restart_tells_everybody_and_leaves_nothing_behind(club_town: Town) -> None:
    async with club_town.visit("ann") as ann, club_town.visit("bo") as bo:
        stopping = asyncio.create_task(club_town.server.shutdown())
        assert await ann.closed() == 1012
        assert await bo.closed() == 1012
    await stopping
    assert not club_town.server.server_state.connections
    assert not club_town.hub.connections
    assert not club_town.hub.readers
    assert not club_town.hub.served


async def test_who_is_gone_before_the_wire_has_them_leaves_nothing_behind(
    club_town: Town, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def dead(*_args: object) -> None:
        raise OSError("bad file descriptor")

    async with club_town.visit("ann"):
        monkeypatch.setattr(wire.Wire, "__init__", dead)
        async with raw(club_town, "bo"):
            pass
        monkeypatch.undo()
        assert {connection.person.name for connection in club_town.hub.connections} == {"ann"}
        await club_town.hub.heart.beat()
    assert "Exception in ASGI" not in "".join(capfd.readouterr())


async def test_what_runs_for_ever_goes_on_after_a_stumble(
    club_town: Town, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    went_on = asyncio.Event()

    def tell_changes() -> None:
        if went_on.is_set() or "stumbled" in capfd.readouterr().out:
            went_on.set()
        else:
            raise ValueError("a fault of ours")

    monkeypatch.setattr(club_town.hub.presence, "tell_changes", tell_changes)
    await asyncio.wait_for(went_on.wait(), 3 * WAIT)


async def test_a_page_of_somebody_else_hears_nothing(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    bo = club_town.people["bo"]
    async with club_town.connect("ann") as socket:
        guest = Guest(socket)
        await guest.tell(t="hello", dialect="json", person=bo, open=place)
        assert await guest.closed() == 4401
        assert guest.kept == []
