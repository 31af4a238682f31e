"""Hypothesis thinks of what may happen, on every commit a little, with INTRANET_EXAMPLES=2000 for a night.

A run that fails is kept in .hypothesis and comes first the next time.
"""

import itertools
import os
import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as profile
from hypothesis.stateful import run_state_machine_as_test

from intranet.kernel.config import Settings
from tests.history.disk import watched
from tests.history.machine import Machine

EXAMPLES = int(os.environ.get("INTRANET_EXAMPLES", "0"))
LITTLE = profile(
    max_examples=EXAMPLES or 4, stateful_step_count=50 if EXAMPLES else 15, deadline=None, print_blob=True,
    derandomize=not EXAMPLES, suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def fresh(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run begins with a copy of the migrated file; on PostgreSQL with people and channels of its own."""
    numbers = itertools.count(1)

    def chosen() -> Settings:
        if settings.database_url:
            return settings
        folder = Path(settings.data).parent / f"run-{next(numbers)}" / "data"
        shutil.copytree(settings.data, folder)
        return msgspec.structs.replace(settings, data=str(folder))

    monkeypatch.setattr(Machine, "settings", staticmethod(chosen), raising=False)


def test_whatever_happens_nothing_is_lost(fresh: None) -> None:
    with watched():
        run_state_machine_as_test(Machine, settings=LITTLE)
