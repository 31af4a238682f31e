"""Polls without names: what is stored and when, who can know what, and that nothing of a vote is left."""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from intranet.kernel import SYSTEM, Base, Event, House, Register, clock, new_id
from intranet.kernel.tables import Job, Receipt
from intranet.polls import models as m
from intranet.polls import stored
from intranet.polls import writes as w
from intranet.polls.choices import Choice
from intranet.polls.jobs import look_after
from intranet.polls.keyring import Keyring
from intranet.polls.sealing import Inside, close_box, new_code, new_key, open_box, print_of, public_of, size_of
from tests import cast
from tests.polls.conftest import Scene
from tests.polls.test_named import refused, told


async def rows(house: House, what: Any) -> list[Any]:
    table = getattr(what, "__table__", what)
    return await house.read(lambda conn: list(conn.execute(select(*table.columns)).all()))


async def sealed(scene: Scene, poll: int, who: Any, *yes: int, code: str = "", sentence: str = "") -> str:
    """As a phone does it; the code it drew."""
    row = await scene.row(poll)
    code = code or new_code()
    box = close_box(row.public, poll, Inside(code, Choice(yes), sentence), texts=row.texts)
    await scene.vote(who, poll, box=_travelling(box), print=print_of(row.public))
    return code


def _travelling(box: bytes) -> str:
    return base64.urlsafe_b64encode(box).decode().rstrip("=")


def test_a_box_has_one_length_and_only_its_own_key_and_poll_open_it() -> None:
    key, other = new_key(), new_key()
    wide = Choice(tuple(range(1, 31)), ())
    for texts, sentence in ((0, ""), (1, "ö" * 500)):
        boxes = [
            close_box(public_of(key), 9, inside, texts=texts)
            for inside in (Inside("K7M4-Q2XD", Choice((1,))), Inside(new_code(), wide, sentence))
        ]  # fmt: skip
        assert {len(box) for box in boxes} == {size_of(texts)}
    assert open_box(key, 9, boxes[0]) == Inside("K7M4-Q2XD", Choice((1,)))
    assert open_box(other, 9, boxes[0]) is None
    assert open_box(key, 8, boxes[0]) is None
    assert open_box(key, 9, boxes[0][:-1] + b"x") is None
    assert open_box(key, 9, b"\x04" + b"x" * 200) is None
    assert boxes[0] != close_box(public_of(key), 9, Inside("K7M4-Q2XD", Choice((1,))), texts=1)


async def test_a_vote_leaves_one_box_and_nothing_else_in_the_record(scene: Scene) -> None:
    house = scene.house
    poll = await scene.secret(minimum=7)
    key = Keyring(house.folder).path(poll)
    assert key.stat().st_mode & 0o777 == 0o600
    await sealed(scene, poll, scene.jana, 1)
    tables = [table for table in Base.metadata.tables.values() if table.name != "sealed"]
    before = {table.name: await rows(house, table) for table in tables}
    moved: list[Any] = []
    house.listen(lambda places, announced: moved.append((places, announced)))
    with capture_logs() as logs:
        await sealed(scene, poll, scene.mehmet, 2)
        await sealed(scene, poll, scene.mehmet, 3)
        await scene.vote(scene.others[0], poll, 3)  # as a form sends it: the server closes the box
        await scene.vote(scene.others[1], poll, 1)
        await scene.vote(scene.others[1], poll, withdraw=True)
    assert logs == []
    assert moved == [], "nobody's socket is rung for"
    for table in tables:
        assert await rows(house, table) == before[table.name], table.name
    boxes = await rows(house, m.Sealed)
    assert sorted(row.person for row in boxes) == sorted([scene.jana.id, scene.mehmet.id, scene.others[0].id])
    assert {len(row.box) for row in boxes} == {size_of(0)}
    assert {model.__tablename__ for model in (Event, Receipt, Job, Register)} <= set(before)
    secret = key.read_bytes()
    for path in house.folder.rglob("*"):
        if path.is_file() and path != key:
            assert secret not in path.read_bytes(), path


