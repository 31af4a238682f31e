"""Drafts on all devices, by two authors, published at their time; edits that take back nobody's words."""

import re
from typing import Any

import httpx2
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from intranet.feed import writes as w
from intranet.feed.models import Post as PostRow
from intranet.feed.models import PostAuthor, PostDraft, PostEarlier
from intranet.kernel import Refused, clock, new_id
from intranet.notices.models import Notice
from intranet.people.writes import Deactivate
from tests import cast
from tests.feed.conftest import FIELD, Town

HTML = {"Accept": "text/html"}


async def draft(town: Town, who: Any, key: str, base: int = 0, **content: Any) -> dict[str, Any]:
    """Save a draft; the device's own value of it afterwards."""
    write = w.SaveDraft(id=new_id(), draft=key, base=base, **{"kind": "idea", **content})
    await town.house.perform(who, write)
    found: dict[str, Any] = await own(town, who, key)
    return found


async def own(town: Town, who: Any, key: str) -> Any:
    return (await town.house.read(lambda conn: town.house.mine(conn, who.id, [f"post-draft/{key}"])))[
        f"post-draft/{key}"
    ]


async def posts(town: Town) -> list[Any]:
    return list(await town.house.read(lambda conn: conn.execute(select(PostRow).order_by(PostRow.id)).all()))


async def test_a_draft_is_on_all_devices_and_loses_nothing(town: Town) -> None:
    key = new_id()
    first = await draft(town, town.jana, key, text="am Telefon", lines=[FIELD], pin_days=0)
    assert (first["rev"], first["text"], first["other"]) == (1, "am Telefon", "")
    assert first["content"]["lines"] == [{"side": "field", "team": 0, "site": ""}]
    second = await draft(town, town.jana, key, base=0, text="am Rechner")
    assert (second["rev"], second["text"], second["other"]) == (2, "am Rechner", "am Telefon")
    third = await draft(town, town.jana, key, base=2, text="am Rechner weiter")
    assert third["other"] == "am Telefon", "until somebody decides"
    decided = await draft(town, town.jana, key, base=3, text="am Rechner weiter", settled=True)
    assert (decided["other"], "settled" in decided["content"]) == ("", False)
    for stranger in (town.mehmet, town.carola):
        assert await own(town, stranger, key) is None
        for write in (w.Discard(id=new_id(), draft=key), w.SaveDraft(id=new_id(), draft=key, kind="idea", base=4)):
            with pytest.raises(Refused, match="404"):
                await town.house.perform(stranger, write)
    await town.house.perform(town.jana, w.Discard(id=new_id(), draft=key))
    assert await own(town, town.jana, key) is None


async def test_two_write_one_draft_and_publish_it(town: Town) -> None:
    key = new_id()
    await draft(town, town.silke, key, title="Gemeinsam", text="eins", authors=[town.jana.id])
    assert (await own(town, town.jana, key))["text"] == "eins"
    await draft(town, town.jana, key, base=1, title="Gemeinsam", text="eins und zwei")
    with pytest.raises(Refused) as newer:
        await draft(town, town.silke, key, base=1, title="Gemeinsam", text="eins, nur besser", authors=[town.jana.id])
    assert (newer.value.status, newer.value.code) == (409, "newer-draft")
    both = newer.value.params
    assert (both["text"], both["your_text"], both["rev"]) == ("eins und zwei", "eins, nur besser", 2)
    with pytest.raises(Refused, match="403"):
        await town.house.perform(town.jana, w.Discard(id=new_id(), draft=key))
    write = w.Publish(id=new_id(), draft=key, kind="idea", title="Gemeinsam", text="eins und zwei", lines=[FIELD])
    await town.house.perform(town.jana, write)
    [post] = await posts(town)
    assert post.author == town.silke.id, "its author stays its author"
    assert await own(town, town.silke, key) is None
    late = w.SaveDraft(id=new_id(), draft=key, base=2, kind="idea", text="zu spät")
    for gone in (late, w.Publish(id=new_id(), draft=key, kind="idea", title="Gemeinsam")):
        with pytest.raises(Refused, match="410 draft-gone"):
            await town.house.perform(town.silke, gone)
    first = w.Edit(id=new_id(), post=write.id, base=post.version, title="Gemeinsam, von Jana")
    await town.house.perform(town.jana, first)
    for who in (town.silke, town.jana):
        row = await town.row(post.id)
        edit = w.Edit(id=new_id(), post=post.id, base=row.version, title=f"Gemeinsam, {who.name}")
        await town.house.perform(who, edit)


