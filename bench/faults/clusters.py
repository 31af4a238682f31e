"""PostgreSQL clusters of the fault test's own, made by initdb and gone afterwards; with a standby if need be."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from bench.servers import quiet_port


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: Debian's newest, or those on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


def account() -> str:
    """Who runs it: PostgreSQL refuses to run as root."""
    return "" if os.geteuid() else "postgres"


def lacking() -> str:
    """What this machine has not, and how to get it; empty: nothing."""
    if programs() is None:
        return "PostgreSQL: apt-get install postgresql"
    if find_spec("asyncpg") is None:
        return "the driver of PostgreSQL: python3 run.py install postgres"
    try:
        _ = account() and pwd.getpwnam(account())
    except KeyError:
        return "an account named postgres, which runs PostgreSQL for root"
    return ""


class Cluster:
    """One PostgreSQL on a port of its own."""

    def __init__(self, beside: Path, name: str) -> None:
        self.folder, self.port = beside / name, quiet_port()
        self.name = name

    @staticmethod
    def room() -> Path:
        """A folder that PostgreSQL's account may use."""
        folder = Path(tempfile.mkdtemp(prefix="binnen-pg-"))
        folder.chmod(0o755)
        if account():
            shutil.chown(folder, account())
        return folder

    def make(self) -> None:
        """An empty cluster."""
        self._run("initdb", "-D", str(self.folder), "-U", "binnen", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")

    def follow(self, primary: "Cluster") -> None:
        """A copy of a running primary, which follows it from its start on."""
        source = f"host=127.0.0.1 port={primary.port} user=binnen application_name={self.name}"
        self._run("pg_basebackup", "-D", str(self.folder), "-d", source, "-R", "-c", "fast")

    def start(self, *settings: str) -> None:
        """With these settings beside those it needs to stand beside others."""
        chosen = [f"port={self.port}", f"unix_socket_directories={self.folder.parent}", "listen_addresses=127.0.0.1",
                  "max_connections=100", "synchronous_commit=on", *settings]  # fmt: skip
        words = " ".join(f"-c {one}" for one in chosen)
        log = str(self.folder.parent / f"{self.name}.log")
        self._run("pg_ctl", "-D", str(self.folder), "-l", log, "-w", "-t", "60", "-o", words, "start")

    def stop(self, mode: str) -> None:
        """`fast`, or `immediate`: as a crash."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", mode, "-w", "stop")

    def promote(self) -> None:
        """From now on it is the primary."""
        self._run("pg_ctl", "-D", str(self.folder), "-w", "promote")

    def _run(self, program: str, *words: str) -> None:
        where = programs()
        assert where is not None
        command = [str(where / program), *words]
        if account():
            command = ["runuser", "-u", account(), "--", *command]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout[-500:]}{done.stderr[-1500:]}")

    def remove(self) -> None:
        """Whatever its state, it is gone."""
        with suppress(RuntimeError):  # it does not run
            self.stop("immediate")
