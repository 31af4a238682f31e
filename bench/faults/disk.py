"""What the preload libraries in `bench/c` need outside of the server: building, their control files, the power cut."""

import ctypes
import mmap
import os
import random
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "c"
SECTOR = 512  # bytes that a disk writes whole or not at all


@cache
def library(name: str) -> Path:
    """A preload library, built where it is used. Raises OSError without a compiler."""
    if shutil.which("gcc") is None:
        raise FileNotFoundError("needs gcc (apt-get install gcc libc6-dev)")
    target = Path(tempfile.mkdtemp(prefix="binnen-c-")) / f"{name}.so"
    subprocess.run(
        ["gcc", "-O2", "-fPIC", "-shared", "-o", str(target), str(HERE / f"{name}.c"), "-ldl", "-lpthread"], check=True
    )
    return target


class _Control(ctypes.Structure):
    """`struct control` of disk.c."""

    _fields_ = (
        ("calls", ctypes.c_int64), ("at", ctypes.c_int64), ("error", ctypes.c_int32), ("lasting", ctypes.c_int32),
        ("struck", ctypes.c_int32), ("spare", ctypes.c_int32), ("only", ctypes.c_char * 64),
    )  # fmt: skip


class Disk:
    """The disk under one data folder: `env` goes to the server, the rest is for whoever torments it."""

    def __init__(self, root: Path, beside: Path) -> None:
        self.root, self.log = root, beside / "disk"
        self.log.mkdir()
        control = self.log / "control"
        control.write_bytes(bytes(ctypes.sizeof(_Control)))
        with control.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self.control = _Control.from_buffer(self._map)
        self.env = {"DISK_ROOT": str(root), "DISK_LOG": str(self.log), "DISK_CONTROL": str(control)}

    def fail(self, after: int, error: int, *, lasting: bool = False, only: str = "") -> None:
        """From now on the `after`-th change fails with this error number; with 0 the process is killed in it."""
        control = self.control
        control.at, control.struck = 0, 0
        control.only, control.error, control.lasting = only.encode(), error, lasting
        control.calls = 0
        control.at = after

    def mend(self) -> int:
        """All well again; how many calls were struck."""
        self.control.at = 0
        return int(self.control.struck)

    def cut(self, rng: random.Random, survives: float = 0.0) -> int:
        """The power was cut: take back what no flush came after. Returns how many changes were lost.

        `survives`: the share of sectors that reached the disk all the same, in any order, as on a real one.
        Call it when the process is dead.
        """
        changes = read_log(self.log / "log")
        lost = 0
        inodes = {entry.stat().st_ino: entry for entry in self.root.rglob("*") if entry.is_file()}
        flushed: set[int] = set()
        folders: set[str] = set()
        for one in reversed(changes):
            if one.word == "F":
                flushed.add(one.inode)
            elif one.word == "D":
                folders.add(one.name)
            elif one.word == "w":
                if one.inode not in flushed and one.inode in inodes:
                    lost += _unwrite(inodes[one.inode], one, rng, survives)
            elif one.folder not in folders and rng.random() >= survives:
                lost += self._unname(one, inodes)
        (self.log / "log").write_bytes(b"")
        for kept in self.log.glob("*-*"):
            kept.unlink()
        return lost

    def _unname(self, one: "Change", inodes: dict[int, Path]) -> bool:
        path = self.root / one.name
        with suppress(FileNotFoundError):
            if one.word == "c":
                path.unlink()
            elif one.word == "m":
                shutil.rmtree(path)
            elif one.word == "u":
                os.link(one.was.decode(), path)
                inodes[path.stat().st_ino] = path
            else:
                (self.root / one.other).rename(path)
                inodes[path.stat().st_ino] = path
                if one.was:
                    os.link(one.was.decode(), self.root / one.other)
            return True
        return False


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the disk's log; `disk.c` says what the words mean."""

    word: str
    inode: int
    offset: int
    size: int  # of the file before
    name: str
    other: str
    was: bytes

    @property
    def folder(self) -> str:
        """Whose flush makes the new name last."""
        return str(Path(self.other or self.name).parent).removeprefix(".")


def read_log(path: Path) -> list[Change]:
    """The changes in order; one that was being noted when the process died did not happen."""
    data, at, found = path.read_bytes(), 0, []
    while (end := data.find(b"\n", at)) >= 0:
        word, inode, offset, size, length, names = data[at:end].decode().split(" ", 5)
        at = end + 1 + int(length)
        if at > len(data):
            break
        name, _, other = names.partition("\t")
        found.append(Change(word, int(inode), int(offset), int(size), name, other, data[end + 1 : at]))
    return found


def _unwrite(path: Path, one: Change, rng: random.Random, survives: float) -> bool:
    kept = False
    with path.open("r+b", buffering=0) as file:
        for start in range(0, len(one.was), SECTOR):
            if survives and rng.random() < survives:
                kept = True
                continue
            file.seek(one.offset + start)
            file.write(one.was[start : start + SECTOR])
        if not kept and not (survives and rng.random() < survives):
            file.truncate(one.size)
    return True


class Clock:
    """The server's wall clock, wrong by so many seconds."""

    def __init__(self, beside: Path) -> None:
        path = beside / "clock"
        path.write_bytes(bytes(8))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self._wrong = ctypes.c_int64.from_buffer(self._map)
        self.env = {"CLOCK_FILE": str(path)}

    def jump(self, seconds: int) -> None:
        """Be wrong by this much from now on."""
        self._wrong.value = seconds
