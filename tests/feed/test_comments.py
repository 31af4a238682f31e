"""Comments: threads, mentions, editing, tombstones, closing; who hears of them and who may not."""

from typing import Any

from starlette.applications import Starlette

from intranet.feed import moderated_comments
from intranet.feed.comments import Close, Edit, Remove, Say
from intranet.feed.models import Comment, CommentEarlier, Post, Reacted
from intranet.feed.talk import Window, part_of
from intranet.feed.writes import Move
from intranet.kernel import SYSTEM, Person, Tx, Verb, Write, new_id
from tests import cast
from tests.counting import counted
from tests.feed.conftest import FIELD, Town
from tests.feed.talking import follow, like, refused, rows, say, told


class Moderate(Write, tag="test.moderate"):
    comment: int
    how: str


def _moderate(tx: Tx, person: Person, write: Moderate) -> None:
    match write.how:
        case "hide":
            moderated_comments.hide(tx, write.comment, "unfreundlich", person.id)
        case "restore":
            moderated_comments.restore(tx, write.comment, person.id)
        case "remove":
            moderated_comments.remove(tx, write.comment, "unfreundlich", person.id)


async def texts(town: Town, post: int, **window: int) -> list[str]:
    """The comments of a window, in the order of reading."""
    return [row.plain for row in await town.house.read(lambda c: list(part_of(c, post, Window(**window)).rows))]


async def count(town: Town, post: int) -> int:
    return int((await rows(town.house, Post, id=post))[0].comments)


async def test_threads_are_read_in_order_and_a_retry_is_one_comment(town: Town) -> None:
    house, post = town.house, await town.publish(town.jana, "Vorschlag")
    first = await say(house, town.silke, post, "eins")
    await say(house, town.mehmet, post, "zwei")
    reply = await say(house, town.jana, post, "eins a", reply_to=first)
    waiting = new_id()
    await say(house, town.silke, post, "eins b", reply_to=reply, id=waiting)  # a reply to a reply: the same thread
    await say(house, town.silke, post, "eins c", reply_to=waiting)  # by the client id of one that waits
    assert await texts(town, post) == ["eins", "eins a", "eins b", "eins c", "zwei"]
    again = Say(id=new_id(), post=post, text="**noch** einmal")
    one, other = await house.perform(town.silke, again), await house.perform(town.silke, again)
    assert (one.seq, other.seq, other.repeat) == (one.seq, one.seq, True)
    assert await count(town, post) == 6
    assert [row.replies for row in await rows(house, Comment, id=first)] == [3]
    apart = await town.publish(town.jana, "Anderes")
    assert await refused(say(house, town.jana, apart, "?", reply_to=first)) == "404 not-found"
    for text, code in (("  \n ", "422 empty-text"), ("\u200b", "422 empty-text"), ("x" * 5001, "413 text-too-long")):
        assert await refused(say(house, town.jana, post, text)) == code
    own = new_id()
    await town.publish(town.mehmet, "Unterwegs geschrieben", id=own)
    await say(house, town.mehmet, own, "Nachtrag")  # to a post that is named by its client id


async def test_pages_of_comments_go_both_ways_and_begin_at_a_thread(town: Town) -> None:
    house, post = town.house, await town.publish(town.jana, "Vielbesprochen")
    roots = [await say(house, town.silke, post, f"{n:02}") for n in range(50)]
    reply = await say(house, town.jana, post, "03a", reply_to=roots[3])
    last = await house.read(lambda c: part_of(c, post, Window()))
    assert [row.plain for row in last.rows] == [f"{n:02}" for n in range(10, 50)]
    assert last.newer == 0
    before = await house.read(lambda c: part_of(c, post, Window(before=last.older)))
    assert [row.plain for row in before.rows] == [
        *(f"{n:02}" for n in range(4)),
        "03a",
        *(f"{n:02}" for n in range(4, 10)),
    ]
    assert (before.older, before.newer) == (0, 0)
    there = await house.read(lambda c: part_of(c, post, Window(at=reply)))
    assert [row.plain for row in there.rows][:3] == ["03", "03a", "04"]
    assert there.older
    assert there.newer
    rest = await house.read(lambda c: part_of(c, post, Window(after=there.newer)))
    assert [row.plain for row in (*there.rows, *rest.rows)][-1] == "49"
    assert len(there.rows) + len(rest.rows) == 48
    assert rest.newer == 0
    earlier = await house.read(lambda c: part_of(c, post, Window(before=there.older)))
    assert [row.plain for row in earlier.rows] == ["00", "01", "02"]


