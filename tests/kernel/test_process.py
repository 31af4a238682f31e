"""A whole process: ready, logging without content, stopping without losing anything."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
import websockets
from sqlalchemy import func, select

from intranet.app import ROOMS
from intranet.chat.models import Message
from intranet.kernel import House, Unavailable, new_id, sqlite
from intranet.kernel.config import Settings
from intranet.kernel.sqlite import OldSQLite, check_version
from intranet.serving import free_port
from tests.app.company import Company, found
from tests.served import Served

WORDS = {"text": "zwkgeheimertext", "name": "zwkkanalname", "password": "zwkpasswort-lang-genug"}


def environment(settings: Settings, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "INTRANET_DATA": settings.data, "INTRANET_DATABASE_URL": settings.database_url,
        "INTRANET_SECRET_KEY": settings.secret_key, "INTRANET_PORT": str(port), "INTRANET_LOG": "json",
    }  # fmt: skip


@pytest.fixture
def process(settings: Settings, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """The server as it is started, with what it logs."""
    port, log = free_port(), tmp_path / "log"
    with log.open("w") as errors:
        running = subprocess.Popen(
            [sys.executable, "-m", "intranet", "serve"], env=environment(settings, port), stdout=subprocess.PIPE,
            stderr=errors, text=True,
        )  # fmt: skip
    assert running.stdout
    first = running.stdout.readline()
    assert first == f"Binnen is at http://127.0.0.1:{port}\n", log.read_text()
    yield running, f"http://127.0.0.1:{port}", log
    running.kill()
    running.wait()
    running.stdout.close()


def get(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


async def until_closed(socket: websockets.ClientConnection) -> int | None:
    """The code with which the server ends it."""
    with contextlib.suppress(websockets.ConnectionClosed):
        async for _ in socket:
            pass
    return socket.close_code


async def test_it_says_that_it_lives_and_is_ready_and_stops_after_what_waits(
    process: tuple[subprocess.Popen[str], str, Path], settings: Settings
) -> None:
    running, url, log = process
    assert await asyncio.to_thread(get, f"{url}/healthz") == 200
    assert await asyncio.to_thread(get, f"{url}/readyz") == 200
    assert running.stdout
    path = (await asyncio.to_thread(running.stdout.readline)).split("open ")[1].split()[0].removeprefix(url)
    async with httpx2.AsyncClient(base_url=url, headers={"Origin": url}) as client:
        set_up = {
            "do": "people.set_up", "id": new_id(), "token": path.rsplit("/", 1)[1], "name": "Erna Erste",
            "email": "erna@quellmoor.example", "password": WORDS["password"],
        }  # fmt: skip
        assert (await client.post("/do", json=set_up)).status_code == 200
        token = (await client.post("/do", json={"do": "people.make_token", "id": new_id(), "name": "p"})).json()["ok"]
        made = {"do": "channels.create", "id": new_id(), "name": WORDS["name"]}
        place = (await client.post("/do", json=made)).json()["ok"]["place"]
        headers = {"Authorization": f"Bearer {token['token']}"}
        async with websockets.connect(
            url.replace("http", "ws") + "/ws", additional_headers=headers, proxy=None
        ) as socket:
            await socket.send(json.dumps({"t": "hello", "dialect": "json"}))
            await socket.recv()
            writes = [
                {"do": "chat.post", "id": new_id(), "place": place, "text": f"{WORDS['text']} {number}"}
                for number in range(60)
            ]
            sending = [asyncio.create_task(client.post("/do", json=write)) for write in writes]
            await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
            running.send_signal(signal.SIGTERM)
            told = await asyncio.gather(*sending, return_exceptions=True)
            assert await until_closed(socket) == 1012
    assert await asyncio.to_thread(running.wait, 20) in (0, -signal.SIGTERM)
    acknowledged = [one for one in told if isinstance(one, httpx2.Response) and one.status_code == 200]
    house = House(settings, ROOMS)
    kept = select(func.count()).select_from(Message).where(Message.channel == place)
    assert 0 < len(acknowledged) <= await house.read(lambda conn: conn.execute(kept).scalar_one()) <= 60
    await house.stop()
    logged = log.read_text()
    for word in (*WORDS.values(), "Erna", "quellmoor", token["token"], path):
        assert word not in logged, word
    assert all(json.loads(line) for line in logged.splitlines())


async def test_without_its_database_it_lives_but_is_not_ready(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_args: Any) -> Any:
        raise Unavailable(503, "database-gone")

    assert await asyncio.to_thread(get, f"{served.url}/readyz") == 200
    monkeypatch.setattr(served.house.db, "read", gone)
    assert await asyncio.to_thread(get, f"{served.url}/readyz") == 503
    assert await asyncio.to_thread(get, f"{served.url}/healthz") == 200


async def test_nothing_written_is_logged_even_when_verbs_fail(
    served: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    company: Company = await found(served.app)
    place = await company.channel("private", WORDS["name"])

    def broken(_tx: Any, _person: Any, write: Any) -> None:
        raise ValueError(f"cannot do this with {write.text!r}")

    house: House = served.house
    verb = house.verbs["chat.post"]
    monkeypatch.setitem(house.verbs, "chat.post", replace(verb, run=broken))
    async with company.browser("member") as client:
        write = {"do": "chat.post", "id": new_id(), "place": place, "text": WORDS["text"]}
        answer = await client.post("/do", json=write)
        assert answer.status_code == 500
        assert WORDS["text"] not in answer.text
        wrong = {"do": "people.sign_in", "id": new_id(), "email": "a@b.example", "password": WORDS["password"]}
        await client.post("/do", json=wrong)
        assert (await client.get("/", headers={"Accept": "text/html"})).status_code == 200
    logged = "".join(capsys.readouterr())
    assert "verb failed" in logged
    assert "ValueError at " in logged
    for word in (*WORDS.values(), *company.secrets.values(), *company.tokens.values()):
        assert word not in logged, word


def test_an_old_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_version()
    monkeypatch.setattr(sqlite.driver, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(OldSQLite, match="WAL-reset"):
        check_version()
