"""The command that measures: it runs what it is asked for, says why something is left out, and fails when one fails."""

import json
from typing import Any

import pytest

from bench import __main__ as bench
from bench.figures import figure, median, noise, ratio, spread
from bench.loads import Missing


def missing() -> dict[str, Any]:
    raise Missing("needs gcc")


def broken() -> dict[str, Any]:
    raise ValueError("no figure")


def good() -> dict[str, Any]:
    slow = ratio([3.0, 6.0, 3.0], [1.0, 3.0, 2.0])
    return {"keys": {"idle_kb": 7.5, "catchup_html": slow, "posts_vs_synapse": 51}, "per_s": 7}


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = {"good": good, "missing": missing, "broken": broken}
    monkeypatch.setattr(bench, "KEYS", runs)
    monkeypatch.setattr(bench, "BOUND", runs)


def test_only_what_is_asked_for(keys: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["good", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["good"]["per_s"] == 7
    assert told["idle_kb"] == 7.5
    assert told["catchup_html"] == {"median": 2.0, "min": 1.5, "max": 3.0}


def test_each_figure_is_held_against_its_bound(keys: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["good"]) == 0
    lines = {line.split()[1]: line for line in capsys.readouterr().out.splitlines() if line.startswith("= ")}
    assert lines["idle_kb"].endswith("at most 8: holds")
    assert lines["catchup_html"].endswith("2.0 (1.5 to 3.0), at most 1.2: MISSED")
    assert lines["posts_vs_synapse"].endswith("at least 50: holds")


def test_every_bound_of_ours_has_a_name_that_is_measured() -> None:
    assert set(bench.BOUND) <= set(bench.KEYS)
    assert len(bench.BOUNDS) == 12


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
    assert figure([3.0, 1.0, 2.0]) == {"median": 2.0, "min": 1.0, "max": 3.0}
    assert noise([0.01, 0.05])["run"] == "quiet"
    assert noise([0.01, 0.07])["run"] == "noisy"
