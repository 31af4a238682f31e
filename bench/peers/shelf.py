"""Which peers this machine can run, and what each needs to be started."""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path

from bench.loads import Missing, alone

HERE = Path(__file__).resolve().parent
WS = "8.23.0"
WS_HASH = "sha512-wCkmX8QMOrKjgO8HW2WyDbTSGeqkocxgDzS9iR79rEAexty6/2qzilx3Ag8Tqf9ykop3irLKle0MtVn5qjVnoQ=="
Command = Callable[[int, Path], list[str]]  # (port, the file with the frame's payload) -> words


def starlette(port: int, frame: Path) -> list[str]:
    """Without compression."""
    return [sys.executable, "-m", "bench.peers.starlette_plain", str(port), str(frame)]


def starlette_deflate(port: int, frame: Path) -> list[str]:
    """With compression, as uvicorn has it unless told otherwise."""
    return [*starlette(port, frame), "deflate"]


def websockets_broadcast(port: int, frame: Path) -> list[str]:
    """Its own broadcast."""
    return [sys.executable, "-m", "bench.peers.websockets_broadcast", str(port), str(frame)]


def node_ws(port: int, frame: Path) -> list[str]:
    """Raises Missing without node or a registry."""
    return [str(shutil.which("node")), str(HERE / "node_ws.js"), str(port), str(frame), str(_ws())]


WEBSOCKETS: Mapping[str, Command] = {
    "starlette": starlette, "starlette_deflate": starlette_deflate, "websockets": websockets_broadcast,
    "node_ws": node_ws,
}  # fmt: skip


@contextmanager
def running(name: str, port: int, payload: bytes) -> Iterator[int]:
    """The peer on the server's core; its process id. Raises Missing."""
    frame = Path(tempfile.mkdtemp(prefix="binnen-peer-")) / "payload"
    frame.write_bytes(payload)
    with alone(WEBSOCKETS[name](port, frame)) as pid:
        yield pid


@cache
def _ws() -> Path:
    """The package `ws` as it was when these figures were first taken: fetched once, by its hash."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise Missing("needs node and npm (apt-get install nodejs npm)")
    folder = Path(tempfile.mkdtemp(prefix="binnen-ws-"))
    packed = subprocess.run(["npm", "pack", f"ws@{WS}", "--silent"], cwd=folder, capture_output=True, check=False)
    archive = folder / f"ws-{WS}.tgz"
    if packed.returncode or not archive.is_file():
        raise Missing(f"ws {WS} could not be fetched with npm")
    if f"sha512-{base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()}" != WS_HASH:
        raise Missing(f"ws {WS} is not the package it should be")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


@cache
def versions() -> dict[str, str]:
    """Of what is measured beside us."""
    found = {name: version(name) for name in ("starlette", "uvicorn", "websockets", "sqlalchemy")}
    if node := shutil.which("node"):
        found["node"] = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        found["ws"] = WS
    return found
