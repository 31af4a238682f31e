"""What an attacker sends: each gets a clear answer, with the headers on, and nothing of it reaches the log."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx2
import pytest
import websockets

from intranet.hub import patience
from intranet.kernel import House, Person, new_id
from intranet.kernel.guard import HEADERS
from intranet.kernel.logs import Told
from intranet.people.views import photo
from tests import cast
from tests.served import Served

ODD = ["²", "٣", "9" * 30, "9" * 5000, "-1", "1_0", "%00"]
JSON = {"Content-Type": "application/json", "Accept": "application/json"}
DEEP = b"[" * 20_000


@pytest.fixture
async def jana(home: House, client: httpx2.AsyncClient) -> Person:
    one = await cast.person(home, "Jana Reuter", role="owner")
    await cast.sign_in(client, home, one)
    return one


async def test_a_number_that_is_none_is_no_fault_of_the_server(
    home: House, client: httpx2.AsyncClient, jana: Person
) -> None:
    place = await cast.channel(home, jana, "Werkstatt")
    for odd in ODD:
        await _odd_everywhere(odd, client, jana, place)


async def _odd_everywhere(odd: str, client: httpx2.AsyncClient, jana: Person, place: int) -> None:
    for path in (
        f"/channels/new?people={odd}", f"/channels/direct?people={odd}", f"/c/{place}/members?people={odd}",
        f"/part/nav?open={odd}", f"/c/{odd}", f"/p/{odd}", f"/c/{place}/t/{odd}", f"/c/{place}?at={odd}",
        f"/catchup?place={odd}&after={odd}", f"/admin/people/{odd}", f"/admin/people?made={odd}", f"/people?team={odd}",
    ):  # fmt: skip
        assert (await client.get(path)).status_code < 500, path
    for fields in (
        {"do": "channels.change", "place": odd, "name": ""}, {"do": "people.admit", "person": odd},
        {"do": "people.admit", "person": str(jana.id), "role": "nix", "teams": odd},
        {"do": "people.team_change", "team": odd}, {"do": "chat.react", "place": str(place), "message": odd},
    ):  # fmt: skip
        assert (await client.post("/do", data={"id": new_id(), **fields})).status_code < 500, fields
    for write in (
        {"do": "chat.react", "message": odd, "emoji": "👍"}, {"do": "chat.post", "text": "x", "topic": odd},
        {"do": "chat.post", "text": "x", "reply_to": odd}, {"do": "chat.topic_move", "messages": [odd]},
        {"do": "files.attach", "message": odd, "tile": "t", "upload": "u"},
    ):  # fmt: skip
        answer = await client.post("/do", json={"id": new_id(), "place": place, **write}, headers=JSON)
        assert answer.status_code in (404, 422), write


async def test_bytes_that_are_no_json(client: httpx2.AsyncClient, jana: Person) -> None:
    for body in (b'{"do":"\xff"}', b'{"do":"\xed\xa0\x80"}', b'{"do":' + DEEP, b"", b"[]", b"null"):
        for path in ("/do", "/receipts"):
            answer = await client.post(path, content=body, headers=JSON)
            assert answer.status_code == 422, (path, body[:20])
            assert answer.json()["code"] == "malformed", (path, body[:20])


async def much() -> AsyncIterator[bytes]:
    for _ in range(20):
        yield b"x" * 65_536


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/do", "application/json"), ("/do", "application/x-www-form-urlencoded"), ("/receipts", "application/json")],
)
async def test_a_body_without_a_length_is_cut_off_in_words(
    path: str, kind: str, client: httpx2.AsyncClient, jana: Person
) -> None:
    headers = {"Content-Type": kind, "Accept": "application/json"}
    answer = await client.post(path, content=much(), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too-large"


async def test_a_crash_keeps_the_headers_and_logs_no_word(
    served: Served, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    jana = await cast.person(served.house, "Jana Reuter")
    secret = await cast.session_secret(served.house, jana)

    async def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise ValueError("zwkgeheim")

    handler = Told()
    logging.getLogger().addHandler(handler)
    try:
        monkeypatch.setattr(served.house, "read", broken)
        async with httpx2.AsyncClient(base_url=served.url, headers={"Cookie": f"binnen={secret}"}) as client:
            answer = await client.get("/reset/zwkgeheimlink")
            again = await client.get("/healthz")
        logging.getLogger("asyncio").error("never retrieved\nfuture: ValueError('zwkgeheim')")
    finally:
        logging.getLogger().removeHandler(handler)
    assert (answer.status_code, again.status_code) == (500, 200)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    told = "".join(capfd.readouterr())
    assert "request failed" in told
    assert "never retrieved" in told
    assert "zwkgeheim" not in told + answer.text


@pytest.mark.parametrize("inner", [DEEP.decode(), '{"a":' + DEEP.decode()])
async def test_a_socket_that_sends_what_is_too_deep_is_told(inner: str, served: Served) -> None:
    jana = await cast.person(served.house, "Jana Reuter")
    async with cast.listen(served, jana) as ear:
        await ear.socket.send('{"t":"do","write":' + inner + "}")
        with pytest.raises(websockets.ConnectionClosed):
            await ear.until("never")
        assert ear.socket.close_code == 4400


async def test_who_is_not_signed_in_sends_little(served: Served) -> None:
    async with httpx2.AsyncClient(base_url=served.url, headers={"Origin": served.url}) as client:
        for headers in (JSON, {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}):
            answer = await client.post("/do", content=b"x" * 70_000, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@asynccontextmanager
async def plain(served: Served) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A bare connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@pytest.mark.parametrize(
    ("before", "said"),
    [(b"", b""), (b"", b"GET / HTTP/1.1\r\nHo"), (b"GET /healthz HTTP/1.1\r\nHost: b\r\n\r\n", b"GET /he")],
)
async def test_who_says_nothing_or_half_a_word_is_let_go(
    before: bytes, said: bytes, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEAD_WITHIN", 0.05)
    async with plain(served) as (reader, writer):
        if before:
            writer.write(before)
            await reader.readuntil(b"ok")
        writer.write(said)
        assert await asyncio.wait_for(reader.read(), cast.WAIT) == b""


async def test_who_has_asked_is_waited_for(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_WITHIN", 0.05)
    jana = await cast.person(served.house, "Jana Reuter")
    async with cast.listen(served, jana) as ear, plain(served) as (reader, writer):
        writer.write(b"POST /do HTTP/1.1\r\nHost: b\r\nOrigin: http://b\r\nContent-Length: 2\r\n\r\n")
        async with plain(served) as (silent, _):
            assert await asyncio.wait_for(silent.read(), cast.WAIT) == b"", "by now the time for a head is over"
        writer.write(b"{}")
        assert (await asyncio.wait_for(reader.readline(), cast.WAIT)).startswith(b"HTTP/1.1 4")
        await (await ear.socket.ping())


async def test_one_portrait_of_a_person_at_a_time(served: Served) -> None:
    jana = await cast.person(served.house, "Jana Reuter")
    secret = await cast.session_secret(served.house, jana)
    headers = {"Cookie": f"binnen={secret}", "Origin": served.url, "Accept": "text/html"}
    begun, go = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"--x\r\n"
        begun.set()
        await go.wait()
        yield b"\r\n--x--\r\n"

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    async with httpx2.AsyncClient(base_url=served.url, headers=headers) as client:
        first = asyncio.create_task(client.post("/people/photo", content=slowly(), headers=form))
        await begun.wait()
        while jana.id not in photo._busy:  # noqa: ASYNC110  else the second could come in first
            await asyncio.sleep(0)
        assert (await client.post("/people/photo", files={"photo": b"x"})).status_code == 429
        go.set()
        assert (await first).status_code in (400, 422)
        assert (await client.post("/people/photo", files={"photo": b"x"})).status_code == 422
