"""Publishing: what it becomes, who reads it, when it is refused, what becomes of it with time."""

from typing import Any

import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from intranet.audiences import Line
from intranet.customers.writes import Make as MakeCustomer
from intranet.feed import moderated, readable
from intranet.feed import writes as w
from intranet.feed.models import Listed, Post, PostText
from intranet.kernel import Refused, clock, new_id
from intranet.notices.models import Notice
from tests.feed.conftest import FIELD, Town


async def readers_of(town: Town, post: int) -> list[str]:
    """First names of the cast who may read it."""

    async def may(who: Any) -> bool:
        return post in await town.house.read(lambda conn: set(conn.execute(readable(who.id)).scalars()))

    return [who.name.split()[0] for who in town.all if await may(who)]


async def lists_of(town: Town, post: int) -> set[str]:
    """The lists of its audience's place that it stands in."""
    rows = select(Listed.list).join(Post, (Post.id == Listed.post) & (Post.place == Listed.place))
    return set(await town.house.read(lambda conn: conn.execute(rows.where(Listed.post == post)).scalars().all()))


async def test_a_post_is_read_by_its_audience_and_its_authors_alone(town: Town) -> None:
    to_all = await town.publish(town.jana, "An alle", text="Guten **Morgen** @Mehmet Aydin")
    to_field = await town.publish(town.silke, "Nach draußen", lines=[FIELD], authors=[town.carola.id])
    assert await readers_of(town, to_all) == ["Carola", "Jana", "Mehmet", "Silke"]
    assert await readers_of(town, to_field) == ["Carola", "Jana", "Mehmet", "Silke"]
    assert await lists_of(town, to_all) == {
        "", "all", "kind/idea", "state/new", "kind/idea+state/new", "waiting", f"names/{town.mehmet.id}",
    }  # fmt: skip
    row = await town.row(to_all)
    assert (row.plain, row.state, row.lang, row.mentions) == (
        "Guten Morgen @Mehmet Aydin",
        "new",
        "de",
        str(town.mehmet.id),
    )
    await town.house.perform(town.silke, w.Edit(id=new_id(), post=to_field, base=1, title="Ohne Carola", authors=[]))
    assert await readers_of(town, to_field) == ["Jana", "Mehmet", "Silke"]
    told = await town.house.read(lambda conn: conn.execute(select(Notice.person, Notice.kind)).all())
    assert {tuple(row) for row in told} == {(town.mehmet.id, "feed.named"), (town.carola.id, "feed.together")}


async def test_another_audience_takes_the_post_with_all_it_has(town: Town) -> None:
    post = await town.publish(town.silke, "Erst für alle")
    before = await town.row(post)
    await town.house.perform(town.silke, w.Move(id=new_id(), post=post, lines=[FIELD]))
    after = await town.row(post)
    assert after.place != before.place
    assert after.rev == before.rev + 2, "the farewell stands between"
    assert await readers_of(town, post) == ["Jana", "Mehmet", "Silke"]
    with pytest.raises(Refused, match="422 audience-empty"):
        await town.house.perform(town.silke, w.Move(id=new_id(), post=post))
    with pytest.raises(Refused, match="404"):
        await town.house.perform(town.carola, w.Move(id=new_id(), post=post, lines=[Line()]))
    with pytest.raises(Refused, match="403 not-yours"):
        await town.house.perform(town.jana, w.Move(id=new_id(), post=post, lines=[Line()]))


async def test_news_are_for_editors_and_whom_they_allow(town: Town) -> None:
    news = {"kind": "news", "title": "Halle 4 läuft"}
    with pytest.raises(Refused, match="403 no-news"):
        await town.publish(town.jana, **news)
    await town.house.perform(town.carola, w.Allow(id=new_id(), person=town.jana.id))
    german = w.Version("nl", "Hal 4 draait", "Vanaf maandag"), w.Version("en", "", "")
    post = await town.publish(town.jana, text="Ab Montag", versions=list(german), **news)
    rows = await town.house.read(lambda conn: conn.execute(select(PostText).where(PostText.post == post)).all())
    assert [(row.lang, row.title, row.plain) for row in rows] == [("nl", "Hal 4 draait", "Vanaf maandag")]
    await town.house.perform(town.carola, w.Allow(id=new_id(), person=town.jana.id, on=False))
    for refused in (news, {"kind": "idea", "pin_days": 2, "title": "x"}):
        with pytest.raises(Refused, match="403 no-news"):
            await town.publish(town.jana, **refused)


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("422 no-title", {"kind": "news"}),
    ("422 empty-text", {"text": " \n "}),
    ("422 malformed", {"kind": "poll", "title": "x"}),
    ("422 malformed", {"kind": "feedback", "title": "x", "urgency": 3}),
    ("422 praise-for-whom", {"kind": "praise", "title": "x"}),
    ("422 person-unknown", {"kind": "praise", "title": "x", "people": [999_999]}),
    ("422 team-unknown", {"kind": "praise", "title": "x", "teams": [999_999]}),
    ("422 customer-unknown", {"title": "x", "customer": 999_999}),
    ("422 product-unknown", {"title": "x", "product": 999_999}),
    ("422 not-ahead", {"title": "x", "expires": 1}),
    ("422 not-ahead", {"title": "x", "at": 2**52}),
    ("422 malformed", {"title": "x", "at_local": "gestern"}),
    ("422 pin-days", {"title": "x", "pin_days": 8}),
    ("422 pin-without-ack", {"title": "x", "pin_ack": True}),
    ("422 malformed", {"title": "x", "versions": [w.Version("de", "y"), w.Version("de", "z")]}),
    ("413 title-too-long", {"title": "x" * 201}),
    ("413 text-too-long", {"text": "x" * 20_001}),
    ("404 not-found", {"title": "x", "audience": 999_999}),
    ("410 draft-gone", {"title": "x", "draft": new_id()}),
]


