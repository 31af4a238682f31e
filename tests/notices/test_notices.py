"""What people are told: who hears it, what Home shows of it, and how it is done with."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection
from starlette.applications import Starlette

from intranet import notices
from intranet.kernel import SYSTEM, House, Person, Tx, Verb, Write, heads, new_id
from intranet.notices.actions import Done, Undone
from intranet.people.writes import Deactivate
from tests import cast
from tests.counting import counted, counted_everywhere
from tests.served import Served


class Tell(Write, tag="test.tell"):
    people: list[int]
    subject: str
    key: str = ""
    actor: int = 0
    clear: bool = False
    only: list[int] | None = None


def _tell(tx: Tx, _person: Person, write: Tell) -> None:
    if write.clear:
        notices.clear(tx, write.key, write.only)
    else:
        notices.tell(tx, write.people, "test", write.subject, key=write.key, actor=write.actor)


UNREADABLE: set[str] = set()


def _words(_conn: Connection, _reader: Person, subjects: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    return {
        subject: {"title": f"Neues zu {subject}", "text": "ist geplant", "href": f"/posts/{subject}", "icon": "inbox"}
        for subject in subjects if subject not in UNREADABLE
    }  # fmt: skip


def with_words(house: House) -> House:
    house.verbs["test.tell"] = Verb(Tell, _tell, internal=True)
    house.notices["test"] = _words
    UNREADABLE.clear()
    return house


async def tell(house: House, *who: Person, subject: str = "post-1", **more: Any) -> None:
    await house.perform(SYSTEM, Tell(id=new_id(), people=[one.id for one in who], subject=subject, **more))


async def waits(house: House, who: Person) -> list[str]:
    shown, _gone = await house.read(notices.waiting, who, house.notices)
    return [one.title for one in shown]


async def test_who_is_told_and_how_it_is_done_with(home: House) -> None:
    with_words(home)
    jana, mehmet, silke = [await cast.person(home, name) for name in ("Jana Reuter", "Mehmet Aydin", "Silke Brandt")]
    left = await cast.person(home, "Karl Weg")
    admin = await cast.person(home, "Anke Chef", role="administrator")
    await home.perform(admin, Deactivate(id=new_id(), person=left.id))
    before = await home.read(heads, [silke.id, left.id, mehmet.id])
    await tell(home, jana, mehmet, left, actor=mehmet.id)
    assert await home.read(heads, [silke.id, left.id, mehmet.id]) == before, "nobody else hears of it"
    assert [await waits(home, one) for one in (jana, mehmet, silke, left)] == [["Neues zu post-1"], [], [], []]
    key = "notice/post-1/test"
    assert await home.read(home.mine, jana.id, [key]) == {key: {"done": False, "told": 1}}

    await tell(home, jana, subject="post-2")
    assert await waits(home, jana) == ["Neues zu post-2", "Neues zu post-1"]
    await tell(home, jana)
    assert await waits(home, jana) == ["Neues zu post-1", "Neues zu post-2"], "one row, and again the newest"

    await home.perform(jana, Done(id=new_id(), key="post-1/test", told=1))
    assert await waits(home, jana) == ["Neues zu post-1", "Neues zu post-2"], "what was told since is not done with"
    answer = await home.perform(jana, Done(id=new_id(), key="post-1/test", told=2))
    assert answer.extra["mine"] == [key]
    assert await home.read(home.mine, jana.id, [key]) == {key: {"done": True, "told": 2}}
    await home.perform(mehmet, Undone(id=new_id(), key="post-1/test"))
    assert await waits(home, jana) == ["Neues zu post-2"], "only one's own"
    await home.perform(jana, Undone(id=new_id(), key="post-1/test"))
    assert await waits(home, jana) == ["Neues zu post-1", "Neues zu post-2"]

    await tell(home, mehmet)
    await tell(home, key="post-1/test", clear=True, only=[jana.id])
    assert (await waits(home, jana), await waits(home, mehmet)) == (["Neues zu post-2"], ["Neues zu post-1"])
    await tell(home, key="post-1/test", clear=True)
    assert await waits(home, mehmet) == []
    assert await home.read(home.mine, mehmet.id, [key]) == {key: None}


async def test_home_shows_what_may_be_read_and_forgets_the_rest(
    app: Starlette, client: httpx2.AsyncClient, home: House
) -> None:
    with_words(home)
    jana, silke = await cast.person(home, "Jana Reuter"), await cast.person(home, "Silke Brandt")
    await cast.direct(home, silke, jana)
    place = await cast.channel(home, silke, "Service", members=[jana])
    await cast.say(home, silke, place, "@Jana Reuter schau")
    await tell(home, jana)
    await tell(home, jana, subject="post-2")
    await cast.sign_in(client, home, jana)
    page = (await client.get("/")).text
    assert page.index("Für mich") < page.index("Neues zu post-2") < page.index("Neues zu post-1") < page.index("schau")
    assert '<span class="count" data-waiting>3' in page
    assert '"notices": ["post-2/test", "post-1/test"]' in (await client.get("/part/nav")).text

    form = {"do": "notices.done", "id": new_id(), "key": "post-1/test", "told": "1"}
    answer = await client.post("/do", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/"), "without JavaScript too"
    UNREADABLE.add("post-2")
    assert "Für mich" not in (await client.get("/part/home")).text
    UNREADABLE.clear()
    assert "post-2" not in (await client.get("/")).text, "what could not be read does not wait any more"

    await app.state.runner.stop()
    counts = []
    for first, last in ((10, 12), (12, 60)):
        for number in range(first, last):
            await tell(home, jana, subject=f"post-{number}")
        with counted(home) as asked:
            text = (await client.get("/")).text
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert text.count("data-notice=") == 30, "the newest; as they are done the next come up"


@pytest.mark.engine("sqlite")
async def test_telling_many_takes_no_more_statements_than_telling_few(app: Starlette, home: House) -> None:
    with_words(home)
    await app.state.runner.stop()
    who = [await cast.person(home, f"Person {number}") for number in range(60)]
    counts = []
    for some in (who[:2], who):
        for write in ({"subject": "post-5"}, {"subject": "post-5"}, {"key": "post-5/test", "clear": True}):
            with counted_everywhere() as asked:
                await tell(home, *some, **write)
            counts.append(len([statement for statement in asked if "notice" in statement or "register" in statement]))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 4


async def test_it_reaches_the_open_page_of_who_is_told_and_nobody_else(served: Served) -> None:
    house = with_words(served.house)
    jana, silke = await cast.person(house, "Jana Reuter"), await cast.person(house, "Silke Brandt")
    fence = await cast.channel(house, silke, "Zaun", members=[jana])
    async with cast.listen(served, jana) as ear, cast.listen(served, silke) as other:
        await tell(house, jana, subject="post-7", key="post-7/ack")
        await ear.until("mine", mine={"notice/post-7/ack": {"done": False, "told": 1}})
        await other.all_until(house, fence)
        assert "post-7" not in other.bytes_heard
