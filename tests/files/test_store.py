import hashlib
import os
import time
from pathlib import Path

import pytest

from intranet.files.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "files")


def test_equal_contents_are_one_file(store, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"twice")
    first = store.adopt(source)
    assert first == store.keep(b"twice") == hashlib.sha256(b"twice").hexdigest()
    assert store.path(first).read_bytes() == b"twice"
    assert list(store.everything()) == [first]
    assert source.read_bytes() == b"twice"
    assert list(store.work.iterdir()) == []


def test_no_path_leads_out(store):
    for bad in ("../../x", "", "a" * 63, "A" * 64, "a" * 64 + "/x"):
        with pytest.raises(ValueError, match="not a sha256"):
            store.path(bad)


def test_bytes_and_names_are_flushed_before_it_says_stored(store, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda fd: flushed.append(str(Path(f"/proc/self/fd/{fd}").readlink())))
    sha256 = store.keep(b"precious")
    target = store.path(sha256)
    assert flushed[0] == str(store.kept)
    assert flushed[1].startswith(str(store.work))
    assert flushed[2:] == [str(target.parent)]


def test_where_hard_links_do_not_exist_bytes_are_copied(store, monkeypatch):
    def no_links(*_):
        raise OSError("not here")

    monkeypatch.setattr(os, "link", no_links)
    sha256 = store.keep(b"copied")
    assert store.path(sha256).read_bytes() == b"copied"


def test_what_was_kept_again_lately_stays(store):
    sha256 = store.keep(b"old")
    os.utime(store.path(sha256), (0, 0))
    store.keep(b"old")
    assert not store.remove(sha256, untouched_for=3600)
    os.utime(store.path(sha256), (0, time.time() - 7200))
    assert store.remove(sha256, untouched_for=3600)
    assert not store.has(sha256)
    assert store.remove(sha256)


def test_what_an_interrupted_run_left_is_cleared(store):
    room = store.room()
    (room / "half").write_bytes(b"x")
    (store.work / "stray").write_bytes(b"x")
    store.clear_work(older_than=3600)
    assert room.is_dir()
    store.clear_work()
    assert list(store.work.iterdir()) == []