async def test_what_is_planned_goes_out_as_its_author_or_says_why_not(
    town: Town, app: Starlette, hands: list[int]
) -> None:
    key, at = new_id(), clock.now() + clock.HOUR
    content: dict[str, Any] = {"kind": "news", "title": "Morgen", "text": "um sieben", "lines": [FIELD]}
    planned = w.Publish(id=new_id(), draft=key, at=at, **content)
    answer = await town.house.perform(town.carola, planned)
    assert (answer.extra["at"], (await own(town, town.carola, key))["at"]) == (at, at)
    refused = w.Publish(id=new_id(), at=at, kind="news", title="Nie")
    await town.house.perform(town.carola, w.Allow(id=new_id(), person=town.silke.id))
    await town.house.perform(town.silke, refused)
    await town.house.perform(town.carola, w.Allow(id=new_id(), person=town.silke.id, on=False))
    off = w.Publish(id=new_id(), at=at, kind="idea", title="Doch nicht")
    await town.house.perform(town.jana, off)
    await town.house.perform(town.jana, w.Unschedule(id=new_id(), draft=off.id))
    await draft(town, town.carola, key, base=1, **{**content, "text": "um acht"})
    await app.state.runner.once()
    assert await posts(town) == []
    hands[0] += clock.HOUR
    for _twice in range(2):
        await app.state.runner.once()
    [post] = await posts(town)
    assert (post.author, post.title, post.plain, post.at) == (town.carola.id, "Morgen", "um acht", hands[0])
    waits = await own(town, town.silke, refused.id)
    assert (waits["refused"], waits["at"], waits["title"]) == ("no-news", 0, "Nie")
    told = select(Notice.person).where(Notice.kind == "feed.refused")
    assert await town.house.read(lambda conn: conn.execute(told).scalars().all()) == [town.silke.id]
    keys = await town.house.read(lambda conn: set(conn.execute(select(PostDraft.key)).scalars()))
    assert keys == {refused.id, off.id}


