"""Reports: who is told, who sees the thing as it stood and nothing else, what becomes of it, and who hears what."""

import hashlib
import re
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, select

from intranet import audiences, notices
from intranet.channels.writes import SetRole
from intranet.chat.models import Mention
from intranet.chat.writes import Delete, Edit
from intranet.feed.comments import Say
from intranet.feed.writes import Publish
from intranet.files import NewTile
from intranet.files.actions import Attach, Begin
from intranet.kernel import House, Person, Refused, Write, new_id
from intranet.moderation.models import Report
from intranet.moderation.writes import Decide, Forget, ReportIt
from tests import cast
from tests.people.forms import at_field, send


async def refused(home: House, who: Person, write: Write) -> tuple[int, str]:
    with pytest.raises(Refused) as refusal:
        await home.perform(who, write)
    return refusal.value.status, refusal.value.code


async def report(home: House, who: Person, subject: str, reason: str = "Das geht nicht") -> int:
    return int((await home.perform(who, ReportIt(id=new_id(), subject=subject, reason=reason))).extra["report"])


async def decide(home: House, who: Person, number: int, outcome: Any, reason: str = "") -> None:
    await home.perform(who, Decide(id=new_id(), report=number, outcome=outcome, reason=reason))


def told(who: Person) -> Any:
    """What Home says to somebody: kinds and icons of what waits."""

    def load(conn: Connection, drawers: Any) -> list[tuple[str, str]]:
        return [(one.key, one.title) for one in notices.waiting(conn, who, drawers)[0]]

    return load


