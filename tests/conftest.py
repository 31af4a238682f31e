"""Each test works on a copy of a migrated database and commits for real.

What touches a database runs once on each engine that is at hand; in CI both must be. `--engine` names one.
"""

import asyncio
import gc
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog
from argon2 import PasswordHasher
from starlette.applications import Starlette

from intranet.app import make_app
from intranet.kernel import House
from intranet.kernel.config import Settings
from intranet.kernel.logs import shortened
from intranet.kernel.migrate import migrate
from intranet.people import passwords
from tests import postgres
from tests.served import Served
from tests.statements import share_compiled

# Not installed; httpx2 looks the whole path through for it at every request.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
KEY = "a secret for tests only, 32 bytes and more"
collect_ignore = [] if find_spec("playwright") else ["browser", "look"]  # `run.py test` says that they are left out
MEMORY, ROOM = Path("/dev/shm"), 4 << 30
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CHEAP_NOBODYS = CHEAP.hash("nobody has this one")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=["sqlite", "postgres"], help="test on this engine alone")


def pytest_configure() -> None:
    if enough_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    share_compiled()
    structlog.configure(processors=[structlog.processors.add_log_level, shortened, structlog.processors.JSONRenderer()])


def enough_memory() -> bool:
    """Whether test folders may lie in memory: what is tested is that the code flushes, not that the disk does."""
    try:
        return shutil.disk_usage(MEMORY).free > ROOM and os.access(MEMORY, os.W_OK)
    except OSError:  # another system than Linux
        return False


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser last: beside the event loop that Playwright keeps running no other test's can start."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is there by now stays: it need not be looked through again at every collection of garbage."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Once per engine, for every test that asks for a database, be it through other fixtures."""
    if "engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engine")
        engines = [chosen] if chosen else ["sqlite", *(["postgres"] if postgres.wanted() else [])]
        about = metafunc.definition.get_closest_marker("engine")
        engines = [name for name in engines if about is None or name in about.args]
        metafunc.parametrize("engine", engines, indirect=True, scope="session")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost nothing: that the real ones do is in tests/people/test_passwords.py."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    monkeypatch.setattr(passwords, "NOBODYS", CHEAP_NOBODYS)


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The database of this test: `sqlite` or `postgres`."""
    return str(request.param)


@pytest.fixture(scope="session")
def template(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A migrated, empty database: a file to copy, or a PostgreSQL database to make others from."""
    folder = tmp_path_factory.mktemp("template")
    if engine == "postgres":
        with postgres.cluster() as cluster:
            url = cluster.make("binnen_template")
            asyncio.run(migrate(Settings(data=str(folder), database_url=url, secret_key=KEY)))
            yield cluster
        return
    asyncio.run(migrate(Settings(data=str(folder), secret_key=KEY)))
    yield folder / "binnen.db"


@pytest.fixture
def settings(engine: str, template: Any, tmp_path: Path) -> Iterator[Settings]:
    """The settings of one test: its own data folder and its own database."""
    if engine == "postgres":
        name, url = template.copy("binnen_template")
        yield Settings(data=str(tmp_path / "data"), database_url=url, secret_key=KEY, language="de")
        template.give_back("binnen_template", name)
        return
    (tmp_path / "data").mkdir()
    shutil.copy(template, tmp_path / "data" / "binnen.db")
    yield Settings(data=str(tmp_path / "data"), secret_key=KEY, language="de")


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Starlette]:
    """The application with its house, hub and jobs running, without a socket."""
    made = make_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
def home(app: Starlette) -> House:
    """The house of `app`."""
    house: House = app.state.house
    return house


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser-like client of `app`: same origin, German, signed in by `cast.sign_in(client, house, person)`."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Origin": "http://binnen.test", "Accept-Language": "de", "Accept": "text/html"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://binnen.test", headers=headers) as one:
        yield one


@pytest.fixture
async def served(settings: Settings) -> AsyncIterator[Served]:
    """The application under a real uvicorn on a free port, in this test's event loop."""
    async with Served.start(settings) as one:
        yield one


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """The one driver of browsers of this process: it keeps an event loop running, beside which no second can start."""
    driver = pytest.importorskip("playwright.sync_api")
    with driver.sync_playwright() as one:
        yield one
