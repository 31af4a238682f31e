"""Publishing: what it becomes, who reads it, in lists, on its page, in frames."""

from sqlalchemy import select

from intranet.feed import readable
from intranet.feed.models import Listed, Post
from intranet.kernel import Person
from tests.feed.conftest import FIELD, Town


async def readers_of(town: Town, post: int) -> list[str]:
    """First names of the cast who may read it."""

    async def may(who: Person) -> bool:
        found = await town.house.read(lambda conn: set(conn.execute(readable(who.id)).scalars()))
        return post in found

    return [who.name.split()[0] for who in town.all if await may(who)]


async def test_a_post_is_read_by_its_audience_and_its_author_alone(town: Town) -> None:
    to_all = await town.publish(town.jana, "An alle", text="Guten **Morgen**")
    to_field = await town.publish(town.silke, "Nach draußen", lines=[FIELD])
    assert await readers_of(town, to_all) == ["Carola", "Jana", "Mehmet", "Silke"]
    assert await readers_of(town, to_field) == ["Jana", "Mehmet", "Silke"]
    row = await town.house.read(lambda conn: conn.execute(select(Post).where(Post.id == to_all)).one())
    assert (row.html, row.plain, row.state, row.lang) == (
        "<p>Guten <strong>Morgen</strong></p>",
        "Guten Morgen",
        "new",
        "de",
    )
    keys = await town.house.read(
        lambda conn: conn.execute(select(Listed.list).where(Listed.post == to_all)).scalars().all()
    )
    assert "waiting" in keys