class Scene:
    """A private channel: bert wrote, jana reports, mona moderates; ravi administers and is not in."""

    def __init__(self, home: House, client: httpx2.AsyncClient) -> None:
        self.home, self.client = home, client

    async def set_up(self) -> "Scene":
        home = self.home
        self.mona, self.jana = await cast.person(home, "Mona Moderat"), await cast.person(home, "Jana Reuter")
        self.bert = await cast.person(home, "Bert Böse")
        self.ravi = await cast.person(home, "Ravi Menon", role="administrator")
        self.other = await cast.person(home, "Oda Andere")
        members = [self.jana, self.bert]
        self.place = await cast.channel(home, self.mona, "Geheimes", kind="private", members=members)
        await cast.say(home, self.mona, self.place, "zwkdavor steht auch hier")
        return self

    async def page(self, who: Person, path: str) -> httpx2.Response:
        await cast.sign_in(self.client, self.home, who)
        return await self.client.get(path)

    async def told(self, who: Person) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = await self.home.read(told(who), self.home.notices)
        return found

    async def with_file(self, who: Person, text: str, content: bytes) -> tuple[int, str]:
        """A message with a file that is here: its seq, and the file's address."""
        tile = NewTile(id=new_id(), name="zwkanlage.txt", size=len(content), kind="file")
        seq = (await cast.say(self.home, who, self.place, text, files=[tile])).seq
        begin = Begin(id=new_id(), name=tile.name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        await self.home.perform(who, begin)
        await cast.sign_in(self.client, self.home, who)
        assert (await self.client.put(f"/files/{begin.id}?offset=0", content=content)).status_code == 200
        attach = Attach(id=new_id(), place=self.place, message=seq, tile=tile.id, upload=begin.id)
        await self.home.perform(who, attach)
        page = (await self.client.get(f"/c/{self.place}")).text
        return seq, page.split('href="/files/')[1].split('"')[0]


@pytest.fixture
async def scene(home: House, client: httpx2.AsyncClient) -> Scene:
    return await Scene(home, client).set_up()


async def test_who_decides_sees_the_thing_as_it_stood_and_nothing_else(scene: Scene, home: House) -> None:
    seq, file = await scene.with_file(scene.bert, "zwkböse @Jana Reuter", b"zwkinhalt")
    subject = f"m-{scene.place}-{seq}"
    shown = await scene.page(scene.jana, f"/report?thing={subject}")
    for part in ("zwkböse", "zwkanlage", "Die Verwaltung und die Moderation dieses Kanals sehen genau das"):
        assert part in shown.text, part
    sent = await send(scene.client, "moderation.report", subject=subject, reason="zwkgrund")
    assert sent.headers["location"] == f"/report?thing={subject}&sent=1"
    assert "Jemand sieht es sich an" in (await scene.client.get(sent.headers["location"])).text

    edit = Edit(id=new_id(), place=scene.place, message=seq, text="zwkharmlos")
    await home.perform(scene.bert, edit)
    await home.perform(scene.bert, Delete(id=new_id(), place=scene.place, message=seq))
    for who in (scene.ravi, scene.mona):
        page = (await scene.page(who, "/admin/reports")).text
        parts = ("zwkböse", "zwkanlage", "zwkgrund", "Bert Böse", "Jana Reuter", "zwkharmlos", "zwkdavor")
        assert [part for part in parts if part in page] == list(parts[:5])
        assert (await scene.client.get(f"/files/{file}")).content == b"zwkinhalt"  # as it stood, though it is deleted
        assert [key for key, _ in await scene.told(who)] == ["report-1"]
    assert (await scene.page(scene.ravi, f"/c/{scene.place}")).status_code == 404
    for who in (scene.other, scene.jana, scene.bert):
        answer = await scene.page(who, "/admin/reports")
        assert (answer.status_code, "zwk" in answer.text) == (403, False)
        assert (await scene.client.get(f"/files/{file}")).status_code == 404
        assert await scene.told(who) == []

    # another channel's moderator decides about their own only
    await cast.channel(home, scene.other, "Anderswo")
    answer = await scene.page(scene.other, "/admin/reports")
    assert (answer.status_code, "zwk" in answer.text) == (200, False)
    assert await refused(home, scene.other, Decide(id=new_id(), report=1, outcome="kept")) == (404, "not-found")
    assert await refused(home, scene.ravi, Decide(id=new_id(), report=1, outcome="hidden", reason="x")) == (
        409,
        "thing-gone",
    )
    await decide(home, scene.ravi, 1, "kept")
    assert (await scene.told(scene.mona), await scene.told(scene.bert)) == ([], [])
    assert await scene.told(scene.jana) == [("report-1/outcome", "Angesehen: Es bleibt stehen.")]

    # what was kept for deciding is forgotten in the end
    await home.perform(scene.ravi, Forget(id=new_id(), report=1))
    page = (await scene.page(scene.ravi, "/admin/reports")).text
    assert ("zwk" in page, "nicht länger aufbewahrt" in page) == (False, True)
    assert (await scene.client.get(f"/files/{file}")).status_code == 404
    trail = (await scene.client.get("/admin/trail")).text
    assert ("zwkgrund" in trail, trail.count("<tr>")) == (True, 3)
    assert (await scene.page(scene.mona, "/admin/trail")).status_code == 403


async def test_hidden_is_out_of_all_sight_but_its_authors_until_it_is_restored(scene: Scene, home: House) -> None:
    seq, file = await scene.with_file(scene.bert, "zwkböse Dichtung @Jana Reuter", b"zwkinhalt")
    subject = f"m-{scene.place}-{seq}"
    quoting = (await cast.say(home, scene.jana, scene.place, "darauf", reply_to=seq)).seq
    await report(home, scene.jana, subject)
    await report(home, scene.mona, subject)

    def naming(conn: Connection) -> list[str]:
        return list(conn.execute(select(Mention.target).where(Mention.channel == scene.place)).scalars())

    named = await home.read(naming)
    assert named
    await decide(home, scene.ravi, 1, "hidden", "zwkruhe bitte")
    here = f"/c/{scene.place}"
    at = f"{here}/m/{seq}"
    paths = [
        "/", "/chats", here, f"{here}?at={seq}", f"{here}/messages?after=0", f"/card/quote/{scene.place}/{seq}",
        f"{at}/reactions", f"{at}/hidden", f"{at}/earlier", f"/catchup?place={scene.place}&epoch={home.epoch}&after=0",
        f"/report?thing={subject}", f"/files/{file}", "/search?q=dichtung",
    ]  # fmt: skip
    for who in (scene.jana, scene.mona, scene.other):
        seen = {path: (await scene.page(who, path)).text for path in paths}
        words = ("zwkböse", "zwkinhalt", "zwkanlage")
        leaking = [path for path, text in seen.items() if any(word in text for word in words)]
        assert leaking == ([f"/files/{file}"] if who is scene.mona else [])  # she decides about it
    page = (await scene.page(scene.jana, f"/c/{scene.place}")).text
    assert ("ausgeblendet: zwkruhe bitte" in page, f'id="m-{scene.place}-{quoting}"' in page) == (True, True)
    assert await home.read(naming) == []
    own = await scene.page(scene.bert, f"/c/{scene.place}/m/{seq}/hidden")
    assert ("zwkböse" in own.text, "zwkruhe" in own.text) == (True, True)
    assert (await scene.client.get(f"/files/{file}")).content == b"zwkinhalt"
    assert await scene.told(scene.bert) == [(f"{subject}/moderated", "Für alle anderen ausgeblendet: Eine Nachricht")]
    assert [key for key, _ in await scene.told(scene.mona)] == ["report-2/outcome"]  # both reports are closed
    for write in (
        Edit(id=new_id(), place=scene.place, message=seq, text="doch"),
        ReportIt(id=new_id(), subject=subject, reason="x"),
    ):
        assert (await refused(home, scene.bert, write))[0] == 404

    await decide(home, scene.ravi, 1, "restored")
    page = (await scene.page(scene.jana, f"/c/{scene.place}")).text
    assert ("zwkböse" in page, "ausgeblendet" in page, await home.read(naming)) == (True, False, named)
    assert (await scene.client.get(f"/files/{file}")).content == b"zwkinhalt"
    assert "zwkböse" in (await scene.client.get("/search?q=dichtung")).text
    assert (await scene.page(scene.bert, f"/c/{scene.place}/m/{seq}/hidden")).status_code == 404

    await decide(home, scene.mona, await report(home, scene.jana, subject), "hidden", "noch einmal")
    await decide(home, scene.ravi, 3, "removed", "genug")
    page = (await scene.page(scene.jana, f"/c/{scene.place}")).text
    assert ("zwkböse" in page, "gelöscht" in page) == (False, True)
    assert (await scene.page(scene.bert, f"/c/{scene.place}/m/{seq}/hidden")).status_code == 404
    assert (await scene.client.get(f"/files/{file}")).status_code == 404
    assert (await scene.told(scene.bert))[0][1] == "Von der Moderation entfernt: Eine Nachricht"
    trail = (await scene.page(scene.ravi, "/admin/trail")).text
    acts = re.findall(r"<td>(\w+): Eine Nachricht", trail)
    assert acts == ["entfernt", "ausgeblendet", "gemeldet", "wiederhergestellt", "ausgeblendet", "gemeldet", "gemeldet"]


async def test_frames_tell_the_channel_and_nobody_learns_who_reported(served: Any) -> None:
    home: House = served.house
    mona, jana, bert = [await cast.person(home, name) for name in ("Mona", "Jana", "Bert")]
    ravi = await cast.person(home, "Ravi", role="administrator")
    place = await cast.channel(home, mona, "Geheimes", kind="private", members=[jana, bert])
    fence = await cast.channel(home, ravi, "Zaun", members=[jana, bert])
    seq = (await cast.say(home, bert, place, "zwkböse")).seq
    async with cast.listen(served, jana) as hears, cast.listen(served, ravi) as outside:
        await report(home, mona, f"m-{place}-{seq}", "zwkgrund")
        await decide(home, ravi, 1, "hidden", "zwkruhe")
        await hears.all_until(home, fence)
        await outside.all_until(home, fence)
    assert ("zwkruhe" in hears.bytes_heard, "zwkböse" in hears.bytes_heard, "zwkgrund" in hears.bytes_heard) == (
        True, False, False
    )  # fmt: skip
    assert ("zwkböse" in outside.bytes_heard, f'"place":{place}' in outside.bytes_heard) == (False, False)


async def test_posts_and_comments_are_reported_hidden_and_restored(scene: Scene, home: House) -> None:
    line = audiences.Line(team=0, side="field")
    anna = await cast.person(home, "Anna Außen", side="field")
    cora = await cast.person(home, "Cora Außen", side="field")
    made = await home.perform(anna, Publish(id=new_id(), kind="idea", title="", text="zwkidee Dichtung", lines=[line]))
    post = int(made.extra["post"])
    said = await home.perform(anna, Say(id=new_id(), place=made.place, post=post, text="zwkwort Dichtung"))
    comment = int(said.extra["comment"])
    post_page, comment_page = f"/posts/{post}", f"/comments/{comment}"
    things = {f"post-{post}": ("zwkidee", post_page), f"comment-{comment}": ("zwkwort", comment_page)}
    for number, (subject, (word, address)) in enumerate(things.items(), 1):
        assert await refused(home, scene.ravi, ReportIt(id=new_id(), subject=subject, reason="x")) == (404, "not-found")
        assert f"/report?thing={subject}" in (await scene.page(cora, address)).text
        assert await report(home, cora, subject, "zwkgrund") == number
        page = (await scene.page(scene.ravi, "/admin/reports")).text
        assert (word in page, "zwkgrund" in page) == (True, True)
        assert (await scene.page(scene.ravi, address)).status_code == 404
        assert "zwk" not in (await scene.page(scene.mona, "/admin/reports")).text  # moderators decide about messages
        await decide(home, scene.ravi, number, "hidden", "zwkruhe")
        for path in (post_page, f"{post_page}/card", comment_page, "/feed", "/", "/search?q=dichtung"):
            assert word not in (await scene.page(cora, path)).text, path
        own = (await scene.page(anna, address)).text
        assert (word in own, "zwkruhe" in own) == (True, True)
        assert [key for key, _ in await scene.told(anna) if key.endswith("moderated")][:1] == [f"{subject}/moderated"]
        await decide(home, scene.ravi, number, "restored")
        for path in (address, "/search?q=dichtung"):
            assert word in (await scene.page(cora, path)).text, path


async def test_what_does_not_do_is_refused_in_words(scene: Scene, home: House) -> None:
    seq = (await cast.say(home, scene.bert, scene.place, "böse")).seq
    subject = f"m-{scene.place}-{seq}"
    for who, subj, status in ((scene.other, subject, 404), (scene.jana, "m-1-", 404), (scene.jana, "post-99", 404)):
        assert (await refused(home, who, ReportIt(id=new_id(), subject=subj, reason="x")))[0] == status
    assert await refused(home, scene.bert, ReportIt(id=new_id(), subject=subject, reason="x")) == (422, "report-own")
    await cast.sign_in(scene.client, home, scene.jana)
    for reason, sentence in ((" ", "Ein paar Worte"), ("x" * 501, "höchstens 500 Zeichen")):
        answer = await send(scene.client, "moderation.report", subject=subject, reason=reason)
        assert (answer.status_code, sentence in at_field(answer.text, "reason")) == (422, True)
    number = await report(home, scene.jana, subject)
    assert await refused(home, scene.jana, ReportIt(id=new_id(), subject=subject, reason="x")) == (409, "report-twice")
    await home.perform(scene.mona, SetRole(id=new_id(), place=scene.place, person=scene.bert.id, role="moderator"))
    assert await refused(home, scene.bert, Decide(id=new_id(), report=number, outcome="kept")) == (403, "decide-own")
    assert await refused(home, scene.jana, Decide(id=new_id(), report=number, outcome="kept")) == (404, "not-found")
    await cast.sign_in(scene.client, home, scene.ravi)
    answer = await send(scene.client, "moderation.decide", report=str(number), outcome="hidden", reason="")
    assert (answer.status_code, "Ein paar Worte" in answer.text) == (422, True)
    assert await refused(home, scene.ravi, Decide(id=new_id(), report=number, outcome="restored")) == (409, "conflict")
    for _ in range(19):
        other = (await cast.say(home, scene.bert, scene.place, "noch eins")).seq
        await report(home, scene.jana, f"m-{scene.place}-{other}")
    last = (await cast.say(home, scene.bert, scene.place, "und eins")).seq
    write = ReportIt(id=new_id(), subject=f"m-{scene.place}-{last}", reason="x")
    assert await refused(home, scene.jana, write) == (409, "report-many")
    assert await home.read(lambda conn: len(conn.execute(select(Report.id)).all())) == 20
