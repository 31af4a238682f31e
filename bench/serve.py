"""The product's own server, loaded beforehand and started at a word: a restart then costs what the server costs."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from intranet.hub.gate import Lag
from intranet.kernel import config
from intranet.serving import serve


def tell_lag(folder: Path) -> None:
    """At SIGUSR1 write how late the event loop has been, p99 in milliseconds, into `folder`."""
    known: list[Lag] = []
    watch = Lag.watch

    async def remembered(self: Lag) -> None:
        known.append(self)
        await watch(self)

    Lag.watch = remembered  # type: ignore[method-assign]

    def say(_number: int, _frame: Any) -> None:
        (folder / "lag").write_text(f"{known[-1].p99():.3f}" if known else "", encoding="utf-8")

    signal.signal(signal.SIGUSR1, say)


def main() -> None:
    """Wait for a line, then serve; at the end of input there is nothing to do."""
    if sys.stdin.readline():
        settings = config.load(os.environ)
        tell_lag(Path(settings.data))
        serve(settings)


if __name__ == "__main__":
    main()
