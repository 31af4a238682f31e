"""The bell says that places have moved, and nothing else of weight: losing a stroke costs delay, never data.

Between nodes the same three calls go over a message bus; in one process they go straight to the hub.
"""

from typing import Protocol


class Ear(Protocol):
    """Who listens; always called on the event loop."""

    def moved(self, places: set[int]) -> None:
        """These places have new events."""

    def revoked(self, sessions: set[str]) -> None:
        """These sessions are over."""

    def whispered(self, place: int, kind: str, person: int, topic: int) -> None:
        """Somebody does something there that is never stored."""


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


class HouseBell:
    """The bell of a single process: rung and heard on its event loop."""

    def __init__(self) -> None:
        self._ears: list[Ear] = []

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
