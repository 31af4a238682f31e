import asyncio
import os

import pytest

from intranet.files import parts
from intranet.files.parts import Parts, TooLong, WrongOffset

STEP = 64 * 1024


@pytest.fixture
def table(tmp_path):
    return Parts(tmp_path)


async def pieces(*chunks, then=None):
    for chunk in chunks:
        yield chunk
    if then:
        raise then


async def test_an_upload_grows_from_where_it_stands(table):
    path = table.path(5, "abc-1234")
    assert await table.offset(path) == 0
    assert await table.receive(path, 0, 200_000, pieces(b"a" * 100_000, b"b" * 10)) == 100_010
    with pytest.raises(WrongOffset) as wrong:
        await table.receive(path, 5, 200_000, pieces(b"c"))
    assert wrong.value.right == 100_010
    assert await table.receive(path, 100_010, 200_000, pieces(b"c" * 5)) == 100_015
    assert path.read_bytes() == b"a" * 100_000 + b"b" * 10 + b"c" * 5


async def test_what_arrived_before_a_connection_died_is_kept(table):
    path = table.path(5, "abc-1234")
    with pytest.raises(ConnectionError):
        await table.receive(path, 0, 10**6, pieces(b"x" * (STEP + 7), then=ConnectionError()))
    assert await table.offset(path) == STEP + 7


async def test_no_byte_more_than_announced(table):
    path = table.path(5, "abc-1234")
    with pytest.raises(TooLong):
        await table.receive(path, 0, STEP + 10, pieces(b"x" * STEP, b"x" * 11))
    assert await table.offset(path) == STEP


async def test_a_later_connection_takes_over(table):
    path = table.path(5, "abc-1234")
    written, more = asyncio.Event(), asyncio.Event()

    async def half_dead():
        yield b"a" * STEP
        written.set()
        await more.wait()
        yield b"late" * STEP

    first = asyncio.create_task(table.receive(path, 0, 10**6, half_dead()))
    await written.wait()
    assert await table.offset(path) == STEP
    assert await table.receive(path, STEP, 10**6, pieces(b"b" * 9)) == STEP + 9
    more.set()
    with pytest.raises(WrongOffset) as wrong:
        await first
    assert wrong.value.right == STEP + 9
    assert path.read_bytes() == b"a" * STEP + b"b" * 9
    assert table._parts == {}


async def test_who_asks_waits_for_what_has_arrived_but_not_for_a_line_that_hangs(table):
    async with table.arriving("abc-1234"):
        await table.settled("abc-1234", patience=0.01)
        waiting = asyncio.create_task(table.settled("abc-1234", patience=60))
        await table.settled("another-1", patience=60)
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting


async def test_another_node_goes_on_where_one_stopped(table, tmp_path):
    other = Parts(tmp_path)  # all nodes of an installation have one data folder
    path = table.path(5, "abc-1234")
    await table.receive(path, 0, 300, pieces(b"a" * 100))
    assert await other.offset(other.path(5, "abc-1234")) == 100
    assert await other.receive(path, 100, 300, pieces(b"b" * 100)) == 200
    with pytest.raises(WrongOffset) as wrong:
        await table.receive(path, 100, 300, pieces(b"c" * 100))
    assert wrong.value.right == 200
    assert await table.receive(path, 200, 300, pieces(b"c" * 100)) == 300
    assert path.read_bytes() == b"a" * 100 + b"b" * 100 + b"c" * 100


async def test_a_full_disk_leaves_what_was_taken(table, monkeypatch):
    path = table.path(5, "abc-1234")
    await table.receive(path, 0, 10**6, pieces(b"a" * 100))
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: real(fd, data[:40], at))
    with pytest.raises(parts.Full):
        await table.receive(path, 100, 10**6, pieces(b"b" * 100))
    monkeypatch.undo()
    assert await table.offset(path) == 100


@pytest.mark.parametrize("bad", ["../x", "a/b", "", "a\0b", "ä-1234567"])
def test_no_path_leads_out(table, bad):
    with pytest.raises(ValueError, match="not a client id"):
        table.path(5, bad)
