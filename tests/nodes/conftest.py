"""A NATS of one's own; without the package `nats-server` these tests are left out, which CI counts as a failure."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from bench.nats import Nats, program


@pytest.fixture
def nats() -> Iterator[Nats]:
    """A running bus."""
    if program() is None or find_spec("nats") is None:
        pytest.skip("no NATS: apt-get install nats-server && python3 run.py install nats")
    bus = Nats("binnen:p@ss,w ö%rd")
    bus.start()
    yield bus
    bus.kill()
