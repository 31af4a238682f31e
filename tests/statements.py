"""Statements are compiled once per run and not once per house: of a short test that would be a quarter of its work."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.util import LRUCache

from intranet.kernel import db


class Compiled(LRUCache[Any, Any]):
    """What engines share. SQLAlchemy keeps by the dialect itself; here all engines of a kind have one and the same."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_kind(key), value)


def _of_kind(key: Any) -> Any:
    dialect, *rest = key
    return (type(dialect), *rest)


def share_compiled() -> None:
    """From now on every engine that a house makes takes part."""
    compiled = Compiled(5000)

    def sharing(create: Callable[..., Any]) -> Callable[..., Any]:
        def make(*args: Any, execution_options: Mapping[str, Any] | None = None, **options: Any) -> Any:
            shared = {**(execution_options or {}), "compiled_cache": compiled}
            return create(*args, execution_options=shared, **options)

        return make

    for name in ("create_engine", "create_async_engine"):
        setattr(db, name, sharing(getattr(db, name)))
