"""When the disk fails, the process ends without a word; when PostgreSQL is gone, it is 503 until it is back."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, make_url, text
from starlette.applications import Starlette

from intranet.kernel import GONE, House, Person, Refused, Tx, Unavailable, new_id
from intranet.kernel.config import Settings
from intranet.kernel.migrate import current, newest
from intranet.kernel.outcome import DriverFailed
from intranet.kernel.writer import SqliteWriter
from tests import cast
from tests.databases import on_database
from tests.kernel import ledger
from tests.kernel.conftest import Books
from tests.kernel.ledger import Enter, Jot

FAULTY = Path(__file__).with_name("faulty_disk.py")


def test_on_an_io_error_the_process_ends_without_answering(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, FAULTY, tmp_path], capture_output=True, text=True, timeout=30)
    opened, *kept = done.stdout.splitlines()
    assert kept == ["kept 0", "kept 1", "kept 2", "the disk fails now"]
    assert done.returncode == 74
    assert "the process ends" in done.stderr
    look = [sys.executable, str(FAULTY), str(tmp_path), opened.removeprefix("place ")]
    again = subprocess.run(look, capture_output=True, text=True, timeout=30)
    assert again.stdout.splitlines() == ["['0', '1', '2']"]


@pytest.mark.engine("sqlite")
async def test_nobody_of_the_batch_is_told_it_was_kept_before_the_end(books: Books) -> None:
    reasons: list[str] = []
    writer: SqliteWriter = books.house.writer  # type: ignore[assignment]
    writer.fatal = reasons.append

    def fails(_conn: Any, _entries: Any) -> Any:
        raise DriverFailed("disk I/O error")

    writer.batch.run = fails  # type: ignore[method-assign, assignment]
    with pytest.raises(Refused) as told:
        await books.house.perform(books.ann, Jot(id=new_id(), place=books.first, text="a"))
    assert (told.value.status, reasons) == (503, ["disk I/O error"])


async def gone(settings: Settings, *, allow: bool) -> None:
    """Let nobody into the database of this test, and put out who is in; or let them in again."""
    url = make_url(settings.database_url)
    beside = url.set(database="postgres").render_as_string(hide_password=False)
    server = Settings(data=settings.data, database_url=beside)

    def say(conn: Connection) -> None:
        conn.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS {allow}'))
        conn.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": url.database}
        )

    await on_database(server, say)


@pytest.mark.engine("postgres")
async def test_without_its_database_the_house_says_503_and_goes_on_when_it_is_back(
    books: Books, settings: Settings
) -> None:
    first = Jot(id=new_id(), place=books.first, text="before")
    await books.house.perform(books.ann, first)
    await gone(settings, allow=False)
    write = Jot(id=new_id(), place=books.first, text="kept in the outbox")
    for _ in range(3):
        with pytest.raises(Refused) as told:
            await books.house.perform(books.ann, write)
        assert (told.value.status, told.value.code) == (503, "database-gone")
    with pytest.raises(GONE):
        await books.house.read(current)
    await gone(settings, allow=True)
    assert await books.house.read(current) == newest()
    assert (await books.house.perform(books.ann, write)).repeat is False
    assert (await books.house.perform(books.ann, first)).repeat is True
    assert await books.lines(books.first) == ["before", "kept in the outbox"]


@pytest.mark.engine("postgres")
async def test_lanes_that_wait_for_each_other_run_again(books: Books, settings: Settings) -> None:
    name = make_url(settings.database_url).database
    await on_database(
        settings, lambda conn: conn.execute(text(f"ALTER DATABASE \"{name}\" SET deadlock_timeout='30ms'"))
    )
    await books.house.stop()
    house = House(settings, books.house.rooms)
    await house.start()
    assert books.first % 4 != books.second % 4, "two lanes"
    tried: list[int] = []

    def dawdle(tx: Tx) -> None:
        tried.append(tx.place)
        tx.read(text("SELECT pg_sleep(0.3)"))

    ledger.waits += [dawdle, dawdle]
    one, two = await asyncio.gather(
        house.perform(books.ann, Enter(id=new_id(), place=books.first, text="one", locks=[books.second])),
        house.perform(books.bo, Enter(id=new_id(), place=books.second, text="two", locks=[books.first])),
    )
    assert sorted(tried) == [books.first, books.second]
    assert not one.repeat
    assert not two.repeat
    assert await house.read(ledger.lines, books.first) == ["one"]
    assert await house.read(ledger.lines, books.second) == ["two"]
    await house.stop()


@pytest.mark.engine("postgres")
async def test_two_nodes_take_the_same_write_once(books: Books, settings: Settings) -> None:
    other = House(settings, books.house.rooms)
    await other.start()
    for number in range(20):
        write = Jot(id=new_id(), place=books.first, text=str(number))
        beside = [Jot(id=new_id(), place=books.first, text="beside") for _ in range(2)]
        told = await asyncio.gather(
            books.house.perform(books.ann, write), other.perform(books.ann, write),
            *(other.perform(books.bo, one) for one in beside),
        )  # fmt: skip
        assert told[0].seq == told[1].seq
        assert sorted([told[0].repeat, told[1].repeat]) == [False, True]
    lines = await books.lines(books.first)
    assert [line for line in lines if line != "beside"] == [str(number) for number in range(20)]
    assert len(lines) == 60
    await other.stop()


async def test_waiting_writes_are_finished_before_the_house_stops(books: Books) -> None:
    writes = [Jot(id=new_id(), place=books.first, text=str(number)) for number in range(300)]
    waiting = [asyncio.create_task(books.house.perform(books.ann, one)) for one in writes]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    await books.house.stop()
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome).__name__ for outcome in told} <= {"Answer", "Unavailable"}
    kept = [write.text for write, outcome in zip(writes, told, strict=True) if not isinstance(outcome, Exception)]
    house = House(books.house.settings, books.house.rooms)
    assert await house.read(ledger.lines, books.first) == kept
    await house.stop()


async def test_after_the_stop_a_write_is_refused_and_not_kept_waiting(books: Books) -> None:
    await books.house.stop()
    late = books.house.perform(Person(-1), Jot(id=new_id(), place=books.first, text="late"))
    with pytest.raises(Refused) as told:
        await asyncio.wait_for(late, timeout=5)
    assert told.value.status == 503


@pytest.mark.engine("postgres")
async def test_pages_say_503_without_the_database_and_work_again_after(
    app: Starlette, client: httpx2.AsyncClient, settings: Settings
) -> None:
    house: House = app.state.house
    jana = await cast.person(house, "Jana Reuter")
    await cast.sign_in(client, house, jana)
    await gone(settings, allow=False)
    for path, accept in (("/", "text/html"), ("/jump.json", "application/json")):
        answer = await client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers.get("content-type", "").split(";")[0]) == (
            503, "text/html" if accept == "text/html" else "application/problem+json"
        )  # fmt: skip
        assert "asyncpg" not in answer.text
    sent = {"do": "channels.create", "id": new_id(), "name": "Bleibt im Postausgang"}
    assert (await client.post("/do", json=sent)).status_code == 503
    await gone(settings, allow=True)
    assert (await client.get("/")).status_code == 200
    assert (await client.post("/do", json=sent)).status_code == 200


@pytest.mark.parametrize("cause", [FileNotFoundError("a template"), ConnectionResetError("a mail server")])
async def test_what_is_missing_beside_the_database_is_our_fault_and_noted(
    cause: OSError, client: httpx2.AsyncClient, home: House, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    async def broken(*_args: Any) -> Any:
        raise cause

    jana = await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, jana)
    assert (await client.get("/jump.json")).status_code == 200, "she is signed in"
    monkeypatch.setattr("intranet.inbox.views.signed_in", broken)
    answer = await client.get("/jump.json", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (500, "server")
    logged = capsys.readouterr().out
    assert "request failed" in logged
    assert "database error" not in logged


async def test_who_hangs_up_in_the_middle_of_a_request_is_nobodys_fault(
    app: Starlette, home: House, capsys: pytest.CaptureFixture[str]
) -> None:
    jana = await cast.person(home, "Jana Reuter")
    cookie = f"binnen={await cast.session_secret(home, jana)}".encode()
    headers = [(b"host", b"binnen.test"), (b"origin", b"http://binnen.test"), (b"cookie", cookie),
               (b"content-type", b"application/json")]  # fmt: skip
    scope = {
        "type": "http", "method": "POST", "path": "/do", "raw_path": b"/do", "query_string": b"", "headers": headers,
        "scheme": "http", "server": ("binnen.test", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
    }  # fmt: skip
    sent: list[Any] = []
    parts = [{"type": "http.request", "body": b'{"do": "chat', "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> Any:
        return parts.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert sent[0]["status"] == 408
    logged = "".join(capsys.readouterr())
    assert "failed" not in logged
    assert "error" not in logged


async def test_a_stranger_is_told_in_the_language_of_the_browser(
    client: httpx2.AsyncClient, home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_args: Any) -> Any:
        raise Unavailable(503, "database-gone")

    jana = await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, jana)
    monkeypatch.setattr(home.db, "read", gone)
    answer = await client.get("/", headers={"Accept": "application/json", "Accept-Language": "nl"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "record" not in answer.json()["title"], "that would be English"
