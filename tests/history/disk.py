"""A disk that can fail: under SQLite lies a VFS that knows which bytes were flushed, and forgets the others at will.

It wraps the driver's own VFS. Only files below a watched folder are looked after; for them each write is noted, each
flush makes the notes durable, and from a chosen call on writing fails. It touches no file of anybody else.
"""

import ctypes as c
import random
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OK, IOERR_WRITE, IOERR_FSYNC, FULL = 0, 10 | (3 << 8), 10 | (4 << 8), 13
_POINTERS_OF_VFS = (
    "open delete access full_pathname dl_open dl_error dl_sym dl_close randomness sleep current_time last_error "
    "current_time_64 set_call get_call next_call"
).split()
_METHODS = (
    "close read write truncate sync size lock unlock reserved control sector traits shm_map shm_lock shm_barrier "
    "shm_unmap fetch unfetch"
).split()


class Vfs(c.Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = [
        ("version", c.c_int), ("file_size", c.c_int), ("longest", c.c_int), ("next", c.c_void_p), ("name", c.c_char_p),
        ("data", c.c_void_p), *((name, c.c_void_p) for name in _POINTERS_OF_VFS),
    ]  # fmt: skip


class Methods(c.Structure):
    """`sqlite3_io_methods`, version 3."""

    _fields_ = [("version", c.c_int), *((name, c.c_void_p) for name in _METHODS)]


_OPEN = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_void_p, c.c_int, c.c_void_p)
_WRITE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_int, c.c_int64)
_TRUNCATE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_int64)
_SYNC = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_int)


@dataclass
class File:
    """What of one file is durable, and what has been written since."""

    durable: bytearray
    since: list[tuple[int, bytes | None]] = field(default_factory=list)  # offset and bytes; None: cut off there

    def flush(self) -> None:
        """Everything written so far is durable."""
        for change in self.since:
            apply(self.durable, *change)
        self.since.clear()


def apply(content: bytearray, offset: int, data: bytes | None) -> None:
    """One write, or one cutting off."""
    if data is None:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk:
    """One machine's disk, from one start to its end. `calls` counts writes and flushes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, File] = {}
        self.lock = threading.RLock()
        self.calls = 0
        self.flushes = 0
        self.dies_at = 0  # the call at which the machine stops, before it is carried out; 0: never
        self.fails_at = 0  # the call that reports an I/O error
        self.full = False
        self.dead = False
        _disks.append(self)

    # -- what SQLite does

    def opened(self, path: str) -> None:
        with self.lock:
            content = Path(path).read_bytes()
            if path not in self.files or not content:
                self.files[path] = File(bytearray(content))

    def may(self, path: str, *, grows: bool) -> int:
        """The answer to one call that changes the disk."""
        self.calls += 1
        self.dead = self.dead or self.calls == self.dies_at
        if self.dead or self.calls == self.fails_at:
            return IOERR_WRITE
        return FULL if self.full and grows and path.endswith("-wal") else OK

    # -- what becomes of it

    def stop(self) -> None:
        """The machine or the process has ended: nothing reaches the disk any more."""
        with self.lock:
            self.dead = True

    def image(self, target: Path, *, power_loss: bool = False, torn: random.Random | None = None) -> None:
        """Copy the folder as another process would find it, or as it is after the power was cut: then only what was
        flushed is there, with `torn` also some of the rest."""
        with self.lock:
            skipped = shutil.ignore_patterns("binnen.db*")
            shutil.copytree(self.folder, target, ignore=skipped, dirs_exist_ok=True)
            for path, file in self.files.items():
                if not Path(path).exists():
                    continue
                content = bytearray(Path(path).read_bytes())
                if power_loss:
                    content = bytearray(file.durable)
                    for change in file.since if torn else ():
                        if torn and torn.random() < 0.5:
                            apply(content, *change)
                (target / Path(path).name).write_bytes(content)

    def forget(self) -> None:
        """Look after it no longer."""
        _disks.remove(self)


_disks: list[Disk] = []
_of_file: dict[int, tuple[Disk, str]] = {}
_kept: list[Any] = []  # what C code points to must stay
_own_methods: dict[int, Methods] = {}


def _disk_of(path: str) -> Disk | None:
    return next((disk for disk in reversed(_disks) if path.startswith(f"{disk.folder}/")), None)


@contextmanager
def watched() -> Iterator[None]:
    """Within the block every database opened below the folder of a `Disk` is looked after."""
    sqlite = c.CDLL(_extension())
    sqlite.sqlite3_vfs_find.restype = c.POINTER(Vfs)
    usual = sqlite.sqlite3_vfs_find(None)
    mine = Vfs.from_buffer_copy(usual.contents)
    mine.name = b"forgetful"
    usual_open = _OPEN(usual.contents.open)

    def open_(_vfs: int, name: int | None, file: int, flags: int, told: int | None) -> int:
        code = int(usual_open(c.addressof(usual.contents), name, file, flags, told))
        path = c.string_at(name).decode() if name else ""
        disk = _disk_of(path)
        if code == OK and disk is not None and not path.endswith("-shm"):
            disk.opened(path)
            _of_file[file] = disk, path
            at = c.cast(file, c.POINTER(c.c_void_p))
            at[0] = c.addressof(_wrapped(int(at[0] or 0)))
        return code

    opener = _OPEN(open_)
    mine.open = c.cast(opener, c.c_void_p).value
    _kept.extend((mine, opener))
    sqlite.sqlite3_vfs_register(c.byref(mine), 1)
    try:
        yield
    finally:
        sqlite.sqlite3_vfs_register(usual, 1)


def _extension() -> str:
    import pysqlite3._sqlite3 as extension

    return str(extension.__file__)


def _wrapped(usual: int) -> Methods:
    """The file's own methods, with ours for what changes it."""
    if usual not in _own_methods:
        before = Methods.from_address(usual)
        ours = Methods.from_buffer_copy(before)
        write_, truncate_, sync_ = _WRITE(before.write), _TRUNCATE(before.truncate), _SYNC(before.sync)

        def write(file: int, data: int, size: int, offset: int) -> int:
            disk, path = _of_file[file]
            with disk.lock:
                code = disk.may(path, grows=True) or write_(file, data, size, offset)
                if code == OK:
                    disk.files[path].since.append((offset, c.string_at(data, size)))
                return int(code)

        def truncate(file: int, size: int) -> int:
            disk, path = _of_file[file]
            with disk.lock:
                code = disk.may(path, grows=False) or truncate_(file, size)
                if code == OK:
                    disk.files[path].since.append((size, None))
                return int(code)

        def sync(file: int, flags: int) -> int:
            disk, path = _of_file[file]
            with disk.lock:
                if disk.may(path, grows=False):
                    return IOERR_FSYNC
                disk.files[path].flush()  # the real flush would cost time and prove nothing here
                disk.flushes += 1
                return OK

        made = (_WRITE(write), _TRUNCATE(truncate), _SYNC(sync))
        ours.write, ours.truncate, ours.sync = (c.cast(one, c.c_void_p).value for one in made)
        _kept.extend((before, ours, made, sync_))
        _own_methods[usual] = ours
    return _own_methods[usual]
