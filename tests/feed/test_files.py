"""Photos, papers and voice on posts and drafts: tiles as in messages, read exactly by who reads the post."""

from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from intranet.audiences import Line
from intranet.feed import moderated
from intranet.feed import writes as w
from intranet.files import NewTile, tiles_of
from intranet.files.actions import Attach, Drop
from intranet.kernel import Refused, new_id
from tests import cast
from tests.feed.conftest import FIELD, Town
from tests.files.sending import upload

PAPER = b"Messprotokoll von heute"


def tile(**more: Any) -> NewTile:
    return NewTile(id=new_id(), name="messung.txt", size=len(PAPER), **more)


async def tiles(town: Town, thing: str, subject: int) -> list[Any]:
    return (await town.house.read(tiles_of, thing, [subject])).get(subject, [])


async def may_load(town: Town, client: httpx2.AsyncClient, url: str) -> list[str]:
    """First names of the cast who get its bytes."""
    found = []
    for who in town.all:
        await cast.sign_in(client, town.house, who)
        answer = await client.get(url)
        assert answer.status_code in (200, 404)
        if answer.status_code == 200:
            assert answer.content == PAPER
            found.append(who.name.split()[0])
    return found


async def test_a_file_is_read_by_who_reads_the_post_wherever_it_goes(
    town: Town, client: httpx2.AsyncClient, app: Starlette
) -> None:
    await cast.sign_in(client, town.house, town.silke)
    announced = tile(note="am Schacht")
    write = w.Publish(id=new_id(), kind="feedback", text="", files=[announced], lines=[FIELD])
    post = int((await town.house.perform(town.silke, write)).extra["post"])
    rev = (await town.row(post)).rev
    sent = await upload(town.house, client, town.silke, PAPER, "messung.txt")
    other = Attach(id=new_id(), thing="post", message=post, tile=announced.id, upload=sent)
    with pytest.raises(Refused, match="404"):
        await town.house.perform(town.jana, other)
    attach = Attach(id=new_id(), thing="post", message=write.id, tile=announced.id, upload=sent)
    first, again = [await town.house.perform(town.silke, attach) for _ in range(2)]
    assert (first.repeat, again.repeat) == (False, True)
    [shown] = await tiles(town, "post", post)
    assert (shown.state, shown.name, shown.note) == ("ready", "messung.txt", "am Schacht")
    assert (await town.row(post)).rev == rev + 1, "its fragment is another one"
    url = shown.url("original")
    assert await may_load(town, client, url) == ["Jana", "Mehmet", "Silke"]
    await town.house.perform(town.silke, w.Move(id=new_id(), post=post, lines=[Line()]))
    assert await may_load(town, client, url) == ["Carola", "Jana", "Mehmet", "Silke"]
    await town.moderate(lambda tx: moderated.hide(tx, post, "Ton", town.carola.id))
    assert await may_load(town, client, url) == ["Silke"]
    await town.moderate(lambda tx: moderated.restore(tx, post, town.carola.id))
    await town.house.perform(town.silke, w.Remove(id=new_id(), post=post))
    assert await may_load(town, client, url) == []


async def test_who_writes_it_no_longer_adds_nothing(town: Town, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, town.house, town.jana)
    announced = tile()
    post = await town.publish(town.silke, "Gemeinsam", authors=[town.jana.id])
    both = w.Edit(id=new_id(), post=post, base=1, title="Gemeinsam", files=[announced])
    await town.house.perform(town.jana, both)
    sent = await upload(town.house, client, town.jana, PAPER, "messung.txt")
    await town.house.perform(town.silke, w.Edit(id=new_id(), post=post, base=2, title="Allein", authors=[]))
    attach = Attach(id=new_id(), thing="post", message=post, tile=announced.id, upload=sent)
    with pytest.raises(Refused, match="404"):
        await town.house.perform(town.jana, attach)
    assert [one.state for one in await tiles(town, "post", post)] == ["coming"]


async def test_a_draft_keeps_its_files_and_hands_them_on(town: Town, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, town.house, town.silke)
    sent = await upload(town.house, client, town.silke, PAPER, "messung.txt")
    key, one, two = new_id(), tile(upload=sent), tile()
    fields: dict[str, Any] = {"draft": key, "kind": "idea", "title": "Mit Anlage", "authors": [town.jana.id]}
    saved = await town.house.perform(town.silke, w.SaveDraft(id=new_id(), files=[one, two], **fields))
    draft = int(saved.extra["draft"])
    first, second = await tiles(town, "draft", draft)
    assert (first.state, second.state) == ("ready", "coming")
    assert await may_load(town, client, first.url("original")) == ["Jana", "Silke"]
    await cast.sign_in(client, town.house, town.silke)
    late = await upload(town.house, client, town.silke, PAPER, "messung.txt")
    await town.house.perform(town.silke, Attach(id=new_id(), thing="draft", message=draft, tile=two.id, upload=late))
    assert [one.state for one in await tiles(town, "draft", draft)] == ["ready", "ready"]
    dropped = w.SaveDraft(id=new_id(), base=1, files=[one], **fields)
    await town.house.perform(town.silke, dropped)
    assert [one.id for one in await tiles(town, "draft", draft)] == [first.id]
    publish = w.Publish(id=new_id(), files=[one], lines=[FIELD], **fields)
    post = int((await town.house.perform(town.silke, publish)).extra["post"])
    assert [one.url("original") for one in await tiles(town, "post", post)] == [first.url("original")]
    assert await tiles(town, "draft", draft) == []
    assert await may_load(town, client, first.url("original")) == ["Jana", "Mehmet", "Silke"]
    await town.house.perform(town.silke, Drop(id=new_id(), thing="post", message=post, tile=one.id))
    assert await tiles(town, "post", post) == []
