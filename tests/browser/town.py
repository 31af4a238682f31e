"""The whole application in a process of its own, so that a test can kill it and start it again, and people who act."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from intranet import people
from intranet.app import make_app
from intranet.kernel import SYSTEM, House, new_id
from intranet.kernel.config import Settings
from intranet.serving import bring_up, free_port
from tests import cast

T = TypeVar("T")
COMPANY: dict[str, dict[str, Any]] = {
    "jana": {"name": "Jana Reuter", "side": "field"},
    "bernd": {"name": "Bernd Oltmanns"},
    "mehmet": {"name": "Mehmet Aydin", "side": "field"},  # no test plans, drafts or keeps anything as him
    "olga": {"name": "Olga Petersen", "role": "owner"},
}


class Refusal(AssertionError):
    """The server did not take a write that a test takes for granted."""


@dataclass
class Actor:
    """Somebody with a session, who acts beside the browser."""

    town: "Town"
    id: int
    name: str
    email: str
    secret: str

    def do(self, verb: str, place: int | str = 0, /, **fields: Any) -> dict[str, Any]:
        """A write by this person; the answer's `ok`."""
        write = {"do": verb, "id": new_id(), "place": place, **fields}
        answer = self.town.http.post("/do", json=write, headers={"Cookie": f"binnen={self.secret}"})
        if answer.status_code != 200:
            raise Refusal(answer.text)
        found: dict[str, Any] = answer.json()["ok"]
        return found

    def say(self, place: int, text: str, **more: Any) -> int:
        """One message; its seq."""
        return int(self.do("chat.post", place, text=text, **more)["seq"])

    def channel(self, name: str, *members: "Actor", **more: Any) -> int:
        """A channel of this person's, with these members."""
        return int(self.do("channels.create", name=name, people=[one.id for one in members], **more)["place"])

    def get(self, path: str) -> httpx2.Response:
        """A page as this person sees it."""
        return self.town.http.get(path, headers={"Cookie": f"binnen={self.secret}", "Accept": "text/html"})

    def messages(self, place: int) -> list[str]:
        """The newest texts of a channel, through catching up as programs do it."""
        ask = f"/catchup?place={place}&epoch={self.town.epoch}&after=0&dialect=json"
        frames = self.town.http.get(ask, headers={"Cookie": f"binnen={self.secret}"}).json()["frames"]
        data = [thing["data"] for frame in frames for thing in frame.get("things", ())]
        return [one["text"] for one in data if one.get("kind") == "message" and not one.get("deleted")]


class Town:
    """A served house of four people. `kill` is a power cut for the process; `start` brings it back where it was."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.port = settings, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx2.Client(base_url=self.url, headers={"Origin": self.url}, timeout=10)
        self.process: subprocess.Popen[bytes] | None = None
        made, self.epoch = run_beside(_settle(settings))
        self.start()
        self.people = {key: self._sign_in(*who) for key, who in made.items()}

    def _sign_in(self, number: int, name: str, email: str) -> Actor:
        write = {"do": "people.sign_in", "id": new_id(), "email": email, "password": cast.PASSWORD, "device": "Test"}
        answer = self.http.post("/do", json=write)
        if answer.status_code != 200:
            raise Refusal(answer.text)
        return Actor(self, number, name, email, str(answer.cookies["binnen"]))

    def session(self, key: str) -> Actor:
        """The same person on another device: a session of its own, which may be ended."""
        known = self.people[key]
        return self._sign_in(known.id, known.name, known.email)

    def start(self) -> None:
        """Serve; returns when it is ready."""
        values = {"DATA": self.settings.data, "DATABASE_URL": self.settings.database_url, "PORT": str(self.port)}
        values |= {"SECRET_KEY": self.settings.secret_key, "LANGUAGE": "en", "LOG": "json"}
        values["WRITES_PER_SECOND"] = str(self.settings.writes_per_second)
        env = {**os.environ, **{f"INTRANET_{name}": value for name, value in values.items()}}
        log = Path(self.settings.data, "server.log")
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "intranet", "serve"], env=env, stdout=out, stderr=out
            )
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up and self.process.poll() is None:
            with suppress(httpx2.HTTPError):
                if self.http.get("/readyz").status_code == 200:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"the server does not come up:\n{log.read_text(encoding='utf-8')[-2000:]}")

    def kill(self, sign: int = signal.SIGKILL) -> None:
        """Gone at once, as by a power cut."""
        if self.process is not None:
            self.process.send_signal(sign)
            self.process.wait(20)
            self.process = None

    def pause(self) -> None:
        """The server is there and does not answer."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def close(self) -> None:
        """For good."""
        self.kill(signal.SIGTERM)
        self.http.close()


async def _settle(settings: Settings) -> tuple[dict[str, tuple[int, str, str]], str]:
    await bring_up(settings)
    app = make_app(settings)
    async with app.router.lifespan_context(app):
        house: House = app.state.house
        secret = people.hash_of(cast.PASSWORD)
        made = {}
        for key, who in COMPANY.items():
            email = f"{key}@quellmoor.example"
            write = people.Make(id=new_id(), email=email, lang="en", hash=secret, **who)
            answer = await house.perform(SYSTEM, write)
            made[key] = (int(answer.extra["person"]), who["name"], email)
        return made, house.epoch


def run_beside(work: Coroutine[Any, Any, T]) -> T:
    """A coroutine on a thread of its own: Playwright's loop runs in this one."""
    found: list[T] = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(work)))
    thread.start()
    thread.join()
    return found[0]
