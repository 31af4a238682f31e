"""The bell says that places have moved, and nothing else of weight: losing a stroke costs delay, never data.

In one process the three calls go straight to the hub; between nodes the same three go over a message bus (`bus.py`).
"""

from typing import Protocol

from intranet.kernel import ConfigError, Keys, Settings

Whisper = tuple[int, str, int, int]  # place, kind, person, topic


class Ear(Protocol):
    """Who listens; always called on the event loop."""

    def moved(self, places: set[int]) -> None:
        """These places have new events."""

    def revoked(self, sessions: set[str]) -> None:
        """These sessions are over."""

    def whispered(self, place: int, kind: str, person: int, topic: int) -> None:
        """Somebody does something there that is never stored."""

    def missed(self) -> None:
        """Strokes may have been lost until now: look for yourself."""


class Bell(Protocol):
    """What rings between the writer and the pumps, after a commit, on the event loop."""

    def ring(self, places: set[int]) -> None:
        """Say that these places have moved."""

    def revoke(self, sessions: set[str]) -> None:
        """Say that these sessions are over."""

    def whisper(self, place: int, kind: str, person: int, topic: int) -> None:
        """Pass on what is never stored; the first thing to be dropped."""

    def listen(self, ear: Ear) -> None:
        """From now on tell this one."""

    def trouble(self) -> str:
        """Why other nodes do not hear it now, or nothing."""

    async def start(self) -> None:
        """Begin to be heard elsewhere."""

    async def stop(self) -> None:
        """Let go of what lies between the nodes."""


class HouseBell:
    """The bell of a single process: rung and heard on its event loop."""

    def __init__(self) -> None:
        self._ears: list[Ear] = []

    async def start(self) -> None:
        """There is nothing between."""

    async def stop(self) -> None:
        """There is nothing between."""

    def trouble(self) -> str:
        """Never any."""
        return ""

    def listen(self, ear: Ear) -> None:
        """From now on tell this one."""
        self._ears.append(ear)

    def ring(self, places: set[int]) -> None:
        """Say that these places have moved."""
        for ear in self._ears:
            ear.moved(places)

    def revoke(self, sessions: set[str]) -> None:
        """Say that these sessions are over."""
        for ear in self._ears:
            ear.revoked(sessions)

    def whisper(self, place: int, kind: str, person: int, topic: int) -> None:
        """Pass on what is never stored."""
        for ear in self._ears:
            ear.whispered(place, kind, person, topic)


def make_bell(settings: Settings, keys: Keys) -> Bell:
    """The bell these settings want. Raises ConfigError when what it needs is not installed."""
    if not settings.bus_url:
        return HouseBell()
    try:
        from .bus import NatsBell
    except ImportError as error:
        raise ConfigError("INTRANET_BUS_URL needs the extra `nats`: python3 run.py install nats") from error
    return NatsBell(settings.bus_url, keys.mark("bus"))
