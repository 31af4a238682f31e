"""The nemeses by name."""

from collections.abc import Callable

from .base import Nemesis
from .frames import Frames
from .kill import Checkpoint, Kill, Points
from .pause import Pause
from .power import Power

NEMESES: dict[str, Callable[[], Nemesis]] = {one.name: one for one in (Kill, Points, Checkpoint, Pause, Frames, Power)}

__all__ = ["NEMESES", "Nemesis"]
