"""Statements of hot paths: compiled once and, on SQLite, given straight to the driver.

SQLAlchemy takes ten times as long as SQLite to run a small statement. What is asked for every message goes this way;
everything else says `conn.execute`. On PostgreSQL, and while somebody listens to what is executed, this does too.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable

from . import sqlite
from .rows import AnyRow

_LIST = re.compile(r"__\[POSTCOMPILE_(\w+)\]")  # where SQLAlchemy leaves room for a list


class Ready:
    """One statement, with bind parameters for all that changes; `expanding` ones take a list."""

    __slots__ = ("_columns", "_compiled", "statement")

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        self.statement = statement
        self._columns = columns  # of an INSERT: those that its rows name
        self._compiled: _Compiled | None = None

    def all(self, conn: Connection, params: Mapping[str, Any]) -> Sequence[AnyRow]:
        """Every row. Raises DBAPIError as `conn.execute` does."""
        direct = self._direct(conn)
        if direct is None:
            return conn.execute(self.statement, params).all()
        return direct.rows(conn, params)

    def first(self, conn: Connection, params: Mapping[str, Any]) -> AnyRow | None:
        """The first row, if there is one. Raises DBAPIError."""
        rows = self.all(conn, params)
        return rows[0] if rows else None

    def each(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """INSERT, UPDATE or DELETE once for each of `rows`; how many were changed. Raises DBAPIError."""
        direct = self._direct(conn)
        return conn.execute(self.statement, rows).rowcount if direct is None else direct.each(conn, rows)

    def _direct(self, conn: Connection) -> "_Compiled | None":
        if conn.dialect.name != "sqlite" or conn.dispatch.before_cursor_execute:
            return None
        if self._compiled is None:
            self._compiled = _Compiled(self.statement, conn, self._columns)
        return self._compiled if self._compiled.is_whole else None


class _Compiled:
    """For SQLite's driver: the text, and in which order it takes the values."""

    __slots__ = ("_fixed", "_lists", "_names", "_processors", "_row", "_text", "is_whole")

    def __init__(self, statement: Any, conn: Connection, columns: Sequence[str] | None) -> None:
        compiled = statement.compile(dialect=conn.dialect, column_keys=columns)
        self._text = str(compiled)
        self._names: list[str] = list(compiled.positiontup)
        self._lists = set(_LIST.findall(self._text))
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self.is_whole = not getattr(compiled, "insert_prefetch", None)  # no defaults that SQLAlchemy would fill in
        shown = list(statement.selected_columns) if hasattr(statement, "selected_columns") else []
        names = [column.key for column in shown]
        row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
        self._row: Callable[[Any], Any] = row._make
        processors = [c.type.dialect_impl(conn.dialect).result_processor(conn.dialect, None) for c in shown]
        self._processors = [(n, one) for n, one in enumerate(processors) if one]

    def rows(self, conn: Connection, params: Mapping[str, Any]) -> list[Any]:
        text, values = self._text, []
        for name in self._names:
            if name in self._lists:
                values += params[name]
            else:
                values.append(params[name] if name in params else self._fixed[name])
        if self._lists:
            text = _LIST.sub(lambda found: ",".join("?" * len(params[found[1]])), text)
        try:
            found = conn.connection.driver_connection.execute(text, values).fetchall()  # type: ignore[union-attr]
        except sqlite.driver.Error as error:
            raise _wrapped(error, conn) from error
        return list(map(self._row, map(self._processed, found) if self._processors else found))

    def each(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        fixed = self._fixed
        values = [[row[name] if name in row else fixed[name] for name in self._names] for row in rows]
        try:
            done = conn.connection.driver_connection.executemany(self._text, values)  # type: ignore[union-attr]
        except sqlite.driver.Error as error:
            raise _wrapped(error, conn) from error
        return int(done.rowcount)

    def _processed(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for n, process in self._processors:
            values[n] = process(values[n])
        return values


def say(conn: Connection, text: str) -> None:
    """BEGIN, COMMIT, a savepoint: a statement without values or rows. Raises DBAPIError."""
    if conn.dialect.name != "sqlite" or conn.dispatch.before_cursor_execute:
        conn.exec_driver_sql(text)
        return
    try:
        conn.connection.driver_connection.execute(text)  # type: ignore[union-attr]
    except sqlite.driver.Error as error:
        raise _wrapped(error, conn) from error


def _wrapped(error: Exception, conn: Connection) -> BaseException:
    """As SQLAlchemy would raise it, without the values."""
    return DBAPIError.instance(None, None, error, sqlite.driver.Error, hide_parameters=True, dialect=conn.dialect)
