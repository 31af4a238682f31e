"""The storeys of `pyproject.toml` hold: rooms look down only, and a new room has to say where it stands."""

import subprocess
import sys
from pathlib import Path

import pytest

import run

pytest.importorskip("importlinter", reason="comes with `python3 run.py install dev`")
ROOMS = ("kernel", "hub", "people", "channels", "files", "chat", "inbox", "admin", "app", "serving", "demo", "__main__")


@pytest.fixture
def house(tmp_path):
    """A house with the same contract and empty rooms."""
    contract = (Path(run.__file__).parent / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(contract, encoding="utf-8")
    for name in ROOMS:
        (tmp_path / "intranet" / name).mkdir(parents=True)
        (tmp_path / "intranet" / name / "__init__.py").touch()
    (tmp_path / "intranet" / "__init__.py").touch()
    return tmp_path


def verdict(house):
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, env={"PYTHONPATH": str(house)})
    return done.returncode, done.stdout


def write(house, room, text):
    (house / "intranet" / room / "__init__.py").write_text(text, encoding="utf-8")


def test_looking_down_is_allowed(house):
    write(house, "chat", "from intranet import channels, files, people, kernel\n")
    write(house, "app", "from intranet import chat, inbox, hub\n")
    assert verdict(house)[0] == 0


@pytest.mark.parametrize(
    ("room", "other"),
    [("kernel", "people"), ("people", "channels"), ("channels", "chat"), ("chat", "inbox"), ("inbox", "app")],
)
def test_looking_up_is_not(house, room, other):
    write(house, room, f"from intranet import {other}\n")
    code, said = verdict(house)
    assert code == 1
    assert f"intranet.{room} is not allowed to import intranet.{other}" in said


@pytest.mark.parametrize(("room", "other"), [("hub", "people"), ("channels", "files"), ("inbox", "admin")])
def test_neighbours_do_not_know_each_other(house, room, other):
    write(house, room, f"from intranet import {other}\n")
    assert verdict(house)[0] == 1


def test_a_new_room_must_say_where_it_stands(house):
    (house / "intranet" / "weather").mkdir()
    write(house, "weather", "")
    code, said = verdict(house)
    assert code == 1
    assert "weather" in said
