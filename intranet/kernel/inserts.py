"""INSERT … ON CONFLICT for both engines, built once per table."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from .ready import Ready
from .tables import Base


def dialect_insert(conn: Connection, model: type[Base]) -> Any:
    """INSERT with ON CONFLICT for the engine at hand."""
    return postgresql.insert(model) if conn.dialect.name == "postgresql" else sqlite.insert(model)


_INSERTS: dict[tuple[type[Base], tuple[str, ...]], Ready] = {}


def inserting(model: type[Base], columns: tuple[str, ...]) -> Ready:
    """INSERT of rows that name these columns."""
    name = (model, columns)
    if name not in _INSERTS:
        _INSERTS[name] = Ready(insert(model).inline(), columns)
    return _INSERTS[name]


_UPSERTS: dict[tuple[str, type[Base], str | None], Any] = {}


def upsert(conn: Connection, model: type[Base], *, highest: str | None = None) -> Any:
    """INSERT … ON CONFLICT (primary key) DO UPDATE of all other columns, if there are any; with `highest`, only where
    it grows."""
    name = (conn.dialect.name, model, highest)
    if name not in _UPSERTS:
        table = model.__table__
        keys = [column.name for column in table.primary_key]
        statement = dialect_insert(conn, model)
        rest = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
        if not rest:
            return insert_missing(conn, model)
        where = statement.excluded[highest] > table.c[highest] if highest else None
        _UPSERTS[name] = statement.on_conflict_do_update(index_elements=keys, set_=rest, where=where)
    return _UPSERTS[name]


_ADDED: dict[tuple[str, type[Base], str], Any] = {}


def add_up(conn: Connection, model: type[Base], column: str) -> Any:
    """INSERT … ON CONFLICT (primary key) DO UPDATE that adds what is given to what is counted in this column."""
    name = (conn.dialect.name, model, column)
    if name not in _ADDED:
        table = model.__table__
        statement = dialect_insert(conn, model)
        more = {column: table.c[column] + statement.excluded[column]}
        _ADDED[name] = statement.on_conflict_do_update(
            index_elements=[one.name for one in table.primary_key], set_=more
        )
    return _ADDED[name]


_MISSING: dict[tuple[str, type[Base]], Any] = {}


def insert_missing(conn: Connection, model: type[Base]) -> Any:
    """INSERT … ON CONFLICT DO NOTHING."""
    name = (conn.dialect.name, model)
    if name not in _MISSING:
        _MISSING[name] = dialect_insert(conn, model).on_conflict_do_nothing()
    return _MISSING[name]


def in_pairs(left: Any, right: Any, pairs: Sequence[tuple[Any, Any]]) -> Any:
    """`(left, right) IN (pairs)`, which both engines answer by index."""
    return tuple_(left, right).in_(list(pairs))
