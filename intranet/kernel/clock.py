"""The one clock. Times are integer milliseconds UTC everywhere; tests replace `now` by setting `source`."""

import time
from collections.abc import Callable

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def _system() -> int:
    return time.time_ns() // 1_000_000


source: Callable[[], int] = _system


def now() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return source()
