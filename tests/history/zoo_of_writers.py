"""Writers that break one promise each."""

import time
from typing import Any

from sqlalchemy import delete

from intranet.kernel import Answer, clock, sqlite
from intranet.kernel import turns as turns_module
from intranet.kernel.batch import Batch
from intranet.kernel.house import House
from intranet.kernel.sqlite import driver
from intranet.kernel.tables import Receipt
from intranet.kernel.turns import Turns
from intranet.kernel.tx import Tx
from intranet.kernel.writer import SqliteWriter
from tests.history.broken import Patches, breaks
from tests.history.world import World

SLOW = 0.02  # seconds that a flush may take


@breaks("C1", "Answers posts before they are committed")
def acknowledges_before_commit(p: Patches) -> None:
    run = SqliteWriter._run

    def early(self: SqliteWriter, conn: Any, entries: Any) -> int:
        for entry in entries:
            if entry.verb.name == "chat.post" and self._loop:
                head = conn.exec_driver_sql("SELECT head FROM place WHERE id = ?", (entry.place,)).scalar()
                self._loop.call_soon_threadsafe(entry.settle, Answer(entry.write.id, entry.place, head + 1))
                time.sleep(SLOW)
        return run(self, conn, entries)

    p.set(SqliteWriter, "_run", early)


@breaks("C1", "Leaves the flush to the next checkpoint: `synchronous=NORMAL`")
def flushes_now_and_then(p: Patches) -> None:
    p.alter(sqlite, "on_connect_writer", ("synchronous=FULL", "synchronous=NORMAL"))


@breaks("C1", "Leaves the flush to the operating system: `synchronous=OFF`")
def flushes_never(p: Patches) -> None:
    p.alter(sqlite, "on_connect_writer", ("synchronous=FULL", "synchronous=OFF"))


@breaks("C1", "Answers refusals before the commit of what they rest on")
def refuses_before_commit(p: Patches) -> None:
    guarded = Turns._guarded

    def early(self: Turns, entry: Any, **how: Any) -> Any:
        outcome = guarded(self, entry, **how)
        if isinstance(outcome, Exception):
            _loops[-1].call_soon_threadsafe(entry.settle, outcome)
            time.sleep(SLOW)
        return outcome

    start = SqliteWriter.start

    async def remember(self: SqliteWriter) -> None:
        await start(self)
        _loops.append(self._loop)

    p.set(Turns, "_guarded", early)
    p.set(SqliteWriter, "start", remember)


_loops: list[Any] = []


@breaks("C13", "Goes on in a savepoint after the full disk has ended the transaction")
def goes_on_after_the_transaction(p: Patches) -> None:
    def undo(self: Turns, mark: Any, _cause: Any) -> None:
        if self.conn.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
            self.conn.exec_driver_sql("ROLLBACK TO SAVEPOINT run")
            self.conn.exec_driver_sql("RELEASE SAVEPOINT run")
        self.tx.back_to(mark)

    p.set(Turns, "_undo", undo)
    p.set(turns_module, "is_of_the_write", lambda _error: True)
    commit = 'if conn.connection.driver_connection.in_transaction: say(conn, "COMMIT")'
    p.alter(Batch, "_attempt", ("check_stands(conn, None)", "pass"), ('say(conn, "COMMIT")', commit))


@breaks("C4", "Gives numbers out before the lock, as a sequence of the database does")
def numbers_outside_the_lock(p: Patches) -> None:
    numbers: dict[int, int] = {}
    given: dict[str, int] = {}
    put, answer, lock = SqliteWriter.put, Turns._answer, Tx.lock

    def early(self: SqliteWriter, entry: Any) -> None:
        if entry.verb.name == "chat.post" and entry.place in numbers and self._loop:
            numbers[entry.place] += 1
            given[entry.write.id] = numbers[entry.place]
            if numbers[entry.place] % 3 == 0:  # another transaction overtakes it
                self._loop.call_later(SLOW, put, self, entry)
                return
        put(self, entry)

    def locked(self: Tx, places: Any) -> None:
        lock(self, places)
        for place, head in self._heads.items():
            numbers[place] = max(numbers.get(place, 0), head)

    def numbered(self: Turns, entry: Any, mark: Any, buffering: bool) -> Any:
        self.tx.given = given.pop(entry.write.id, 0)  # type: ignore[attr-defined]
        return answer(self, entry, mark, buffering)

    def next_seq(self: Tx, place: int) -> int:
        return getattr(self, "given", 0) or max(numbers.get(place, 0), self._heads[place]) + 1

    p.set(SqliteWriter, "put", early)
    p.set(Tx, "lock", locked)
    p.set(Turns, "_answer", numbered)
    p.set(Tx, "next_seq", next_seq)
    counted = "seq = self._heads[place] = self._heads[place] + 1"
    taken = "seq, self.given = self.next_seq(place), 0; self._heads[place] = max(self._heads[place], seq)"
    p.alter(Tx, "record", (counted, taken))
    p.starts.append(lambda _world: numbers.clear())


@breaks("C4", "Skips a number now and then")
def skips_numbers(p: Patches) -> None:
    record = Tx.record

    def skipping(self: Tx, place: int, kind: str, subject: str, actor: int = 0, at: int = 0) -> int:
        seq = record(self, place, kind, subject, actor, at)
        self._heads[place] += seq % 10 == 0
        return seq

    p.set(Tx, "record", skipping)


# -- receipts


@breaks("C2", "Keeps receipts in memory only")
def dedupes_in_memory(p: Patches) -> None:
    def forget(world: World) -> None:
        line = driver.connect(f"{world.settings.data}/binnen.db", isolation_level=None)
        line.execute("DELETE FROM receipt")
        line.close()

    p.starts.append(forget)


@breaks("C2", "Forgets receipts after a month")
def dedupes_for_a_month(p: Patches) -> None:
    receipts, last = Turns._receipts, [0]

    def expiring(self: Turns) -> Any:
        if clock.now() > last[0] + 30 * clock.DAY:
            self.conn.execute(delete(Receipt))
            last[0] = clock.now()
        return receipts(self)

    p.set(Turns, "_receipts", expiring)


@breaks("C2", "Knows a repeat only within one session")
def dedupes_by_session(p: Patches) -> None:
    p.alter(
        House,
        "perform",
        ("self.keys.receipt(person.id, write.id)", "self.keys.receipt(person.id, write.id + person.session)"),
    )


@breaks("C2", "Keeps no receipts")
def keeps_no_receipts(p: Patches) -> None:
    p.set(Turns, "_receipts", lambda _self: {})
    p.set(Tx, "receipt", lambda _self, _key, _digest, _place, _seq: None)


@breaks("C1", "Takes another text under a known id for a repeat")
def compares_no_content(p: Patches) -> None:
    p.alter(Turns, "_answer", ("if digest != entry.digest:", "if False:"))
