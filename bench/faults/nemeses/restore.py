"""A backup is restored under devices that have gone on since: another epoch, and what is gone is sent again."""

import asyncio
import shutil
from typing import TYPE_CHECKING

from intranet.keeping.backup import backup
from intranet.keeping.restore import restore

from .base import Nemesis

if TYPE_CHECKING:
    from bench.faults.round import Round


class Restore(Nemesis):
    """Back up while the server runs, go on, kill it, restore, start."""

    name = "restore"
    engine = "sqlite"
    moves = False  # who came after the backup is out again, and only an administrator can know
    markers = False  # they name numbers of a log that is gone
    files = False  # what arrived after the backup is gone, and no device has it any more

    async def strike(self, round_: "Round") -> None:
        """Each time with an archive of its own."""
        node, settings = round_.nodes[0], round_.company.settings
        archive = round_.folder / f"archive-{round_.strikes[self.name]}"
        await asyncio.to_thread(backup, settings, archive, lambda _said: None)
        await round_.until(round_.acked + round_.rng.randint(1, 800), 3.0)
        await node.kill()
        round_.killed()
        shutil.rmtree(round_.data)
        await asyncio.to_thread(restore, settings, archive, lambda _said: None)
        await node.start()
        round_.struck(self.name)
        await round_.until(round_.acked + 300, 5.0)
