"""Who hears what is said to a post over a real socket, and what one does with it for oneself alone."""

from typing import Any

import httpx2
import pytest

from intranet.feed import acks, follows, moderated_comments, states
from intranet.feed import comments as c
from intranet.feed.likes import React
from intranet.kernel import Person, Write, new_id
from intranet.people.writes import Admit
from tests import cast
from tests.feed.conftest import FIELD, Town, make_town
from tests.feed.talking import say
from tests.feed.test_heard import CANARY, ears, heard
from tests.served import Served


@pytest.fixture
async def live(served: Served) -> Town:
    return await make_town(served.house)


async def test_the_audience_hears_every_comment_and_nobody_else_any(live: Town, served: Served) -> None:
    """The post's author is outside its audience: told in her own place, never the text."""
    post = await live.publish(live.carola, "Frage", lines=[FIELD], kind="question")
    first = await say(live.house, live.mehmet, post, CANARY)

    def by(who: Person, write: Write) -> Any:
        return lambda: live.house.perform(who, write)

    def moderate(act: Any, *args: Any) -> Any:
        return lambda: live.moderate(lambda tx: act(tx, first, *args, live.carola.id))

    both = [f"comment-{first}", f"post-{post}"]
    acts: list[tuple[str, Any, list[str]]] = [
        ("reply", by(live.jana, c.Say(id=new_id(), post=post, text=f"{CANARY}!", reply_to=first)),
         [f"comment-{first + 1}", f"post-{post}"]),
        ("edit", by(live.mehmet, c.Edit(id=new_id(), comment=first, text=f"{CANARY} neu")), both[:1]),
        ("like", by(live.jana, React(id=new_id(), comment=first)), both[:1]),
        ("like the post", by(live.jana, React(id=new_id(), post=post)), both[1:]),
        ("answer", by(live.carola, states.Answer(id=new_id(), post=post, comment=first)), both),
        ("hide", moderate(moderated_comments.hide, "Ton"), both),
        ("restore", moderate(moderated_comments.restore), both),
        ("close", by(live.carola, c.Close(id=new_id(), post=post)), both[1:]),
        ("remove", by(live.mehmet, c.Remove(id=new_id(), comment=first)), both),
    ]  # fmt: skip
    async with ears(served, live) as town:
        for ear, _fence in town.values():
            ear.bytes_heard = ""
        revs = []
        for name, act, expected in acts:
            await act()
            things, _keys = await heard(served, *town["Jana"])
            assert sorted({thing["id"] for thing in things}) == expected, name
            revs += [thing["rev"] for thing in things if thing["id"] == f"comment-{first}"]
            shown = next((thing["html"] for thing in things if thing["id"] == f"comment-{first}"), CANARY)
            assert (CANARY in shown) == (name not in ("hide", "remove")), name
            data, _keys = await heard(served, *town["Mehmet"])
            assert sorted({thing["id"] for thing in data}) == expected, name
            assert f"post/{post}" in (await heard(served, *town["Carola"]))[1], name
        assert revs == sorted(set(revs)), "each is newer than the one before"
        for name in ("Silke", "Gert"):
            assert await heard(served, *town[name]) == ([], []), name
        for name in ("Silke", "Gert", "Carola"):
            assert CANARY not in town[name][0].bytes_heard, name


async def test_what_one_does_for_oneself_is_heard_on_one_s_own_devices_alone(live: Town, served: Served) -> None:
    post = await live.publish(live.carola, "Bitte lesen", kind="news", ack=True)
    own: list[tuple[Write, str]] = [
        (follows.Follow(id=new_id(), post=post), "follow"), (follows.Save(id=new_id(), post=post), "saved"),
        (acks.Acknowledge(id=new_id(), post=post), "ack"),
    ]  # fmt: skip
    async with ears(served, live) as town, cast.listen(served, live.jana) as other:
        for write, word in own:
            await live.house.perform(live.jana, write)
            assert f"{word}/post-{post}" in (await heard(served, *town["Jana"]))[1], word
            await other.until("mine", place=live.jana.id)
        for name in ("Mehmet", "Silke", "Carola", "Gert"):
            assert await heard(served, *town[name]) == ([], []), name


async def test_who_has_left_the_audience_hears_and_reads_nothing_more(live: Town, served: Served) -> None:
    post = await live.publish(live.jana, "Vertraulich", lines=[FIELD])
    comment = await say(live.house, live.mehmet, post, CANARY)
    owner = await cast.person(live.house, "Olaf Inhaber", role="owner")
    async with ears(served, live) as town:
        ear, fence = town["Mehmet"]
        await live.house.perform(owner, Admit(id=new_id(), person=live.mehmet.id, side="office"))
        await ear.until("left")
        ear.bytes_heard = ""
        await say(live.house, live.jana, post, f"{CANARY} @Mehmet Aydin")
        await live.house.perform(live.jana, React(id=new_id(), comment=comment))
        await ear.all_until(served.house, fence)
        assert CANARY not in ear.bytes_heard
    secret = await cast.session_secret(live.house, live.mehmet)
    async with httpx2.AsyncClient(base_url=served.url, cookies={"binnen": secret}) as client:
        for path in ("/", "/feed", "/feed?show=me", "/feed/saved", f"/posts/{post}", f"/comments/{comment}",
                     f"/comments/{comment}/source", f"/part/posts/{post}/comments"):  # fmt: skip
            answer = await client.get(path, headers={"Accept": "text/html"})
            assert CANARY not in answer.text, path
