from collections.abc import Iterator

import pytest

from intranet.kernel import clock
from tests.people.forms import Later


@pytest.fixture
def later() -> Iterator[Later]:
    """Time passes when the test says so."""
    kept = clock.source
    yield Later()
    clock.source = kept
