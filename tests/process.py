"""The real server as a process of its own that a test may kill, filled through the product's own verbs."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from msgspec import structs

from intranet.app import make_app
from intranet.kernel import House, Person
from intranet.kernel.config import Settings
from intranet.kernel.migrate import migrate
from intranet.serving import free_port
from tests.cast import session_secret

ROOT = Path(__file__).resolve().parents[1]
KEY = "a secret for tests only, 32 bytes and more"
START_S = 60


class Real:
    """`fill` while it is down, `start`, `kill` as often as a test likes; the data stays."""

    def __init__(self, settings: Settings) -> None:
        self.port = free_port()
        self.settings = structs.replace(settings, port=self.port)
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def fresh(folder: Path) -> "Real":
        """An empty house on SQLite."""
        real = Real(Settings(data=str(folder), secret_key=KEY, language="de"))
        _apart(lambda: migrate(real.settings))
        return real

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fill(self, work: Callable[[House], Coroutine[Any, Any, Any]]) -> Any:
        """Do something in the house; the server is down meanwhile."""

        async def inside() -> Any:
            app = make_app(self.settings)
            async with app.router.lifespan_context(app):
                return await work(app.state.house)

        return _apart(inside)

    def start(self) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("INTRANET_")}
        said = {"data": self.settings.data, "secret_key": self.settings.secret_key, "port": str(self.port),
                "database_url": self.settings.database_url, "bus_url": self.settings.bus_url,
                "files_url": self.settings.files_url,
                "files_key": self.settings.files_key, "files_secret": self.settings.files_secret}  # fmt: skip
        environ |= {f"INTRANET_{name.upper()}": value for name, value in said.items() if value}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "intranet", "serve"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + START_S
        while not self._answers():
            assert self.process.poll() is None, "the server ended by itself"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """As a power cut does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None


async def signed_in(house: House, *who: Person) -> list[str]:
    """A session for each."""
    return [await session_secret(house, one) for one in who]


def _apart(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run on a thread of its own: Playwright keeps a loop running on this one."""
    found: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(asyncio.run(work()))
        except BaseException as error:  # noqa: BLE001  raised again below, on the test's own thread
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[0]
