"""What `run.py bench feed` puts into a database is what the verbs would have written."""

import pytest
from sqlalchemy import Connection, select

from bench.posts import filled
from intranet.app import ROOMS
from intranet.feed.models import Listed, Post
from intranet.kernel import SYSTEM, House, Person, Tx, Verb, Write, new_id
from intranet.kernel.config import Settings
from intranet.search import rebuild
from tests.databases import on_database
from tests.search.test_index import agrees, rows


class Relist(Write, tag="test.relist"):
    """Let every post stand in the lists that its row says."""


def _relist(tx: Tx, _person: Person, _write: Relist) -> None:
    from intranet.feed import relist

    for post in tx.read(select(Post.id)).scalars().all():
        relist(tx, post)


def listed(conn: Connection) -> set[tuple[int, str, int]]:
    """All lists."""
    return {(row.place, row.list, row.post) for row in conn.execute(select(Listed))}


@pytest.mark.engine("sqlite")
async def test_made_posts_are_as_published_ones(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.posts.tempfile.gettempdir", lambda: settings.data)
    await filled(settings, 60, 90, 200, 150)
    house = House(settings, ROOMS)
    house.verbs["test.relist"] = Verb(Relist, _relist, internal=True)
    await house.start()
    lists, index = await house.read(listed), await house.read(rows)
    assert len(lists) > 500
    await house.perform(SYSTEM, Relist(id=new_id()))
    assert await house.read(listed) == lists
    await rebuild(house, anew=True)
    assert sorted(await house.read(rows)) == sorted(index)
    await house.stop()
    await on_database(settings, agrees)
