"""The bell between nodes: what rings here is said on a NATS bus, and what the others say there rings here.

The bus may lose, double, reorder and repeat: it carries numbers of places, ids of sessions and whispers, never
content, and whoever hears it reads the record. While it is gone nothing is kept for it: the nodes look for themselves.
"""

import asyncio
import random
from collections import deque
from contextlib import suppress
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, NoServersError

from .bell import HouseBell, Whisper

log = structlog.get_logger(__name__)
WIRE = 1  # of the messages; nodes hear only their own
MOST_PLACES = 5000  # in one message; NATS takes 1 MB
MOST_WHISPERS = 100  # that wait; older ones are dropped
PATIENCE = 4.0  # seconds for the bus to take a message
PING_EVERY = 2  # seconds; after two without an answer the connection is given up
AGAIN = (0.1, 0.6)  # seconds until the next try to connect, spread over the nodes


class Said(msgspec.Struct, omit_defaults=True):
    """One message. What a newer node may say beyond this is not heard."""

    moved: list[int] = []
    over: list[str] = []
    whispers: list[Whisper] = []


class NatsBell(HouseBell):
    """Rings in this process at once and on every other node of the same installation soon."""

    def __init__(self, url: str, mark: str) -> None:
        super().__init__()
        self.servers, self.account = apart(url)
        self.subject = f"binnen.{WIRE}.{mark}"
        self.connected = False
        self._moved: dict[int, None] = {}
        self._over: dict[str, None] = {}
        self._whispers: deque[Whisper] = deque(maxlen=MOST_WHISPERS)
        self._why = ""  # what was last said of why it cannot be reached
        self._work = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # -- the bell

    async def start(self) -> None:
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def trouble(self) -> str:
        return "" if self.connected else "bus does not answer"

    def ring(self, places: set[int]) -> None:
        super().ring(places)
        if self.connected:
            self._moved.update(dict.fromkeys(places))
            self._work.set()

    def revoke(self, sessions: set[str]) -> None:
        super().revoke(sessions)
        if self.connected:
            self._over.update(dict.fromkeys(sessions))
            self._work.set()

    def whisper(self, place: int, kind: str, person: int, topic: int) -> None:
        super().whisper(place, kind, person, topic)
        if self.connected:
            self._whispers.append((place, kind, person, topic))
            self._work.set()

    # -- the bus

    async def _keep(self) -> None:
        """Until cancelled: connect, pass on, and connect again. A new client each time: nats-py gives up for good at
        some errors, and what it would keep for later is of no use to anybody."""
        while True:
            try:
                await self._serve()
            except (OSError, Error, TimeoutError) as error:
                await self._failed(error)
            except Exception:
                log.exception("the bus stumbled")
            await asyncio.sleep(random.uniform(*AGAIN))  # noqa: S311 (spreads load, hides nothing)

    async def _serve(self) -> None:
        client, lost = Client(), asyncio.Event()

        async def gone() -> None:
            lost.set()
            self._work.set()

        try:
            await client.connect(
                self.servers, name="binnen", no_echo=True, allow_reconnect=False, max_reconnect_attempts=1,
                reconnect_time_wait=0, connect_timeout=2, ping_interval=PING_EVERY,
                closed_cb=gone, error_cb=self._failed, **self.account,
            )  # fmt: skip
            await client.subscribe(self.subject, cb=self._heard)
            await client.flush(timeout=2)  # from here on nothing is missed
            log.info("bus", server=client.connected_url.hostname if client.connected_url else "")
            self.connected, self._why = True, ""
            for ear in self._ears:
                ear.missed()
            while not lost.is_set():
                await self._work.wait()
                self._work.clear()
                async with asyncio.timeout(PATIENCE):
                    await self._say(client)
        finally:
            if self.connected and lost.is_set():
                log.warning("bus is gone: this node looks for what moved by itself")
            self.connected = False
            self._forget()
            with suppress(OSError, Error, TimeoutError):
                async with asyncio.timeout(1):
                    await client.close()

    async def _say(self, client: Client) -> None:
        """What came together since the last time, whispers last."""
        while self._moved or self._over or self._whispers:
            some = list(islice(self._moved, MOST_PLACES))
            said = Said(some, list(self._over), list(self._whispers))
            for place in some:
                del self._moved[place]
            self._over.clear()
            self._whispers.clear()
            await client.publish(self.subject, msgspec.json.encode(said))

    async def _failed(self, error: Exception) -> None:
        """Said once, and again when the reason is another; that no server is left says nothing of why."""
        why = f"{type(error).__name__}: {error}"[:200]
        if not isinstance(error, NoServersError) and why != self._why:
            self._why = why
            log.warning("bus cannot be reached", why=why)

    def _forget(self) -> None:
        self._moved.clear()
        self._over.clear()
        self._whispers.clear()

    async def _heard(self, message: Msg) -> None:
        try:
            said = msgspec.json.decode(message.data, type=Said)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            log.warning("the bus says what no node says", size=len(message.data))
            return
        if said.over:
            super().revoke(set(said.over))
        if said.moved:
            super().ring(set(said.moved))
        for whisper in said.whispers:
            super().whisper(*whisper)


def apart(url: str) -> tuple[list[str], dict[str, Any]]:
    """The servers, and the account that the first of them names: `user:password@` or `token@`, percent-encoded."""
    parts = [urlsplit(one) for one in url.split(",")]
    servers = [f"{one.scheme}://{one.netloc.rpartition('@')[2]}" for one in parts]
    user, password = unquote(parts[0].username or ""), unquote(parts[0].password or "")
    account = {"user": user, "password": password} if password else {"token": user} if user else {}
    return servers, account
