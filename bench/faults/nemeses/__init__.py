"""The nemeses by name."""

from .base import Nemesis
from .bell import Bell
from .clock import Jumps
from .failing import Failing
from .frames import Frames
from .full import Full, Small
from .kill import Checkpoint, Kill, Points
from .lines import HalfOpen, Herd, Slow
from .pause import Pause
from .power import Power
from .restore import Restore

ALL: list[type[Nemesis]] = [
    Kill, Points, Checkpoint, Power, Failing, Full, Small, Pause, Frames, HalfOpen, Slow, Herd, Jumps, Bell, Restore,
]  # fmt: skip
NEMESES: dict[str, type[Nemesis]] = {one.name: one for one in ALL}

__all__ = ["NEMESES", "Nemesis"]
