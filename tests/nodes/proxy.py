"""nginx with the configuration of deploy/, before nodes on this machine."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.servers import quiet_port

ROOT = Path(__file__).resolve().parents[2]
AROUND = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{site}
}}
"""


def program() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Nginx:
    """Without TLS and on a port of its own; all else as the example says."""

    def __init__(self, nodes: Sequence[int]) -> None:
        self.port = quiet_port()
        site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for number, node in enumerate(nodes, 11):
            site = site.replace(f"10.0.0.{number}:8000", f"127.0.0.1:{node}")
        site = re.sub(r"\n *ssl_certificate.*", "", site).replace("listen 443 ssl", f"listen 127.0.0.1:{self.port}")
        self._site = site

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Nginx":
        self._folder = TemporaryDirectory(prefix="binnen-nginx")
        file = Path(self._folder.name, "nginx.conf")
        file.write_text(AROUND.format(folder=self._folder.name, site=self._site), encoding="utf-8")
        self._process = subprocess.Popen(
            [program() or "nginx", "-c", str(file), "-e", f"{self._folder.name}/error.log"]
        )
        until = time.monotonic() + 10
        while time.monotonic() < until and self._process.poll() is None:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return self
            time.sleep(0.01)
        raise RuntimeError(Path(self._folder.name, "error.log").read_text(encoding="utf-8"))

    def __exit__(self, *_: Any) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()
