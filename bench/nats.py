"""A NATS of one's own to start, stop, kill and stall: Debian's package `nats-server`, or any on the path."""

import os
import shutil
import signal
import socket
import subprocess
import time
from urllib.parse import quote

from .servers import quiet_port

START_S = 10


def program() -> str | None:
    """Where the server lies; Debian puts it where only root's path leads."""
    return shutil.which("nats-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/bin")


class Nats:
    """One server on a port of its own, which it keeps over restarts. `account`: `user:password` or a token."""

    def __init__(self, account: str = "") -> None:
        self.port = quiet_port()
        self.account = account
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        account = quote(self.account, safe=":")
        return f"nats://{account}{'@' if account else ''}127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it takes connections. Raises RuntimeError if it does not."""
        command = [program() or "nats-server", "-a", "127.0.0.1", "-p", str(self.port)]
        user, colon, password = self.account.partition(":")
        if colon:
            command += ["--user", user, "--pass", password]
        elif user:
            command += ["--auth", user]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + START_S
        while time.monotonic() < until and self._process.poll() is None:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.01)
        raise RuntimeError("nats-server does not start")

    def kill(self) -> None:
        """At once and without a word; also what is stalled."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stall(self) -> None:
        """It keeps its connections and does nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After `stall`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
