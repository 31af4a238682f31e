"""A browser that knows what it has seen and sent: it goes on with the same cookie, cursor and client ids anywhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from intranet.app import make_app
from intranet.kernel import House, Person, heads, new_id
from intranet.kernel.config import Settings
from tests import cast
from tests.polls.conftest import Scene


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Any]:
    """The application on these settings, its jobs run when the test says so."""
    app = make_app(settings)
    async with app.router.lifespan_context(app):
        await app.state.runner.stop()
        yield app


def again(scene: Scene, app: Any) -> Scene:
    """The same people and polls in another house."""
    return Scene(app, app.state.house, scene.jana, scene.mehmet, scene.others, scene.olga, scene.gert, scene.place,
                 scene.other)  # fmt: skip


@dataclass
class Device:
    """One person's browser in one channel."""

    who: Person
    place: int
    secret: str
    epoch: str = ""
    seq: int = 0
    sent: dict[str, int] = field(default_factory=dict)  # client id -> the seq that was answered

    @staticmethod
    async def of(house: House, who: Person, place: int) -> "Device":
        device = Device(who, place, await cast.session_secret(house, who))
        await device.look(house)
        return device

    async def look(self, house: House) -> None:
        """A page: the cursor of what it shows."""
        self.epoch, self.seq = (await house.read(heads, [self.place]))[self.place]

    async def post(self, app: Any, text: str, write_id: str = "") -> dict[str, Any]:
        """Send, or send once more; the answer."""
        write: dict[str, Any] = {"do": "chat.post", "id": write_id or new_id(), "place": self.place, "text": text}
        async with self.browser(app) as client:
            answer = await client.post("/do", json=write, headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["ok"]
        self.sent[write["id"]] = found["seq"]
        return found

    async def catch_up(self, app: Any) -> dict[str, Any]:
        """What came since."""
        asked: dict[str, Any] = {"place": self.place, "epoch": self.epoch, "after": self.seq, "dialect": "json"}
        async with self.browser(app) as client:
            answer = await client.get("/catchup", params=asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def known(self, app: Any) -> set[str]:
        """Which of its acknowledged writes the server still has."""
        async with self.browser(app) as client:
            answer = await client.post("/receipts", json={"ids": list(self.sent)})
        return set(answer.json()["known"])

    def browser(self, app: Any) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        headers = {"Origin": "http://binnen.test", "Accept-Language": "de", "Cookie": f"binnen={self.secret}"}
        return httpx2.AsyncClient(transport=transport, base_url="http://binnen.test", headers=headers)