async def test_over_a_newer_version_nothing_is_saved_and_both_are_shown(town: Town, client: httpx2.AsyncClient) -> None:
    post = await town.publish(town.silke, "Regeln", text="erste Fassung", authors=[town.jana.id])
    await town.house.perform(town.jana, w.Edit(id=new_id(), post=post, base=1, title="Regeln", text="von Jana"))
    await cast.sign_in(client, town.house, town.silke)
    form = {"do": "feed.edit", "id": new_id(), "post": post, "base": 1, "title": "Regeln", "text": "von Silke"}
    answer = await client.post("/do", json=form, headers={"Accept": "application/json"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "newer-version")
    assert (problem["text"], problem["your_text"], problem["version"]) == ("von Jana", "von Silke", 2)
    page = await client.post("/do", data={**form, "id": new_id()}, headers=HTML)
    assert page.status_code == 409
    assert "von Jana" in page.text
    assert ">von Silke</textarea>" in page.text
    assert 'name="base" value="2"' in page.text
    again = await client.post("/do", data={**form, "id": new_id(), "base": 2}, headers=HTML)
    assert (again.status_code, again.headers["location"]) == (303, f"/posts/{post}")
    row = await town.row(post)
    assert (row.plain, row.version, bool(row.edited)) == ("von Silke", 3, True)
    kept = select(PostEarlier).order_by(PostEarlier.version)
    earlier = await town.house.read(lambda conn: conn.execute(kept).all())
    assert [(one.html, one.editor) for one in earlier] == [
        ("<p>erste Fassung</p>", town.jana.id), ("<p>von Jana</p>", town.silke.id),
    ]  # fmt: skip
    assert "erste Fassung" in (await client.get(f"/posts/{post}/earlier")).text
    await cast.sign_in(client, town.house, town.mehmet)
    assert (await client.get(f"/posts/{post}/earlier")).status_code == 404


async def test_each_language_has_its_text_and_all_are_in_the_fragment(town: Town, client: httpx2.AsyncClient) -> None:
    post = await town.publish(town.carola, "Halle 4", kind="news", text="läuft @Jana Reuter")
    dutch = w.Edit(id=new_id(), post=post, base=1, lang="nl", title="Hal 4", text="draait")
    await town.house.perform(town.carola, dutch)
    row = await town.row(post)
    assert (row.title, row.version, row.mentions) == ("Halle 4", 2, str(town.jana.id))
    await cast.sign_in(client, town.house, town.jana)
    page = (await client.get(f"/posts/{post}")).text
    assert 'data-langs="de nl"' in page
    assert '<div class="version main" lang="de">' in page
    assert "draait" in page
    several = [w.Version("nl"), w.Version("en", "Hall 4", "runs")]  # one change: Dutch goes, English comes
    at_once = w.Edit(id=new_id(), post=post, base=2, title="Halle 4", text="läuft @Jana Reuter", versions=several)
    await town.house.perform(town.carola, at_once)
    page = (await client.get(f"/posts/{post}")).text
    assert 'data-langs="de en"' in page
    assert "draait" not in page
    kept = await town.house.read(lambda conn: conn.execute(select(PostEarlier.version, PostEarlier.lang)).all())
    assert kept == [(2, "nl")], "the German one stayed as it was"
    twice = w.Edit(id=new_id(), post=post, base=3, title="Halle", versions=[w.Version("de", "Halle")])
    for bad, why in [(w.Edit(id=new_id(), post=post, base=3, text="ohne Kopf"), "no-title"), (twice, "malformed")]:
        with pytest.raises(Refused, match=why):
            await town.house.perform(town.carola, bad)


async def test_an_edit_by_a_plain_form_changes_what_it_names_alone(town: Town, client: httpx2.AsyncClient) -> None:
    ends = clock.now() // 60_000 * 60_000 + clock.DAY
    urgent: dict[str, Any] = {"kind": "feedback", "text": "Riss", "urgency": 2}
    post = await town.publish(town.silke, authors=[town.jana.id], expires=ends, **urgent)
    await cast.sign_in(client, town.house, town.silke)
    shown = (await client.get(f"/posts/{post}/edit")).text
    [local] = re.findall(r'name="expires_local" type="datetime-local" value="([^"]+)"', shown)
    form = {"do": "feed.edit", "id": new_id(), "post": post, "base": 1, "text": "Riss im Deckel", "urgency": "1"}
    saved = await client.post("/do", data={**form, "expires_local": local, "customer_said": ""}, headers=HTML)
    row = await town.row(post)
    assert (saved.status_code, row.plain, row.urgency, row.expires) == (303, "Riss im Deckel", 1, ends)
    unknown = {**form, "id": new_id(), "base": 2, "customer_said": "Niemand KG", "expires_local": ""}
    again = await client.post("/do", data=unknown, headers=HTML)
    assert (again.status_code, 'value="Niemand KG"' in again.text) == (422, True), "what was typed is kept"
    await client.post("/do", data={**unknown, "id": new_id(), "customer_said": ""}, headers=HTML)
    assert (await town.row(post)).expires == 0
    together = select(PostAuthor.person).where(PostAuthor.post == post)
    assert await town.house.read(lambda conn: conn.execute(together).scalars().all()) == [town.jana.id]


async def test_a_planned_post_of_who_has_left_is_kept_and_not_published(
    town: Town, app: Starlette, hands: list[int]
) -> None:
    plan = w.Publish(id=new_id(), at=clock.now() + clock.HOUR, kind="idea", title="Später")
    await town.house.perform(town.jana, plan)
    owner = await cast.person(town.house, "Olaf Inhaber", role="owner")
    await town.house.perform(owner, Deactivate(id=new_id(), person=town.jana.id))
    hands[0] += clock.HOUR
    await app.state.runner.once()
    assert await posts(town) == []
    kept = await town.house.read(lambda conn: conn.execute(select(PostDraft)).one())
    assert (kept.key, kept.at, bool(kept.refused)) == (plan.id, 0, True)


async def test_the_preview_is_what_will_be_shown(town: Town, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, town.house, town.jana)
    text = "**fett** @Mehmet Aydin <script>alert(1)</script>"
    shown = await client.post("/feed/preview", data={"text": text})
    post = await town.publish(town.jana, text=text)
    assert shown.text == (await town.row(post)).html
    assert "<script" not in shown.text
