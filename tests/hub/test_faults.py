"""The fault test passes on our server, and catches servers that break one promise each."""

import random

import pytest

from bench.faults.company import found
from bench.faults.nemeses.kill import Kill, Points
from bench.faults.round import Result, Round, Size
from bench.servers import settings

SMALL = Size(devices=10, persons=5, channels=3, writes=150, seconds=20, patience=4)
pytestmark = [pytest.mark.fault, pytest.mark.slow]


async def torment(harm: str = "", forgets: float = 0.02) -> Result:
    """One small round with two kinds of kill."""
    async with settings(handshakes_per_second=1000) as given:
        staff = await found(given, SMALL.persons, SMALL.channels, SMALL.each)
        round_ = Round(SMALL, staff, random.Random(3), [Kill(each=30), Points(each=30)])
        round_.forgets = forgets
        round_.harm = harm
        return await round_.run()


@pytest.fixture(autouse=True)
def on_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTRANET_DATABASE_URL", raising=False)


@pytest.mark.engine("sqlite")
async def test_ours_keeps_every_promise() -> None:
    result = await torment()
    assert result.findings.examples == []
    assert result.findings.clean
    assert result.findings.acknowledged >= SMALL.writes
    assert result.kills >= 2


@pytest.mark.parametrize(
    ("harm", "named"), [("acknowledges_early", "lost"), ("forgets_receipts", "doubled"), ("leaves_gaps", "gaps")]
)
@pytest.mark.engine("sqlite")
async def test_a_broken_server_is_caught(harm: str, named: str) -> None:
    result = await torment(f"tests.hub.broken:{harm}", forgets=0.3)
    assert getattr(result.findings, named) > 0, result.findings
