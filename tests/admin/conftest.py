from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from intranet.kernel import clock
from intranet.people import passwords, throttle
from tests.people.forms import Later


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """Tries are counted per process: each test begins with none."""
    throttle.start_over()
    yield
    throttle.start_over()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost nothing: that the real ones do is tested on its own."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def later() -> Iterator[Later]:
    """Time passes when the test says so."""
    kept = clock.source
    yield Later()
    clock.source = kept
