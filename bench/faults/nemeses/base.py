"""What every nemesis is."""

import os
import random
import shutil
from typing import TYPE_CHECKING

from bench.faults.disk import Disk, library
from bench.faults.line import Trouble

if TYPE_CHECKING:
    from bench.faults.round import Round


class Nemesis:
    """One kind of misfortune. `prepare` before the servers start, `strike` again and again, `heal` for the end."""

    name = ""
    engine = ""  # the only one that it is for: sqlite or postgres
    nodes = 1  # it needs at least so many
    moves = True  # people may come into channels and leave them meanwhile
    files = True  # files may be sent meanwhile
    markers = True  # devices may say how far they have read
    quiet = 0.3  # seconds in which nothing must move at the end before all counts as arrived

    def lacks(self) -> str:
        """What this machine has not that it needs, and how to get it; empty: nothing."""
        return ""

    async def database(self) -> str:
        """The address of a PostgreSQL that it holds ready; empty: it needs none of its own."""
        return ""

    async def gone(self) -> None:
        """After everything: that PostgreSQL goes."""

    async def prepare(self, round_: "Round") -> None:
        """Before the first start."""

    async def strike(self, round_: "Round") -> None:
        """Once. Returns when it may strike again."""
        raise NotImplementedError

    async def heal(self, round_: "Round") -> None:
        """From now on all is well."""

    async def end(self, round_: "Round") -> None:
        """The round is over: let go of everything."""

    def trouble(self, rng: random.Random) -> Trouble | None:
        """What happens to messages on the way to a new connection."""
        return None


def disk_of(round_: "Round", *, forgets: bool = False) -> Disk:
    """The disk under this round's data; what is not flushed is kept aside only if it is to forget."""
    if round_.disk is None:
        round_.disk = Disk(round_.data, round_.folder)
        round_.env["LD_PRELOAD"] = " ".join([str(library("disk")), round_.env.get("LD_PRELOAD", "")]).strip()
    round_.env |= {name: value for name, value in round_.disk.env.items() if forgets or name != "DISK_LOG"}
    return round_.disk


def compiler() -> str:
    """What is lacking to build a preload library."""
    return "" if shutil.which("gcc") else "a compiler: apt-get install gcc libc6-dev"


def root() -> str:
    """What is lacking to mount a file system."""
    return "" if os.geteuid() == 0 else "the rights of root, to mount a small file system"
