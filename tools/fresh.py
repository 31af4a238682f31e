"""The first five minutes of somebody new: clone, `python3 run.py`, a server that answers, a stop that is clean.

Needs git and what any first start needs. Standard library only, since it runs before there is an environment.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180.0


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether a page comes back."""
    try:
        with urllib.request.urlopen(url, timeout=2) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_for(url: str, server: subprocess.Popen[str]) -> None:
    """Until the address answers; a server that ends before is a failure."""
    end = time.monotonic() + PATIENCE
    while not answers(url):
        if server.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"{url} did not answer; the server ended with {server.poll()}")
        time.sleep(0.2)


def main() -> int:
    """Clone, start, ask, stop."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTRANET_") and name != "CI"}
    with tempfile.TemporaryDirectory() as folder:
        clone, log = Path(folder, "binnen"), Path(folder, "log")
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
        start = time.monotonic()
        with log.open("w", encoding="utf-8") as output:
            server = subprocess.Popen(
                [sys.executable, "run.py"],
                cwd=clone,
                env={**clean, "INTRANET_PORT": str(port)},
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", server)
            print(f"ready after {time.monotonic() - start:.0f} s, from nothing")
            server.send_signal(signal.SIGTERM)
            code = server.wait(timeout=20)
        finally:
            server.kill()
            server.wait()
            print(said := log.read_text(encoding="utf-8"))
        changed = subprocess.check_output(["git", "status", "--porcelain"], cwd=clone, text=True)
    if changed:
        print(f"The start left files that git does not ignore:\n{changed}")
    if "http://" not in said:
        print("The first start printed no set-up link")
    return 1 if code not in (0, -signal.SIGTERM) or changed or "http://" not in said else 0


if __name__ == "__main__":
    sys.exit(main())
