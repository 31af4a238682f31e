"""The fault test passes on our server, and catches servers that break one promise each."""

from typing import Any

import pytest

from bench.faults import Plan, main, run

SMALL = {"devices": 10, "sends": 150, "kills": 2}
pytestmark = [pytest.mark.fault, pytest.mark.slow]


@pytest.fixture(autouse=True)
def on_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTRANET_DATABASE_URL", raising=False)


def test_ours_keeps_every_promise(
    engine: str, template: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if engine == "postgres":
        monkeypatch.setenv("INTRANET_DATABASE_URL", template.url)
    words = [f"--{name}={value}" for name, value in SMALL.items()]
    assert main([*words, "--seed=3", "--json"]) == 0
    assert '"acknowledged": 150' in capsys.readouterr().out


@pytest.mark.parametrize(("harm", "named"), [("early", "lost"), ("forgets", "doubled"), ("gaps", "gaps")])
async def test_a_broken_server_is_caught(harm: str, named: str) -> None:
    findings, _, _ = await run(Plan(**SMALL, patience=2, forgets=0.3, module="tests.hub.broken", words=(harm,)))
    assert getattr(findings, named) > 0
    assert not findings.clean
