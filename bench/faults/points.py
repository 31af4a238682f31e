"""Named places in the product at which a server dies by SIGKILL: put in by the fault test's server, by nobody else."""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

from intranet.hub import pump
from intranet.hub.post import Post
from intranet.kernel import batch, outcome, ready, writer
from intranet.kernel.turns import Turns
from intranet.kernel.tx import Tx

Die = Callable[[], None]  # counts; at the last one it does not return


def countdown(times: int) -> Die:
    """Kills the process at the `times`-th call."""
    left = [times]

    def die() -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


def after_begin(die: Die) -> None:
    """The transaction is open, nothing is in it."""
    real = Turns.__init__

    def init(self: Turns, *args: Any) -> None:
        die()
        real(self, *args)

    Turns.__init__ = init  # type: ignore[assignment,method-assign]


def after_seq(die: Die) -> None:
    """A seq is given, its event not yet written."""
    real = Tx.record

    def record(self: Tx, *args: Any, **more: Any) -> int:
        seq = real(self, *args, **more)
        die()
        return seq

    Tx.record = record  # type: ignore[method-assign]


def after_insert(die: Die) -> None:
    """Some rows are in the transaction, others not."""
    real = Tx._insert

    def insert(self: Tx, *args: Any, **more: Any) -> None:
        real(self, *args, **more)
        die()

    Tx._insert = insert  # type: ignore[method-assign]


def before_commit(die: Die) -> None:
    """All is written, nothing committed."""
    real = outcome.check_stands

    def check(conn: Any, cause: Any) -> None:
        real(conn, cause)
        if cause is None:
            die()

    batch.check_stands = check  # type: ignore[attr-defined]


def after_commit_before_answer(die: Die) -> None:
    """It stands, and nobody knows."""
    real = ready.say

    def say(conn: Any, text: str) -> None:
        real(conn, text)
        if text == "COMMIT":
            die()

    batch.say = say  # type: ignore[attr-defined]


def after_answer_before_announce(die: Die) -> None:
    """Who wrote is answered; nobody else hears of it."""
    real = writer.settle

    def settle(entries: Any, outcomes: Any, tell: Any, moved: Any, announced: Any) -> None:
        def announce() -> None:
            die()
            tell(moved, announced)

        try:
            # Answers leave in later turns of the loop, so the bell stays silent until then.
            real(entries, outcomes, lambda *_: None, moved, announced)
            asyncio.get_running_loop().call_later(0.003, announce)
        except RuntimeError:
            tell(moved, announced)

    writer.settle = settle


def mid_fanout(die: Die) -> None:
    """Some have the frame, others not."""

    def flush(self: Post) -> None:
        for number, (connection, data) in enumerate(self._out.items()):
            connection.wire.write(data)
            if number == len(self._out) // 2:
                die()
        self._out = {}

    Post.flush = flush  # type: ignore[method-assign]


def mid_catch_up(die: Die) -> None:
    """A snapshot was read for who asked or listens, and nothing of it written."""
    real = pump.Pump._deliver

    def deliver(self: Any, found: Any) -> None:
        die()
        real(self, found)

    pump.Pump._deliver = deliver  # type: ignore[assignment,method-assign]


def mid_upload(die: Die) -> None:
    """A part of a file has arrived and is flushed, its offset not told."""
    from intranet.files import parts

    real = parts._flushed_size

    def size(path: Any) -> int:
        found = real(path)
        die()
        return found

    parts._flushed_size = size


def mid_upload_rename(die: Die) -> None:
    """A file's bytes are in the store under a name for the time being."""
    from intranet.files import disk

    real = disk._link_or_copy

    def link(source: Any, target: Any) -> None:
        real(source, target)
        die()

    disk._link_or_copy = link


def mid_migration(die: Die) -> None:
    """Between two steps of a migration."""
    from alembic.operations import Operations

    real = Operations.invoke

    def invoke(self: Any, operation: Any) -> Any:
        die()
        return real(self, operation)

    Operations.invoke = invoke  # type: ignore[method-assign]


POINTS: dict[str, tuple[Callable[[Die], None], int]] = {  # and how often it is passed at most before it kills
    "after_begin": (after_begin, 60),
    "after_seq": (after_seq, 2000),
    "after_insert": (after_insert, 200),
    "before_commit": (before_commit, 60),
    "after_commit_before_answer": (after_commit_before_answer, 60),
    "after_answer_before_announce": (after_answer_before_announce, 40),
    "mid_fanout": (mid_fanout, 60),
    "mid_catch_up": (mid_catch_up, 60),
    "mid_upload": (mid_upload, 4),
    "mid_upload_rename": (mid_upload_rename, 2),
    "mid_migration": (mid_migration, 200),
}


def install(name: str, times: int) -> None:
    """Let the process die when the point is passed for the `times`-th time."""
    POINTS[name][0](countdown(times))
