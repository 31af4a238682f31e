"""The server's process, loaded once and forked at each start: a restart then costs what the server itself costs.

Reads one JSON object a line: `{"point": [name, times], "harm": "module:function", "hooks": {...}}`, all of it optional;
answers with the process id of the server, and `null` or how the one before ended.
"""

import asyncio
import ctypes
import gc
import json
import os
import signal
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from bench.faults import hooks, points
from bench.serve import tell_lag
from intranet.app import make_app  # noqa: F401 (loaded for the children)
from intranet.kernel import config
from intranet.kernel.config import Settings
from intranet.kernel.migrate import migrate
from intranet.serving import serve

DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def warm() -> None:
    """Load what a first start loads: the migrations, and the drivers."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(migrate(Settings(data=folder)))
    gc.collect()
    gc.freeze()


def child(order: dict[str, Any]) -> NoReturn:
    """Serve as ordered."""
    ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    if harm := order.get("harm"):
        module, _, name = harm.partition(":")
        getattr(import_module(module), name)()
    for name, value in order.get("hooks", {}).items():
        hooks.HOOKS[name](value)
    if point := order.get("point"):
        points.install(*point)
    settings = config.load({key: value for key, value in os.environ.items() if key.startswith("INTRANET_")})
    tell_lag(Path(settings.data))
    code = 1
    try:
        serve(settings)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except Exception:  # noqa: BLE001 (the log is the only place to say it)
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Until the end of input."""
    warm()
    running = 0
    while line := sys.stdin.readline():
        ended = os.waitpid(running, 0)[1] if running else None
        running = os.fork()
        if not running:
            child(json.loads(line))
        print(json.dumps([running, ended]), flush=True)


if __name__ == "__main__":
    main()
