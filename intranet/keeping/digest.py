"""What rows say, the same on both engines, and a digest of many that does not depend on their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import TSVECTOR

from .stopped import of

Row = Sequence[Any]
_encode = msgspec.msgpack.Encoder().encode
_SIZE = 32


@dataclass
class Digest:
    """How many rows, and the sum of their hashes: equal for equal rows in any order, each as often."""

    rows: int = 0
    total: int = 0

    def add(self, row: Row) -> None:
        """`row` as `canonical` gives it: bool, int, str, bytes and None are all told apart."""
        self.rows += 1
        self.total += int.from_bytes(blake2b(_encode(row), digest_size=_SIZE).digest(), "big")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digest) and (self.rows, self._sum) == (other.rows, other._sum)

    def __str__(self) -> str:
        return f"{of(self.rows, 'row')} of digest {self._sum:064x}"[:-48]

    @property
    def _sum(self) -> int:
        return int(self.total % (1 << 8 * _SIZE))


def is_words(column: Column[Any]) -> bool:
    """Whether a column holds the words of a search: text on SQLite, a tsvector on PostgreSQL."""
    return isinstance(column.type.dialect_impl(postgresql.dialect()), TSVECTOR)  # type: ignore[no-untyped-call]


def canonical(table: Table) -> "Canonical":
    """How the rows of this table are made comparable."""
    return Canonical([number for number, column in enumerate(table.columns) if is_words(column)])


class Canonical:
    """Rows as they are, but for words: a tsvector keeps each once, in its own order and in quotes."""

    def __init__(self, words: Sequence[int]) -> None:
        self._words = words

    def __call__(self, row: Row) -> Row:
        values = list(row)
        for number in self._words:
            values[number] = sorted(set(values[number].replace("'", "").split()))
        return values
