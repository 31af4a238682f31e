"""The one clock. Times are integer milliseconds UTC everywhere; tests replace `now` by setting `source`.

On PostgreSQL all nodes go by the database's clock: what is due, expired or planned must not depend on which of them
looks. Between two readings of it a clock goes on that nobody sets, so a node's own date is of no account.
"""

import time
from collections.abc import Callable

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # goes on while the machine sleeps, where it can
_ahead = 0  # of the database's clock over the steady one


def _system() -> int:
    return time.time_ns() // 1_000_000


def _followed() -> int:
    return steady() + _ahead


source: Callable[[], int] = _system


def now() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return source()


def steady() -> int:
    """Milliseconds since some moment, whatever anybody does to the date."""
    return time.clock_gettime_ns(_STEADY) // 1_000_000


def follow(theirs: int, asked: int, told: int) -> None:
    """Go by a clock that said `theirs` between these two moments of `steady`. A clock that a test has put in stays."""
    global _ahead, source
    _ahead = theirs - (asked + told) // 2
    if source is _system:
        source = _followed
