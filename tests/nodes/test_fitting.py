"""Who may serve on a database: with its data folder and key, in its turn, and on a schema that leaves what it needs."""

import asyncio
from pathlib import Path

import httpx2
import msgspec
import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from intranet.app import make_app
from intranet.kernel import ConfigError, Installation, asset
from intranet.kernel.config import Settings
from intranet.kernel.epoch import change_epoch
from intranet.kernel.home import MARK
from intranet.kernel.migrate import OLDEST, current, migrate, newest
from intranet.serving import bring_up, take_home
from tests.databases import on_database
from tools.migrations import takes_away

AHEAD = "9999"
OTHER = "another secret for tests, 32 bytes and more"


@pytest.mark.engine("postgres")
async def test_all_nodes_need_the_same_folder_and_key(settings: Settings, tmp_path: Path) -> None:
    await asyncio.gather(*(bring_up(settings) for _ in range(3)))  # the first to come says what is right
    elsewhere = msgspec.structs.replace(settings, data=str(tmp_path / "elsewhere"))
    for stranger, why in (
        (elsewhere, "is not the data folder of this installation"),
        (msgspec.structs.replace(settings, secret_key=OTHER), "the secret key is not this installation's"),
    ):
        with pytest.raises(ConfigError, match=why):
            await bring_up(stranger)
    await take_home(elsewhere)
    await bring_up(elsewhere)
    with pytest.raises(ConfigError, match="is not the data folder"):
        await bring_up(settings)
    await on_database(settings, change_epoch)  # a backup was brought back: the next to come says what is right
    await bring_up(settings)
    mark = await asyncio.to_thread(Path(settings.data, MARK).stat)
    assert mark.st_mode & 0o777 == 0o600


async def test_a_key_made_by_itself_is_the_one_of_its_folder(settings: Settings) -> None:
    alone = msgspec.structs.replace(settings, secret_key="")
    await bring_up(alone)
    await bring_up(alone)


def put_ahead(conn: Connection, least: str) -> None:
    """A newer version has migrated: it added a column and a table, and says which version it takes for granted."""
    conn.execute(text("ALTER TABLE channel ADD COLUMN colour TEXT"))
    conn.execute(text("CREATE TABLE of_the_future (id INTEGER PRIMARY KEY)"))
    conn.execute(text("UPDATE alembic_version SET version_num = :ahead"), {"ahead": AHEAD})
    conn.execute(delete(Installation).where(Installation.key == OLDEST))
    if least:
        conn.execute(insert(Installation).values(key=OLDEST, value=least))


async def ready(settings: Settings) -> tuple[int, str]:
    app = make_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://binnen.test") as client:
            answer = await client.get("/readyz")
            return answer.status_code, answer.text


async def test_an_older_node_goes_on_beside_a_newer_one_unless_that_takes_away_what_it_needs(
    settings: Settings,
) -> None:
    await on_database(settings, lambda conn: put_ahead(conn, newest()))
    await migrate(settings)
    assert await on_database(settings, current) == AHEAD, "it leaves the schema alone"
    assert await ready(settings) == (200, "ready")
    beyond = update(Installation).where(Installation.key == OLDEST).values(value=AHEAD)
    await on_database(settings, lambda conn: conn.execute(beyond))
    sentence = f"schema is {AHEAD} and wants a version that knows {AHEAD}; this one knows {newest()}"
    with pytest.raises(ConfigError, match=sentence):
        await migrate(settings)
    assert await ready(settings) == (503, sentence)


async def test_a_newer_node_brings_an_old_schema_up_and_says_so_until_then(settings: Settings) -> None:
    await on_database(settings, lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '0001'")))
    assert await ready(settings) == (503, f"schema is 0001, wanted {newest()}")


@pytest.mark.engine("postgres")
async def test_migrations_run_once_however_many_nodes_start(settings: Settings) -> None:
    await on_database(settings, empty)
    await asyncio.gather(*(migrate(settings) for _ in range(3)))
    kept = select(Installation.value).where(Installation.key == "epoch")
    assert len(await on_database(settings, lambda conn: conn.execute(kept).all())) == 1
    assert await on_database(settings, current) == newest()


def empty(conn: Connection) -> None:
    conn.execute(text("DROP SCHEMA public CASCADE"))
    conn.execute(text("CREATE SCHEMA public"))


async def test_what_belongs_to_another_version_s_page_is_kept_by_nobody(client: httpx2.AsyncClient) -> None:
    ours = asset("kernel/page.js")
    theirs = ours.replace(ours.split("/")[2], "000000000000")
    kept = [(await client.get(path)).headers["cache-control"] for path in (ours, theirs)]
    assert kept == ["public, max-age=31536000, immutable", "no-store"]


HEAD = "def upgrade():\n    "


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ('op.drop_column("channel", "name")', "drop_column"),
        ('op.drop_table("channel")', "drop_table"),
        ('op.rename_table("a", "b")', "rename_table"),
        ('with op.batch_alter_table("a") as batch:\n        batch.alter_column("b", nullable=False)', "alter_column"),
        ('op.add_column("a", sa.Column("b", sa.Text(), nullable=False))', "add_column without a default"),
        ('op.create_unique_constraint("uq", "a", ["b"])', "create_unique_constraint"),
        ('op.create_index("ix", "a", ["b"], unique=True)', "create_index, unique"),
        ('op.execute("ALTER TABLE a DROP COLUMN b")', "SQL that drops or alters"),
        ('op.execute(f"alter table {a} rename to b")', "SQL that drops or alters"),
    ],
)
def test_a_migration_that_takes_away_what_neighbours_need_is_noticed(step: str, what: str) -> None:
    assert takes_away(HEAD + step) == {what}


def test_one_that_only_adds_is_not() -> None:
    for step in (
        'op.create_table("a", sa.Column("b", sa.Text(), nullable=False), sa.UniqueConstraint("b"))',
        'op.add_column("a", sa.Column("b", sa.Text(), nullable=False, server_default=""))',
        'op.add_column("a", sa.Column("b", sa.Text()))',
        'op.create_index("ix", "a", ["b"])',
        'op.execute("INSERT INTO a VALUES (1)")',
    ):
        assert not takes_away(HEAD + step)
