import hashlib
import os
import time
from functools import partial
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from intranet.files import Store, store_of
from intranet.files.disk import Disk
from intranet.files.ranges import asked
from intranet.kernel import Unavailable
from intranet.kernel.config import Settings
from intranet.serving import free_port

NO_CLIENT = "no client of S3: python3 run.py install s3"


@pytest.fixture
def store(tmp_path):
    return Disk(tmp_path / "files")


def on_both(tmp_path: Path, request: pytest.FixtureRequest) -> list[Store]:
    """An empty store of each kind."""
    said = request.getfixturevalue("buckets").make()
    settings = Settings(data=str(tmp_path / "bucket"), **said)
    return [store_of(Settings(data=str(tmp_path / "disk"))), store_of(settings)]


def test_both_keep_the_same_promises(tmp_path, request):
    source = tmp_path / "source"
    large = bytes(range(256)) * 30_000  # several pieces on the way to a bucket
    source.write_bytes(large)
    for store in on_both(tmp_path, request):
        small = store.keep(b"twice")
        assert small == store.keep(b"twice") == hashlib.sha256(b"twice").hexdigest()
        first = store.adopt(source)
        assert source.read_bytes() == large
        assert store.size(first) == len(large)
        assert sorted([small, first]) == list(store.everything())
        assert store.is_whole(first)
        assert store.has(first)
        store.fetch(first, tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == large
        room = store.room()
        assert store.borrow(small, room).read_bytes() == b"twice"
        store.clear_work()
        assert list(store.work.iterdir()) == []
        for missing in (store.size, store.is_whole, partial(store.fetch, target=tmp_path / "none")):
            with pytest.raises(FileNotFoundError):
                missing("0" * 64)
        for bad in ("../../x", "", "a" * 63, "A" * 64, "a" * 64 + "/x"):
            with pytest.raises(ValueError, match="not a sha256"):
                store.has(bad)
        assert not store.remove(first, untouched_for=3600), "it was kept lately"
        assert store.remove(first)
        assert not store.has(first)
        assert store.remove(first), "gone is gone"
        assert list(store.everything()) == [small]


def test_a_bucket_is_not_believed_it_is_read_back(tmp_path, request, monkeypatch):
    _, store = on_both(tmp_path, request)
    bucket = pytest.importorskip("intranet.files.bucket", reason=NO_CLIENT)
    put = bucket.obstore.put
    monkeypatch.setattr(
        bucket.obstore, "put", lambda objects, name, source: put(objects, name, source.read_bytes()[:-1])
    )
    with pytest.raises(Unavailable, match="storage-gone"):
        store.keep(b"cut short on the way")
    monkeypatch.undo()
    sent = []
    monkeypatch.setattr(bucket.obstore, "put", lambda *given: sent.append(put(*given)))
    store.keep(b"old")
    store.keep(b"old")
    assert len(sent) == 1
    monkeypatch.setattr(bucket, "FRESH", -1)
    store.keep(b"old")
    assert len(sent) == 2, "what is older is sent again, so that the sweep sees it as new"


def test_a_bucket_that_is_gone_is_said_to_be(tmp_path, monkeypatch):
    bucket = pytest.importorskip("intranet.files.bucket", reason=NO_CLIENT)
    monkeypatch.setattr(bucket, "RETRIES", {"max_retries": 0})
    nowhere = f"s3://files?endpoint=http://127.0.0.1:{free_port()}"
    store = store_of(Settings(data=str(tmp_path), files_url=nowhere, files_key="a", files_secret="b"))
    for ask in (lambda: store.keep(b"x"), lambda: store.has("0" * 64), store.everything):
        with pytest.raises(Unavailable, match="storage-gone"):
            ask()


@pytest.mark.parametrize(
    ("said", "span"),
    [
        ("bytes=0-9", (0, 10)), ("bytes=90-", (90, 100)), ("bytes=90-500", (90, 100)), ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)), ("bytes=100-", (0, 0)), ("bytes=-0", (0, 0)), ("bytes=9-3", None), ("bytes=-", None),
        ("bytes=0-1,3-4", None), ("lines=0-1", None), ("bytes=" + "9" * 5000 + "-", None),
    ],
)  # fmt: skip
def test_which_part_is_asked_for(said, span):
    assert asked(Headers({"range": said}), 100, '"tag"') == span
    assert asked(Headers({"range": said, "if-range": '"tag"'}), 100, '"tag"') == span
    assert asked(Headers({"range": said, "if-range": '"other"'}), 100, '"tag"') is None


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
