"""Why a command cannot go on, as a sentence for whoever runs it."""

from collections.abc import Callable

Say = Callable[[str], object]  # takes one line of the report


class Stopped(Exception):
    """The command changed nothing that it has not said; the message says what is the matter and what to do."""


def of(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: 1 row, 2 rows."""
    return f"{number} {one if number == 1 else many or one + 's'}"
