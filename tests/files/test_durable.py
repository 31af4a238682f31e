"""What a power cut must not take: the folders above what was flushed."""

import os
from pathlib import Path

import pytest

from intranet.files.disk import Disk
from intranet.kernel.keys import load_secret


def test_the_folders_of_files_and_of_the_key_are_flushed_with_what_is_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: set[str] = set()
    flush = os.fsync

    def noted(fd: int) -> None:
        flushed.add(str(Path(f"/proc/self/fd/{fd}").readlink()))
        flush(fd)

    monkeypatch.setattr(os, "fsync", noted)
    load_secret("", tmp_path)
    assert {str(tmp_path / "keys" / "server.key"), str(tmp_path / "keys"), str(tmp_path)} <= flushed
    flushed.clear()
    sha256 = Disk(tmp_path / "files").keep(b"content")
    assert {str(tmp_path), str(tmp_path / "files"), str(tmp_path / "files" / "kept" / sha256[:2])} <= flushed