async def test_the_close_counts_once_and_nothing_leads_back(scene: Scene, client: httpx2.AsyncClient) -> None:
    house = scene.house
    poll = await scene.secret(minimum=7, sentences=True)
    codes = {}
    for n, who in enumerate(scene.inside):
        codes[who.id] = await sealed(scene, poll, who, n % 3 + 1, sentence=f"Satz {n}" if n < 4 else "")
    page = f"/c/{scene.place}?at=end"
    await cast.sign_in(client, house, scene.jana)
    for path in (page, f"/polls/{poll}"):
        shown = (await client.get(path)).text
        assert "barrow" not in shown
        assert "Stimmen</span>" not in shown, "not even how many have voted"
    for path in (f"/polls/{poll}/result", f"/polls/{poll}/codes", f"/polls/{poll}/result.csv"):
        assert (await client.get(path)).status_code == 404, "nobody sees a number, who asked neither"
    boxes = [bytes(one.box)[-200:] for one in await rows(house, m.Sealed)]
    await scene.close(poll)
    row = await scene.row(poll)
    assert json.loads(row.result)["yes"] == {"1": 4, "2": 3, "3": 3}
    ballots = await rows(house, m.Ballot)
    assert [one.code for one in ballots] == sorted(codes.values())
    assert {one.code: one.choice for one in ballots} == {codes[who.id]: n % 3 + 1 for n, who in enumerate(scene.inside)}
    assert {one.person for one in await rows(house, m.TookPart)} == set(codes)
    assert sorted(one.text for one in await rows(house, m.Sentence)) == [f"Satz {n}" for n in range(4)]
    assert await rows(house, m.Sealed) == []
    assert Keyring(house.folder).get(poll) is None
    for file in house.folder.glob("binnen.db*"):
        content = file.read_bytes()
        assert not any(box in content for box in boxes), file
    listed = (await client.get(f"/polls/{poll}/codes")).text
    assert all(code in listed for code in codes.values())
    assert "4 · 40 %" in (await client.get(page)).text
    again = w.End(id=new_id(), place=scene.place, poll=poll, key=b"")
    await house.perform(SYSTEM, again)
    assert (await scene.row(poll)).result == row.result, "fixed for ever"
    assert (await refused(scene.vote(scene.jana, poll, 1)))[1] == "poll-closed"
    assert [text for _title, text in await told(scene, scene.mehmet)] == ["Das Ergebnis ist da"]
    assert "verrät das Ergebnis" not in listed


