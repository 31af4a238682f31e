"""Slow readers, herds, and what is dropped first."""

import asyncio
import socket
from time import monotonic

import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from intranet.hub import wire
from intranet.hub.gate import Gate, Lag
from tests.hub.cast import Guest, Town, texts, until

LONG = "x" * 20_000


def deaf(town: Town) -> socket.socket:
    """A socket with a small receive buffer, connected."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.setblocking(False)
    return plain


async def slow_reader(town: Town, place: int) -> Guest:
    """Bo, who has said hello and then reads nothing."""
    plain = deaf(town)
    await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", town.port))
    guest = Guest(await town.connect("bo", sock=plain, max_queue=1))
    await guest.tell(t="hello", dialect="json", open=place)
    await guest.hear("heads")
    return guest


async def fill(town: Town, place: int) -> int:
    """Say so much that a slow reader is left behind; how much it was."""
    for number in range(200):
        await town.say("ann", place, f"{number} {LONG}")
        if any(connection.wire.since for connection in town.hub.connections):
            return number + 1
    raise AssertionError("nobody was left behind")


async def test_a_slow_reader_is_left_behind_and_caught_up(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    bo = await slow_reader(club_town, place)
    async with club_town.visit("ann") as ann:
        said = await fill(club_town, place)
        (held,) = [c for c in club_town.hub.connections if c.person.name == "bo"]
        waiting = held.wire.transport.get_write_buffer_size()
        for number in range(5):
            await club_town.say("ann", place, f"later {number} {LONG}")
        seen = 0
        while seen < said + 5:  # others are not held up
            seen += len(texts([await ann.hear("frame", place=place)]))
        assert held.wire.transport.get_write_buffer_size() < waiting + len(LONG), "nothing more is heaped up"
        behind = await bo.hear("behind")
        frames = [message for message in bo.kept if message["t"] == "frame"]
        epoch, cursor = frames[-1]["epoch"], frames[-1]["to"]
        assert behind["heads"][str(place)][1] > cursor
        await bo.tell(t="open", place=place, cursor=[epoch, cursor])
        rest = [message for message in await bo.hear_all("complete", place=place) if message["t"] == "frame"]
        assert rest[0]["from"] == cursor
        assert len(texts(frames) + texts(rest)) == said + 5
        await club_town.say("ann", place, "live again")
        assert texts([await bo.hear("frame", place=place)]) == ["live again"]
    await bo.socket.close()


async def test_who_does_not_drain_is_asked_to_come_again(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    bo = await slow_reader(club_town, place)
    await fill(club_town, place)
    (stuck,) = club_town.hub.connections
    club_town.hub.heart.end_the_stuck()
    assert stuck in club_town.hub.connections
    stuck.wire.since = monotonic() - wire.PATIENCE - 1
    club_town.hub.heart.end_the_stuck()
    assert not club_town.hub.connections
    assert await bo.closed() in (1013, 1006)


async def test_a_long_catch_up_is_fed_as_fast_as_it_is_taken(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    epoch, before = await club_town.cursor(place)
    for number in range(20):
        await club_town.say("ann", place, f"{number} {LONG}")
    bo = await slow_reader(club_town, place)
    await bo.tell(t="open", place=place, cursor=[epoch, before])
    await until(lambda: any(c.wire.since for c in club_town.hub.connections))
    (held,) = club_town.hub.connections
    assert held.feed is not None
    assert held.feed.entries, "the rest waits in memory once, not in the connection's buffer"
    assert held.wire.transport.get_write_buffer_size() < wire.HIGH_WATER + 3 * len(LONG)
    last = await club_town.say("ann", place, "meanwhile")
    await until(lambda: club_town.hub.served[place].cursor >= last)
    heard = await bo.hear_all("complete", place=place)
    cursor = before
    for frame in heard:
        if frame["t"] == "frame":
            assert frame["from"] == cursor
            cursor = frame["to"]
    assert texts(heard)[-1] == "meanwhile"
    assert len(texts(heard)) == 21
    await bo.socket.close()


async def test_whispers_reach_who_looks_and_are_limited(club_town: Town) -> None:
    place = await club_town.found("ann", "bo", "cy")
    async with (
        club_town.visit("ann", place) as ann, club_town.visit("bo", place) as bo, club_town.visit("cy") as cy,
    ):  # fmt: skip
        for topic in (4, 5, 6):
            await ann.tell(t="typing", place=place, topic=topic)
        await ann.tell(t="here", place=place)
        here = await ann.hear("here")
        assert here["people"] == sorted((club_town.people["ann"], club_town.people["bo"]))
        await club_town.say("ann", place, "done")
        heard = [m for m in await bo.hear_all("frame", place=place) if m["t"] == "whisper"]
        assert heard == [
            {"t": "whisper", "place": place, "kind": "typing", "person": club_town.people["ann"], "topic": 4}
        ]
        assert [m["t"] for m in await cy.hear_all("frame", place=place)] == ["frame"]
        await bo.tell(t="open", place=0)
        await ann.hear("here", place=place, people=[club_town.people["ann"]])


async def test_a_beat_carries_the_heads_of_what_moved(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    async with club_town.visit("bo") as bo:
        await club_town.hub.heart.beat()
        assert [m["t"] for m in await bo.hear_all("beat")] == ["beat"]
        seq = await club_town.say("ann", place, "moved")
        await bo.hear("frame", place=place)
        await club_town.hub.heart.beat()
        assert (await bo.hear("heads"))["heads"] == {str(place): [club_town.house.epoch, seq]}
        await bo.hear("beat")


def test_the_gate_admits_at_its_rate_and_spreads_the_rest() -> None:
    gate = Gate(100, burst=10)
    waits = [gate.knock() for _ in range(500)]
    assert waits[:10] == [0] * 10
    assert 1 <= min(waits[20:]) <= max(waits) <= 7
    assert gate.refused >= 480
    gate._stamp -= 0.1
    assert [gate.knock() for _ in range(12)].count(0) >= 10


async def test_a_herd_is_told_when_to_come_back_and_converges(club_town: Town) -> None:
    place = await club_town.found("ann")
    gate = club_town.hub.gate
    gate.per_second, gate.burst = 5.0, 5.0  # until somebody was refused, so that it holds on a slow machine
    refused: list[tuple[int, int]] = []

    async def come() -> ClientConnection:
        while True:
            try:
                opened: ClientConnection = await club_town.connect("ann")
                return opened
            except websockets.InvalidStatus as answer:
                refused.append((answer.response.status_code, int(answer.response.headers["Retry-After"])))
                gate.per_second, gate.burst = 200.0, 20.0
                await asyncio.sleep(0.05)

    guests = [Guest(socket) for socket in await asyncio.gather(*(come() for _ in range(120)))]
    assert {status for status, _ in refused} == {503}
    assert min(after for _, after in refused) >= 1
    for guest in guests:
        await guest.tell(t="hello", dialect="json", open=place)
    for guest in guests:
        await guest.hear("heads")
    await club_town.say("ann", place, "all here")
    for guest in guests:
        assert texts([await guest.hear("frame")]) == ["all here"]
    await asyncio.gather(*(guest.socket.close() for guest in guests))


async def test_lag_counts_all_that_was_late() -> None:
    lag = Lag()
    lag.EVERY = 0.01
    watching = asyncio.create_task(lag.watch())
    await until(lambda: lag.seen)
    end = monotonic() + 0.1
    while monotonic() < end:
        pass
    await until(lambda: len(lag.seen) > 12)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    assert lag.p99() > 50
