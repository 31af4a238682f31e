"""The command that measures: it runs what it is asked for, says why something is left out, and fails when one fails."""

import json
from typing import Any

import pytest

from bench import __main__ as bench
from bench.loads import Missing, median, spread


def missing() -> dict[str, Any]:
    raise Missing("needs gcc")


def broken() -> dict[str, Any]:
    raise ValueError("no figure")


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "KEYS", {"good": lambda: {"per_s": 7}, "missing": missing, "broken": broken})


def test_only_what_is_asked_for(keys: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["good", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["good"]["per_s"] == 7


def test_one_that_fails_keeps_no_other_from_being_measured(keys: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main([]) == 1
    told = capsys.readouterr().out
    assert "left out" in told
    assert "needs gcc" in told
    assert "ValueError: no figure" in told
    assert "per_s" in told


def test_an_unknown_key_is_named(keys: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["speed"])
    assert "unknown: speed" in capsys.readouterr().err


def test_spread_is_median_and_ends() -> None:
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert median([1.0, 2.0]) == 1.5
    assert spread([3.0, 1.0, 2.0], 1) == "2.0 (1.0 to 3.0)"
