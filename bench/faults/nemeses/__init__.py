"""The nemeses by name."""

from .base import Nemesis
from .bell import Bell
from .bus import Bus
from .clock import Jumps
from .failing import Failing
from .frames import Frames
from .full import Full, Small
from .kill import Checkpoint, Kill, Points
from .lines import HalfOpen, Herd, Slow
from .migration import Migration
from .pause import Pause
from .postgres import Promotion, Restarts
from .power import Power
from .restore import Restore

ALL: list[type[Nemesis]] = [
    Kill, Points, Checkpoint, Power, Failing, Full, Small, Pause, Frames, HalfOpen, Slow, Herd, Jumps, Bell,
    Restore, Migration, Bus, Restarts, Promotion,
]  # fmt: skip
NEMESES: dict[str, type[Nemesis]] = {one.name: one for one in ALL}

__all__ = ["NEMESES", "Nemesis"]
