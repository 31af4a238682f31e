"""Files lie on the disk where tests run on SQLite, and in a bucket where they run on PostgreSQL: one suite for both."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from intranet.kernel.config import Settings
from tests import s3


@pytest.fixture(scope="session")
def buckets() -> Iterator[s3.Buckets]:
    with s3.serving() as here:
        yield here


@pytest.fixture
def settings(settings: Settings, engine: str, request: pytest.FixtureRequest) -> Settings:
    if engine == "sqlite":
        return settings
    buckets: s3.Buckets = request.getfixturevalue("buckets")
    return replace(settings, **buckets.make())