async def test_better_taken_back_closed_and_moderated(town: Town) -> None:
    house = town.house
    house.verbs["test.moderate"] = Verb(Moderate, _moderate, internal=True)
    post = await town.publish(town.jana, "Frage", kind="question")
    comment = await say(house, town.silke, post, "erst so @Mehmet Aydin")
    assert await told(house, town.mehmet) == {"Mehmet": [f"named_there comment-{comment}"]}
    for who, code in ((town.jana, "403 not-yours"), (town.carola, "403 not-yours"), (town.gert, "404 not-found")):
        assert await refused(house.perform(who, Edit(id=new_id(), comment=comment, text="anders"))) == code
        assert await refused(house.perform(who, Remove(id=new_id(), comment=comment))) == code
    await house.perform(town.silke, Edit(id=new_id(), comment=comment, text="dann **so**"))
    [row] = await rows(house, Comment, id=comment)
    assert (row.plain, row.rev, row.edited > 0, row.mentions) == ("dann so", 2, True, "")
    assert ["erst so" in one.html for one in await rows(house, CommentEarlier, comment=comment)] == [True]

    async def moderate(how: str) -> None:
        await house.perform(SYSTEM, Moderate(id=new_id(), comment=comment, how=how))

    await moderate("hide")
    assert await count(town, post) == 0
    assert await refused(like(house, town.jana, comment=comment)) == "410 comment-removed"
    await moderate("restore")
    assert await count(town, post) == 1
    await like(house, town.jana, comment=comment)
    await house.perform(town.jana, Close(id=new_id(), post=post))
    assert await refused(say(house, town.jana, post, "noch etwas")) == "403 comments-closed"
    again = Edit(id=new_id(), comment=comment, text="heimlich mehr")
    assert await refused(house.perform(town.silke, again)) == "403 comments-closed"
    assert await refused(house.perform(town.silke, Close(id=new_id(), post=post, closed=False))) == "403 not-yours"
    await house.perform(town.silke, Remove(id=new_id(), comment=comment))
    [row] = await rows(house, Comment, id=comment)
    assert (row.text, row.html, row.plain, row.mentions, row.likes) == ("", "", "", "", 0)
    assert await rows(house, CommentEarlier) == await rows(house, Reacted) == []
    assert await count(town, post) == 0
    assert await told(house, town.mehmet) == {}
    assert await refused(house.perform(town.silke, Remove(id=new_id(), comment=comment))) == "410 comment-removed"
    await house.perform(town.jana, Close(id=new_id(), post=post, closed=False))
    gone = await say(house, town.silke, post, "grob")
    comment = gone
    await moderate("remove")
    assert [(row.plain, row.hidden_reason) for row in await rows(house, Comment, id=gone)] == [("", "unfreundlich")]


async def test_who_is_told(town: Town) -> None:
    house, everybody = town.house, town.all
    post = await town.publish(town.jana, "Für draußen", lines=[FIELD], text="@Mehmet Aydin, @Silke Brandt?")
    assert await told(house, *everybody) == {"Mehmet": [f"named post-{post}"]}, "Silke cannot read it"
    comment = await say(house, town.mehmet, post, "Fragen wir @Silke Brandt und @Jana Reuter")
    assert await told(house, *everybody) == {
        "Mehmet": [f"named post-{post}"], "Jana": [f"named_there comment-{comment}"],
    }  # fmt: skip
    await say(house, town.jana, post, "Gut")
    assert (await told(house, town.mehmet))["Mehmet"] == [f"commented post-{post}", f"named post-{post}"]
    open_to_all = await town.publish(town.carola, "Für alle")
    await say(house, town.silke, open_to_all, "Ich zuerst")
    await follow(house, town.silke, open_to_all, on=False)
    await follow(house, town.mehmet, open_to_all)
    await say(house, town.jana, open_to_all, "Dann ich")
    commented = f"commented post-{open_to_all}"
    who = [name for name, said in (await told(house, *everybody)).items() if commented in said]
    assert who == ["Carola", "Mehmet"], "Silke has said that she wants no more, and goes on wanting none"
    await say(house, town.silke, open_to_all, "Noch eins")
    await say(house, town.mehmet, open_to_all, "Noch zwei")
    assert commented not in (await told(house, town.silke)).get("Silke", [])


async def test_after_the_audience_has_changed_nothing_is_told_or_shown_to_the_former_one(town: Town) -> None:
    house = town.house
    post = await town.publish(town.jana, "Erst für alle")
    comment = await say(house, town.silke, post, "Gestern noch lesbar")
    place = (await rows(house, Post, id=post))[0].place
    await house.perform(town.jana, Move(id=new_id(), post=post, lines=[FIELD]))
    await say(house, town.mehmet, post, "Nur für draußen @Silke Brandt")
    assert "Silke" not in await told(house, town.silke)
    for doing in (say(house, town.silke, post, "?"), like(house, town.silke, post=post),
                  like(house, town.silke, comment=comment), follow(house, town.silke, post)):  # fmt: skip
        assert await refused(doing) == "404 not-found"
    assert await refused(house.perform(town.silke, Remove(id=new_id(), comment=comment))) == "404 not-found"
    card = house.cards["feed.commented"]
    away = await house.read(lambda c: card.render(c, place, [f"comment-{comment}"], "de"))
    assert "Gestern" not in str(away)
    assert 'data-in=""' in away[f"comment-{comment}"].html


async def test_a_page_of_posts_with_comments_asks_a_bounded_number_of_questions(
    town: Town, app: Starlette, client: Any
) -> None:
    await app.state.runner.stop()  # it asks for jobs once a second
    house = town.house
    await cast.sign_in(client, house, town.silke)
    asked = []
    for _round in range(2):
        for n in range(4):
            post = await town.publish(town.jana, f"Beitrag {n}")
            for text in ("eins", "zwei", "drei"):
                comment = await say(house, town.mehmet, post, f"{text} zu {post}")
                await like(house, town.silke, comment=comment)
            await like(house, town.silke, post=post)
        with counted(house) as questions:
            page = (await client.get("/feed")).text
        asked.append(len(questions))
        with counted(house) as questions:
            whole = (await client.get(f"/posts/{post}")).text
        asked.append(len(questions))
    assert asked[:2] == asked[2:], "whatever their number"
    assert [text for text in ("eins", "zwei", "drei") if f"{text} zu {post}" in page] == ["zwei", "drei"], (
        "the last two"
    )
    assert all(f"{text} zu {post}" in whole for text in ("eins", "zwei", "drei"))
    assert f'"like/post-{post}": ["❤️"]' in page.replace("\\u2764\\ufe0f", "❤️")
    for path in (f"/posts/{post}?reply={comment}", f"/comments/{comment}", f"/part/posts/{post}/comments"):
        assert (await client.get(path)).status_code == 200, path
    assert (await client.get(f"/comments/{comment}/reactions")).json() == {"reactions": {"❤️": ["Silke Brandt"]}}