async def test_what_cannot_be_published_says_why_and_leaves_nothing(town: Town) -> None:
    for reason, fields in REFUSED:
        with pytest.raises(Refused, match=reason):
            await town.publish(town.carola, **fields)
    with pytest.raises(Refused, match="403"):
        await town.publish(town.gert, "Von außen")
    assert await town.house.read(lambda conn: conn.execute(select(Post.id)).first()) is None


async def test_the_same_write_again_is_the_same_post(town: Town) -> None:
    write = w.Publish(id=new_id(), kind="question", title="Wer weiß es?", lines=[FIELD])
    first, again = [await town.house.perform(town.silke, write) for _ in range(2)]
    assert (again.place, again.seq, again.repeat) == (first.place, first.seq, True)
    assert len(await town.house.read(lambda conn: conn.execute(select(Post.id)).all())) == 1
    edit = w.Edit(id=new_id(), post=write.id, base=1, title="Wer weiß es genau?")
    assert (await town.house.perform(town.silke, edit)).extra["post"] == first.extra["post"]


async def test_feedback_keeps_its_customer_and_praise_names_whom_it_is_for(town: Town) -> None:
    make = MakeCustomer(id=new_id(), number="4711", name="Stadtwerke Lindach")
    customer = int((await town.house.perform(town.carola, make)).extra["customer"])
    post = await town.publish(town.jana, kind="feedback", text="zu laut", customer_said="4711", urgency=2)
    row = await town.row(post)
    assert (row.customer, row.urgency, row.state) == (customer, 2, "new")
    assert f"customer/{customer}" in await lists_of(town, post)
    praise = await town.publish(town.silke, kind="praise", text="Danke", people=[town.jana.id, town.mehmet.id])
    assert {f"names/{town.jana.id}", f"names/{town.mehmet.id}"} <= await lists_of(town, praise)
    told = select(Notice.person).where(Notice.kind == "feed.praised", Notice.subject == f"post-{praise}")
    assert set(await town.house.read(lambda conn: conn.execute(told).scalars().all())) == {town.jana.id, town.mehmet.id}


async def test_pins_and_posts_end_at_their_time(town: Town, app: Starlette, hands: list[int]) -> None:
    week = clock.now() + 7 * clock.DAY
    post = await town.publish(town.carola, "Nur diese Woche", kind="news", pin_days=3, expires=week)
    assert {"pinned", "all"} <= await lists_of(town, post)
    hands[0] += 3 * clock.DAY
    await app.state.runner.once()
    assert "pinned" not in await lists_of(town, post)
    assert await readers_of(town, post) == ["Carola", "Jana", "Mehmet", "Silke"]
    hands[0] += 4 * clock.DAY
    await app.state.runner.once()
    assert await readers_of(town, post) == ["Carola"], "its author keeps it"
    longer = w.Edit(id=new_id(), post=post, base=1, title="Doch länger", expires=clock.now() + clock.DAY)
    await town.house.perform(town.carola, longer)
    assert await readers_of(town, post) == ["Carola", "Jana", "Mehmet", "Silke"]


async def test_what_is_hidden_or_removed_is_its_authors_alone(town: Town) -> None:
    post = await town.publish(town.jana, "Unfreundlich", text="…")
    house = town.house
    await town.moderate(lambda tx: moderated.hide(tx, post, "Ton", town.carola.id))
    assert await readers_of(town, post) == ["Jana"]
    await town.moderate(lambda tx: moderated.restore(tx, post, town.carola.id))
    assert await readers_of(town, post) == ["Carola", "Jana", "Mehmet", "Silke"]
    await town.moderate(lambda tx: moderated.remove(tx, post, "Ton", town.carola.id))
    assert await readers_of(town, post) == ["Jana"]
    row = await town.row(post)
    assert (row.title, row.text, row.html, row.plain, row.hidden_reason) == ("", "", "", "", "Ton")
    with pytest.raises(Refused, match="410"):
        await house.perform(town.jana, w.Edit(id=new_id(), post=post, base=1, title="Doch"))
    own = await town.publish(town.silke, "Irrtum")
    await house.perform(town.silke, w.Remove(id=new_id(), post=own))
    assert await readers_of(town, own) == ["Silke"]
