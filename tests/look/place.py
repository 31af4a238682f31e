"""Where pictures are taken: the demo, filled once, and an empty house beside it, each in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from intranet.kernel.sqlite import driver
from intranet.serving import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180
PERSONAS = ("technician", "sales", "editor", "administrator")


@dataclass
class House:
    """A running server."""

    url: str
    set_up: str = ""
    personas: dict[str, int] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)


@contextmanager
def running(folder: Path, command: str) -> Iterator[House]:
    """`intranet serve` or `intranet demo` on a free port."""
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("INTRANET_")}
    environ |= {"INTRANET_DATA": str(folder), "INTRANET_PORT": str(port), "INTRANET_NAME": "Quellmoor Pumpen"}
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "intranet", command], cwd=ROOT, env=environ, stdout=out)
    try:
        house = House(f"http://127.0.0.1:{port}")
        _wait(house, process, log, "set-up/" if command == "serve" else "Binnen is at")
        found = re.search(r"(/set-up/\S+)", log.read_text("utf-8"))
        house.set_up = found[1] if found else ""
        if command == "demo":
            _look_up(house, folder / "binnen.db")
        yield house
    finally:
        process.terminate()
        process.wait(20)


def _wait(house: House, process: subprocess.Popen[bytes], log: Path, sign: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{house.url}/readyz", timeout=2):
                if sign in log.read_text("utf-8"):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text('utf-8')}")


def _look_up(house: House, database: Path) -> None:
    """Numbers of channels, topics and people by the names that screens use."""
    import json

    conn = driver.connect(f"file:{database}?mode=ro", uri=True)
    ids = json.loads(conn.execute("select value from installation where key = 'demo.personas'").fetchone()[0])
    house.personas = dict(zip(PERSONAS, ids, strict=True))
    house.known = {name.lower().replace(" ", "-").replace("ü", "ue"): str(number) for number, name in conn.execute(
        "select id, name from channel where name <> ''"
    )}  # fmt: skip
    house.known |= {name: str(number) for number, name in conn.execute("select id, name from topic")}
    house.known |= {name: str(number) for number, name in conn.execute("select id, name from customer")}
    house.known |= {title: str(number) for number, title in conn.execute("select id, title from post")}
    house.known |= {email.split("@")[0]: str(number) for number, email in conn.execute("select id, email from person")}
    conn.close()
