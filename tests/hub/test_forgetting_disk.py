"""The disk of the fault test itself: it loses what was not flushed, nothing else, and fails where it is told to."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bench.faults.disk import Disk, library
from bench.faults.nemeses.base import compiler
from intranet.kernel import sqlite

pytestmark = [pytest.mark.engine("sqlite"), pytest.mark.skipif(bool(compiler()), reason=compiler())]
WRITES = """
import os, sys
from intranet.kernel import sqlite
folder, level = sys.argv[1:]
conn = sqlite.driver.connect(folder + "/a.db", isolation_level=None)
conn.execute("PRAGMA journal_mode=WAL"); conn.execute("PRAGMA synchronous=" + level)
conn.execute("CREATE TABLE word (n)")
if level == "NORMAL":
    conn.execute("PRAGMA wal_checkpoint")  # flushes what there is, and nothing after it
for number in range(20):
    conn.execute("INSERT INTO word VALUES (?)", (number,))
print("acknowledged", flush=True)
os.kill(os.getpid(), 9)
"""
NAMES = """
import os, sys
folder = sys.argv[1]
def flush(path):
    fd = os.open(path, os.O_RDONLY); os.fsync(fd); os.close(fd)
def write(name, text):
    with open(folder + "/" + name, "w") as file: file.write(text)
for name in ("kept", "bytes", "renamed", "removed"): write(name, "first")
for name in ("kept", "bytes", "renamed", "removed"): flush(folder + "/" + name)
flush(folder)
write("bytes", "second")
write("new", "never flushed")
os.rename(folder + "/renamed", folder + "/other")
os.remove(folder + "/removed")
os.mkdir(folder + "/inner"); write("inner/one", "lost with its folder")
flush(folder + "/inner/one"); flush(folder + "/inner")
os.kill(os.getpid(), 9)
"""


def died(code: str, disk: Disk, *words: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | disk.env | {"LD_PRELOAD": str(library("disk"))}
    return subprocess.run([sys.executable, "-c", code, *words], env=env, capture_output=True, text=True, timeout=30)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    (tmp_path / "data").mkdir()
    return Disk(tmp_path / "data", tmp_path)


@pytest.mark.parametrize(("level", "left"), [("NORMAL", 0), ("FULL", 20)])
def test_a_power_cut_takes_acknowledged_writes_only_where_they_were_not_flushed(
    disk: Disk, level: str, left: int
) -> None:
    done = died(WRITES, disk, str(disk.root), level)
    assert done.stdout == "acknowledged\n", done.stderr
    disk.cut(random.Random(1))
    conn = sqlite.driver.connect(disk.root / "a.db")
    assert conn.execute("SELECT count(*) FROM word").fetchone() == (left,)
    conn.close()


def test_names_and_bytes_that_were_not_flushed_are_taken_back(disk: Disk) -> None:
    assert died(NAMES, disk, str(disk.root)).returncode == -9
    disk.cut(random.Random(1))
    there = {path.name: path.read_text() for path in disk.root.iterdir()}
    assert there == dict.fromkeys(("kept", "bytes", "renamed", "removed"), "first")


def test_the_change_that_is_named_fails_and_no_other(disk: Disk) -> None:
    disk.fail(3, 5, only="word")
    code = "import os, sys\nfd = os.open(sys.argv[1] + '/word', os.O_RDWR | os.O_CREAT)\nfor n in range(4):\n try: print(os.write(fd, b'x'))\n except OSError as error: print(error.errno)"  # noqa: E501
    assert died(code, disk, str(disk.root)).stdout.split() == ["1", "5", "1", "1"]
    assert disk.mend() == 1
