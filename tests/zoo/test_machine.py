"""The state machine is proved too: in forty runs of thirty steps it finds these of the broken servers."""

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as profile
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import run_state_machine_as_test

from tests.history.broken import Patches
from tests.history.disk import watched
from tests.history.machine import Machine
from tests.history.test_machine import fresh
from tests.history.zoo import ZOO

MORE = profile(
    max_examples=40, stateful_step_count=30, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
)  # fmt: skip
FOUND = (
    "acknowledges_before_commit", "checks_membership_once", "dedupes_in_memory", "flushes_never", "keeps_no_receipts",
    "numbers_outside_the_lock", "pages_from_the_cursor", "removes_rows_early", "skips_numbers",
)  # fmt: skip


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("name", FOUND)
def test_it_finds(name: str, fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    patches = Patches(monkeypatch)
    next(one for one in ZOO if one.name == name).apply(patches)
    monkeypatch.setattr(Machine, "patches", patches)
    with watched(), pytest.raises((AssertionError, FlakyFailure)) as found:
        run_state_machine_as_test(Machine, settings=MORE)
    if isinstance(found.value, FlakyFailure):  # threads run freely: the same rules need not end the same way again
        assert found.value.split(AssertionError)[1] is None


__all__ = ["fresh"]
