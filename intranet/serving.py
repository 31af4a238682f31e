"""Bring a process up and down again: schema, set-up link, server."""

import asyncio
import gc
import os
import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path

import click
import structlog
from sqlalchemy import Connection

from intranet import files, people, search
from intranet.app import ROOMS, make_app
from intranet.hub import Server
from intranet.hub import config as server_config
from intranet.kernel import House, Keys, Unavailable, lock
from intranet.kernel.config import Settings
from intranet.kernel.home import adopt, must_be_home
from intranet.kernel.keys import derive, load_secret
from intranet.kernel.logs import configure
from intranet.kernel.migrate import by_turns, migrate, on_postgres
from intranet.kernel.sqlite import check_version

log = structlog.get_logger(__name__)
MOST_DESCRIPTORS = 65_536


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """On SQLite only one process may work; on PostgreSQL as many as like. Raises InUse, HalfRestored."""
    folder = Path(settings.data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock.must_be_whole(folder)
    with nullcontext() if settings.database_url else lock.alone(folder):
        yield


async def bring_up(settings: Settings) -> None:
    """The newest schema, and the right folder and key. Raises OldSQLite, ConfigError."""
    if not settings.database_url:
        log.info("sqlite", version=check_version())
    await migrate(settings)
    if settings.database_url:
        await on_postgres(settings, partial(at_home, settings, must_be_home))
    if settings.files_url:
        await _look_at_files(settings)


def at_home(settings: Settings, ask: Callable[[Connection, Path, Keys], None], conn: Connection) -> None:
    """`must_be_home` or `adopt`, one node after another: the first to come makes the key and the mark."""
    folder = Path(settings.data)
    with by_turns(conn):
        ask(conn, folder, derive(load_secret(settings.secret_key, folder)))


async def take_home(settings: Settings) -> None:
    """From now on this data folder and this key are the right ones for the database."""
    await migrate(settings)
    await on_postgres(settings, partial(at_home, settings, adopt))


async def _look_at_files(settings: Settings) -> None:
    """People can write while files are out of reach: it is said, and nothing stops."""
    try:
        await asyncio.to_thread(files.store_of(settings).has, "0" * 64)
    except Unavailable as error:
        log.error("the store of files does not answer", reason=str(error.__cause__).splitlines()[0])


async def rebuild_search(settings: Settings) -> int:
    """The index of the search from nothing; how many things were gone through. Raises OldSQLite."""
    await bring_up(settings)
    house = House(settings, ROOMS)
    await house.start()
    try:
        return await search.rebuild(house, anew=True)
    finally:
        await house.stop()


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT: then sockets are told 1012, waiting writes finish, the database is let go."""
    configure(settings.log)
    keep_to_oneself(Path(settings.data))
    allow_many_sockets()
    with alone(settings):
        asyncio.run(bring_up(settings))
        asyncio.run(run(settings))


def keep_to_oneself(folder: Path) -> None:
    """What is written from now on only this account of the machine may read; the database of old also."""
    os.umask(0o077)
    for path in folder.glob("binnen.db*"):
        with suppress(PermissionError):  # somebody else's: whoever arranged that knows why
            path.chmod(0o600)


def allow_many_sockets() -> None:
    """Each open socket is a descriptor; many systems give 1,024 by default and far more to who asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, MOST_DESCRIPTORS) if hard != resource.RLIM_INFINITY else MOST_DESCRIPTORS
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def run(settings: Settings) -> None:
    """One server process."""
    app = make_app(settings)
    options = {
        "host": settings.host, "port": settings.port, "proxy_headers": True, "forwarded_allow_ips": settings.proxies,
        "access_log": False, "log_config": None,
    }  # fmt: skip
    server = Server(server_config(app, app.state.hub, **options))
    first = asyncio.create_task(_say_where(server, app.state.house, settings))
    await server.serve()
    first.cancel()


async def _say_where(server: Server, house: House, settings: Settings) -> None:
    while not server.started:  # noqa: ASYNC110 (uvicorn tells nobody when it has started)
        await asyncio.sleep(0.05)
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    spare_the_collector()
    click.echo(f"Binnen is at {address}")
    path = await people.set_up_path(house)
    if path is not None:
        click.echo(f"First administrator: open {address}{path} (works once)")


def spare_the_collector() -> None:
    """What is loaded stays: to look through it again at each full collection would stop the loop for 100 ms."""
    gc.collect()
    gc.freeze()


def free_port() -> int:
    """A port that nobody uses, for tests and tools."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
