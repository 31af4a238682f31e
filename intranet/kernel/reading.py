"""What one reading has found already.

A page, its shell and its parts ask the same questions, and a snapshot has one answer to each. Nothing is kept longer
than the reading, and nothing for the writer, who changes what it asks.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, bindparam, select

from .ready import Ready
from .tables import Place

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
MOST_AT_ONCE = 500  # values in one statement
_HEADS = Ready(select(Place.id, Place.epoch, Place.head).where(Place.id.in_(bindparam("some", expanding=True))))


def reading(conn: Connection, load: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """`load(conn, ...)` as one reading."""
    found: dict[Hashable, Any] = {}
    return load(conn.execution_options(found=found), *args, **kwargs)


def once(conn: Connection, key: Hashable, load: Callable[[], T]) -> T:
    """`load()`, in a reading only the first time for this key. Nobody may change what it returns."""
    found = conn.get_execution_options().get("found")
    if found is None:
        return load()
    if key not in found:
        found[key] = load()
    kept: T = found[key]
    return kept


def once_each(
    conn: Connection, key: Hashable, wanted: Collection[K], load: Callable[[list[K]], Mapping[K, T]]
) -> dict[K, T]:
    """`load(some)` for those of `wanted` that this reading has not asked for yet; what there is of all of them."""
    known: dict[K, T | None] = once(conn, key, dict)
    unknown = sorted(set(wanted) - known.keys())  # type: ignore[type-var]
    for first in range(0, len(unknown), MOST_AT_ONCE):
        some = unknown[first : first + MOST_AT_ONCE]
        known.update(dict.fromkeys(some))
        known.update(load(some))
    return {one: found for one in wanted if (found := known[one]) is not None}


def heads(conn: Connection, places: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Where these places' logs stand in this snapshot, as (epoch, seq)."""

    def load(some: list[int]) -> dict[int, tuple[str, int]]:
        return {row.id: (row.epoch, row.head) for row in _HEADS.all(conn, {"some": some})}

    return once_each(conn, "heads", set(places), load)
