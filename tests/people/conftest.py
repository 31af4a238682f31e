from collections.abc import Iterator

import pytest

from intranet.kernel import clock
from intranet.people import throttle
from tests.people.forms import Later


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """Tries are counted per process: each test begins with none."""
    throttle.start_over()
    yield
    throttle.start_over()


@pytest.fixture
def later() -> Iterator[Later]:
    """Time passes when the test says so."""
    kept = clock.source
    yield Later()
    clock.source = kept
