"""What the adversary holds: copies of all files after every vote, log lines, frames, lengths on the line, and what was
published.

Of PostgreSQL it is every row of every table as it lies, with where it lies and which transaction put it there; not the
server's own files, whose log nobody can cut off (decision 0013).
"""

import json
import sqlite3
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from intranet.polls.keyring import FOLDER

LEFT_OUT = FOLDER  # what a backup does not take; the name as it is, whatever a broken house calls its folder
PAGE = struct.Struct(">II")
DUMP = "postgres"
WANTED = {"sealed", "ballot", "took_part"}  # which attackers look into, also where there is nothing


@dataclass
class Sight:
    """One moment: the backup that was made then, and what was logged and sent since the moment before."""

    at: int
    files: dict[str, bytes]
    before: "Sight | None" = None
    logs: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    line: list[tuple[int, int, int]] = field(
        default_factory=list
    )  # of each answer: length of what was asked, status, length

    @cached_property
    def image(self) -> bytes:
        """The database as a restored backup has it: the file, and over it what its write-ahead log has committed."""
        if DUMP in self.files:
            return _as_database(self.files[DUMP])
        pages, log = bytearray(self.files["binnen.db"]), self.files.get("binnen.db-wal", b"")
        if len(log) > 32:
            size = int.from_bytes(log[8:12], "big")
            held: list[tuple[int, bytes]] = []
            for at in range(32, len(log) - size - 23, size + 24):
                if log[at + 8 : at + 16] != log[16:24]:  # an earlier round's
                    break
                number, commit = PAGE.unpack_from(log, at)
                held.append((number, log[at + 24 : at + 24 + size]))
                if commit:
                    pages.extend(bytes(max(0, commit * size - len(pages))))
                    for page, content in held:
                        pages[(page - 1) * size : page * size] = content
                    held.clear()
        pages[18:20] = b"\1\1"  # no longer with a log of its own
        return bytes(pages)

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """A look into the database."""
        with closing(sqlite3.connect(":memory:")) as conn:
            conn.deserialize(self.image)
            conn.row_factory = sqlite3.Row
            return [dict(row) for row in conn.execute(statement, values)]

    @cached_property
    def fresh(self) -> list[bytes]:
        """What was not there the moment before: files that are others, what was appended to files, logs, frames."""
        there = self.before.files if self.before else {}
        found = [line.encode() for line in (*self.logs, *self.frames)]
        for name, content in self.files.items():
            old = there.get(name, b"")
            if content != old:
                found.append(content[max(0, len(old) - 64) :] if content.startswith(old) else content)
        return found

    def brings(self, *needles: bytes) -> bool:
        """Whether any of these bytes are among what is new."""
        return any(needle in where for where in self.fresh for needle in needles)


@dataclass
class Record:
    """All of one poll. `sights` begins before the first vote; `after` is when everything is over."""

    poll: int
    key: bytes  # what is found if it lies anywhere: the tests look for it instead of trying every 32 bytes
    sights: list[Sight]
    after: Sight
    ballots: list[dict[str, Any]]  # every column there is, as they lie
    took_part: list[int]

    @cached_property
    def boxes(self) -> list[dict[int, bytes]]:
        """Whose box lay there at each moment."""
        asked = "SELECT person, box FROM sealed WHERE poll = ?"
        return [{row["person"]: row["box"] for row in sight.rows(asked, self.poll)} for sight in self.sights]

    @cached_property
    def votes(self) -> list[int]:
        """Who voted between each moment and the one before: 0 where nobody's box is another one."""
        found = [0]
        for before, now in zip(self.boxes, self.boxes[1:], strict=False):
            other = [person for person in before.keys() | now.keys() if before.get(person) != now.get(person)]
            found.append(other[0] if len(other) == 1 else 0)
        return found

    @cached_property
    def last(self) -> dict[int, int]:
        """The moment of each voter's last vote."""
        return {person: moment for moment, person in enumerate(self.votes) if person in self.took_part}

    @cached_property
    def first(self) -> dict[int, int]:
        """The moment of each voter's first vote."""
        return {person: n for n, person in reversed(list(enumerate(self.votes))) if person in self.took_part}

    @cached_property
    def winner(self) -> int:
        """What most have chosen, as published."""
        counts = self.counts()
        return max(counts, key=lambda choice: (counts[choice], -choice))

    def counts(self) -> Mapping[int, int]:
        """The published result."""
        (row,) = self.after.rows("SELECT result FROM poll WHERE id = ?", self.poll)
        return {int(choice): n for choice, n in json.loads(row["result"])["yes"].items()}


# -- PostgreSQL


def dumped(conn: Connection) -> dict[str, bytes]:
    """Every row as it lies: {"t": table, "at": where, "by": transaction, "row": its columns} a line; and the bytes in
    them once more, as they are."""
    tables = conn.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).scalars()
    each = [
        f"SELECT '{table}', ctid::text, xmin::text::bigint, to_jsonb(x)::text, {number} AS n, row_number() OVER () AS m"
        f' FROM "{table}" x'
        for number, table in enumerate(tables)
    ]
    found = [
        {"t": table, "at": at, "by": by, "row": json.loads(row)}
        for table, at, by, row, _, _ in conn.execute(text(" UNION ALL ".join(each) + " ORDER BY n, m"))
    ]
    lines = [json.dumps(one) for one in found]
    values = (value for one in found for value in one["row"].values())
    held = [value for value in values if isinstance(value, str) and value.startswith("\\x")]
    return {DUMP: "\n".join(lines).encode(), f"{DUMP}.bytes": b"".join(bytes.fromhex(one[2:]) for one in held)}


def _as_database(dump: bytes) -> bytes:
    """The rows in a SQLite database of the same tables, so that every attack looks at both alike."""
    with closing(sqlite3.connect(":memory:")) as conn:
        known: set[str] = set()
        for line in dump.splitlines():
            found = json.loads(line)
            row = {**found["row"], "_at": found["at"], "_by": found["by"]}
            names = ", ".join(f'"{name}"' for name in row)
            if found["t"] not in known:
                known.add(found["t"])
                conn.execute(f'CREATE TABLE "{found["t"]}" ({names})')
            marks = ", ".join("?" * len(row))
            conn.execute(
                f'INSERT INTO "{found["t"]}" ({names}) VALUES ({marks})', [_value(one) for one in row.values()]
            )
        for table in WANTED - known:
            conn.execute(f'CREATE TABLE "{table}" (poll, person, code, choice, box)')
        return conn.serialize()


def _value(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("\\x"):
        return bytes.fromhex(value[2:])
    return json.dumps(value) if isinstance(value, dict | list) else value


# -- SQLite


def copied(folder: Path) -> dict[str, bytes]:
    """A backup: copies of all files, but for the folder that backups leave out."""
    return {name: path.read_bytes() for name, path in _files(folder)}


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and LEFT_OUT not in path.parts:
            yield str(path.relative_to(folder)), path


__all__ = ["Record", "Sight", "copied", "dumped"]