async def test_fewer_than_the_minimum_are_never_opened(
    scene: Scene, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    monkeypatch.setattr("intranet.polls.closing.open_box", lambda *given: opened.append(given))
    poll = await scene.secret(minimum=7)
    for who in scene.inside[:6]:
        await sealed(scene, poll, who, 1)
    await scene.close(poll)
    row = await scene.row(poll)
    assert (bool(row.closed), row.result, opened) == (True, "", [])
    for model in (m.Sealed, m.Ballot, m.TookPart):
        assert await rows(scene.house, model) == []
    assert Keyring(scene.house.folder).get(poll) is None
    few = "Zu wenige Stimmen: nichts wurde geöffnet, alle Stimmen sind vernichtet"
    for who in scene.inside:
        assert await told(scene, who) == [("Wohin?", few)], "everybody who was asked is told"
    await cast.sign_in(client, scene.house, scene.mehmet)
    assert "Weniger als 7 Stimmen" in (await client.get(f"/c/{scene.place}?at=end")).text


async def test_broken_boxes_do_not_count_and_sentences_need_ten_ballots(scene: Scene) -> None:
    poll = await scene.secret("ranking", minimum=5, sentences=True)
    row = await scene.row(poll)
    noise = b"\x04" + bytes(size_of(1) - 1)
    await scene.vote(scene.jana, poll, box=_travelling(noise), print=print_of(row.public))
    await sealed(scene, poll, scene.mehmet, 9, sentence="von einer Antwort, die es nicht gibt")
    code = new_code()
    for who in scene.others[:6]:
        await sealed(scene, poll, who, 3, 2, 1, code=code, sentence="gleicher Code")
    for box, told_print in ((noise[:-1], print_of(row.public)), (b"", "x"), (noise, "0" * 16)):
        status, _code = await refused(scene.vote(scene.jana, poll, box=_travelling(box) or "!", print=told_print))
        assert status in (409, 422)
    await scene.close(poll)
    assert json.loads((await scene.row(poll)).result)["n"] == 6
    ballots = await rows(scene.house, m.Ballot)
    assert len({one.code for one in ballots}) == 6
    assert {one.choice for one in ballots} == {0}, "of a ranking only the codes are written down"
    assert len(await rows(scene.house, m.TookPart)) == 8
    assert await rows(scene.house, m.Sentence) == []


async def test_without_its_key_an_open_poll_begins_again_and_all_are_told(scene: Scene) -> None:
    poll = await scene.secret(minimum=5)
    for who in scene.inside[:7]:
        await sealed(scene, poll, who, 1)
    old = await scene.row(poll)
    Keyring(scene.house.folder).destroy(poll)  # as after a restore from a backup, in which it never was
    await look_after(scene.house)
    await scene.work()
    row = await scene.row(poll)
    assert (row.again, row.closed, row.counting) == (1, 0, 0)
    assert row.public not in ("", old.public)
    assert row.deadline - row.at == old.deadline - old.at
    assert await rows(scene.house, m.Sealed) == []
    for who in scene.inside:
        assert (await told(scene, who))[0][1].startswith("Die Umfrage hat neu begonnen")
    late = _travelling(close_box(old.public, poll, Inside(new_code(), Choice((1,))), texts=0))
    refusal = await refused(scene.vote(scene.jana, poll, box=late, print=print_of(old.public)))
    assert refusal == (409, "poll-again"), "a box for the old key is refused visibly"
    Keyring(scene.house.folder).put(999, new_key())
    await look_after(scene.house)
    assert Keyring(scene.house.folder).polls() == {poll}, "a key without an open poll goes"
    Keyring(scene.house.folder).put(poll, new_key())
    await look_after(scene.house)
    assert (await scene.row(poll)).again == 2, "a key that is another poll's is none"


async def test_the_reminder_goes_to_all_whoever_has_voted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    start = clock.now()
    poll = await scene.secret(deadline=start + 8 * clock.HOUR)
    await sealed(scene, poll, scene.mehmet, 1)
    monkeypatch.setattr(clock, "source", lambda: start + 7 * clock.HOUR)
    await scene.work()
    for who in (scene.mehmet, scene.others[0]):
        assert len(await told(scene, who)) == 1
    monkeypatch.setattr(clock, "source", lambda: start + 9 * clock.HOUR)
    await scene.work()
    assert (await scene.row(poll)).closed
    assert Keyring(scene.house.folder).polls() == set()


async def test_a_close_that_was_cut_off_is_cleaned_up_later(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = await scene.secret()
    for who in scene.inside:
        await sealed(scene, poll, who, 2)

    async def in_use() -> bool:
        return False

    with monkeypatch.context() as busy:
        busy.setattr(scene.house, "truncate_log", in_use)
        await scene.close(poll)
    assert (await scene.row(poll)).result
    assert Keyring(scene.house.folder).get(poll) is None, "the key goes in any case"
    assert [row.kind for row in await rows(scene.house, Job)] == ["polls.end"] * 2, "the other is that of the deadline"
    later = clock.now() + 2 * clock.HOUR
    monkeypatch.setattr(clock, "source", lambda: later)
    await scene.work()
    assert await rows(scene.house, Job) == []
    result = json.loads((await scene.row(poll)).result)
    assert result["yes"]["2"] == 10


def _size(path: Path) -> int:
    return path.stat().st_size


@pytest.mark.engine("sqlite")
async def test_the_log_is_cut_off_and_a_reader_in_the_way_holds_nobody_up(scene: Scene) -> None:
    wal = scene.house.folder / "binnen.db-wal"
    assert _size(wal) > 0
    held, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def read(conn: Any) -> None:
        conn.execute(text("SELECT count(*) FROM poll")).scalar()
        loop.call_soon_threadsafe(held.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(10)

    reading = asyncio.create_task(scene.house.read(read))
    await held.wait()
    await scene.ask()
    assert not await scene.house.truncate_log()
    go.set()
    await reading
    assert await scene.house.truncate_log()
    assert _size(wal) == 0


def test_the_panel_says_every_column_in_every_language() -> None:
    for lang in ("de", "nl", "en"):
        panel = stored.stored(lang)
        for table, (model, _when, _who) in zip(panel, stored.TABLES, strict=True):
            assert len(table["columns"]) == len(model.__table__.columns)
    columns = {
        f"{model.__tablename__}.{column.name}" for model, *_ in stored.TABLES for column in model.__table__.columns
    }
    assert columns == set(stored.COLUMNS), "a column more or less has to be said"
    named = {model.__tablename__ for model in (m.Poll, m.Option, m.Vote)}
    own = {model.__tablename__ for model in vars(m).values() if getattr(model, "__module__", "") == m.__name__}
    assert own - named == {model.__tablename__ for model, *_ in stored.TABLES}
