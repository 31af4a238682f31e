"""As in tests/files: on PostgreSQL files lie in a bucket."""

from tests.files.conftest import buckets, settings

__all__ = ["buckets", "settings"]
