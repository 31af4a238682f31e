"""The index is complete, is what a rebuild makes, forgets what is deleted, and asks the database few questions."""

import random
import re
from contextlib import suppress
from itertools import count
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Connection, select, text
from starlette.applications import Starlette

from intranet.app import ROOMS
from intranet.chat import writes as w
from intranet.kernel import SYSTEM, House, Refused, clock, new_id
from intranet.kernel.config import Settings
from intranet.kernel.jobs import Runner
from intranet.search import rebuild
from intranet.search.models import SearchDoc
from intranet.search.rebuild import Empty
from intranet.search.words import MOST_WORDS, words_of
from tests import cast
from tests.counting import counted
from tests.databases import on_database

Row = tuple[str, int, int, frozenset[str]]


def rows(conn: Connection) -> list[Row]:
    """The index as it stands, the newest first; what is gone is an empty row."""
    found = conn.execute(select(SearchDoc).where(SearchDoc.words != "").order_by(SearchDoc.id.desc()))
    return [(row.subject, row.place, row.seq, frozenset(row.words.replace("'", "").split())) for row in found]


def agrees(conn: Connection) -> None:
    """SQLite's own check that the full-text index holds the words of its rows, no more and no fewer."""
    if conn.dialect.name == "sqlite":
        conn.execute(text("INSERT INTO search_text(search_text, rank) VALUES('integrity-check', 1)"))


def stored(settings: Settings) -> bytes:
    """Every byte of the database's file, in small letters."""
    return Path(settings.data, "binnen.db").read_bytes().lower()


async def test_a_rebuild_makes_what_was_kept_up(
    home: House, app: Starlette, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = count(clock.now())  # between places a rebuild goes by the time: no two are said in one millisecond
    monkeypatch.setattr(clock, "source", lambda: next(ticks))
    dice = random.Random(7)
    jana, mehmet = [await cast.person(home, name) for name in ("Jana Reuter", "Mehmet Aydin")]
    places = [await cast.channel(home, jana, f"Kanal {number}", members=[mehmet]) for number in range(3)]
    said: list[tuple[int, int]] = []
    vocabulary = "Dichtung Pumpe Q-40 geht raus Müller huizen valves 26-09 öffnen".split()
    for _ in range(60):
        who, words = dice.choice([jana, mehmet]), " ".join(dice.choices(vocabulary, k=5))
        place, seq = dice.choice(said) if said else (places[0], 0)
        match dice.choice("ppppedm"):
            case "e" if said:
                change: w.Edit | w.Delete | w.TopicMove = w.Edit(id=new_id(), place=place, message=seq, text=words)
            case "d" if said:
                change = w.Delete(id=new_id(), place=place, message=seq)
            case "m" if said:
                change = w.TopicMove(id=new_id(), place=place, messages=[seq], topic_name=dice.choice(vocabulary))
            case _:
                place = dice.choice(places)
                said.append((place, (await cast.say(home, who, place, words)).seq))
                continue
        with suppress(Refused):  # somebody else's message, or one that is gone
            await home.perform(who, change)
    live = await home.read(rows)
    assert len(live) > 20
    assert await rebuild(home, anew=True) == len(live)
    assert await home.read(rows) == live
    assert await rebuild(home, anew=False) == len(live)  # again changes nothing
    assert await home.read(rows) == live
    newest = await cast.say(home, jana, places[0], "danach")
    assert (await home.read(rows))[0][0] == f"m-{places[0]}-{newest.seq}"
    await on_database(settings, agrees)


async def test_what_was_said_before_there_was_an_index_comes_below(home: House, app: Starlette) -> None:
    jana = await cast.person(home, "Jana Reuter")
    place = await cast.channel(home, jana, "Service")
    old = [f"m-{place}-{(await cast.say(home, jana, place, f'früher {n}')).seq}" for n in range(3)]
    await home.perform(SYSTEM, Empty(id=new_id()))
    new = f"m-{place}-{(await cast.say(home, jana, place, 'jetzt')).seq}"
    runner: Runner = app.state.runner
    await runner.kinds["search.fill"].run(home, {}, 1)  # what the migration leaves to do
    assert [row[0] for row in await home.read(rows)] == [new, *reversed(old)]


async def test_deleted_words_leave_the_files(settings: Settings) -> None:
    house = House(settings, ROOMS)
    await house.start()
    jana = await cast.person(house, "Jana Reuter")
    place = await cast.channel(house, jana, "Service")
    for number in range(20):
        await cast.say(house, jana, place, f"unauffällig {number}")
    said = await cast.say(house, jana, place, "Kanarienwort Kanarienzeichen")
    await house.perform(jana, w.Edit(id=new_id(), place=place, message=said.seq, text="Kanarienwort"))
    await house.perform(jana, w.Delete(id=new_id(), place=place, message=said.seq))
    assert not any("kanarien" in word for row in await house.read(rows) for word in row[3])
    await house.stop()
    if not settings.database_url:
        await on_database(settings, agrees)
        assert b"unauff" in stored(settings)
        assert b"kanarien" not in stored(settings)


async def test_pages_follow_each_other_and_ask_few_questions(
    home: House, app: Starlette, client: httpx2.AsyncClient
) -> None:
    await app.state.runner.stop()  # it asks for jobs once a second
    jana = await cast.person(home, "Jana Reuter")
    others = [await cast.person(home, f"Kollege {number}") for number in range(4)]
    await cast.sign_in(client, home, jana)
    place = await cast.channel(home, jana, "Service", members=others)
    seqs = []

    async def say(count: int) -> None:
        for number in range(count):
            topic = f"Thema {number % 3}"
            seqs.append((await cast.say(home, others[number % 4], place, f"Pumpe {number}", topic_name=topic)).seq)

    async def ask(address: str) -> str:
        answer = await client.get(address)
        assert answer.status_code == 200
        return answer.text

    await say(3)
    await ask("/search?q=pumpe")
    with counted(home) as few:
        await ask("/search?q=pumpe")
    await say(62)
    with counted(home) as many:
        await ask("/search?q=pumpe")
    assert len(many) <= len(few) + 2 <= 22, "\n".join(many)  # where much fits, each kind asks for itself
    address, seen = "/search?q=pumpe&kind=chat", []
    while address:
        page = await ask(address)
        seen += [int(seq) for seq in re.findall(r'class="hit" href="/c/\d+\?at=(\d+)#', page)]
        await say(1)  # what comes meanwhile moves nothing
        found = re.search(r'class="btn" href="(/search[^"]+older=[^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert seen == list(reversed(seqs[:65]))
    assert "Pumpe" not in await ask("/search?q=pumpe&kind=chat&older=-9")
    for nonsense in ("older=x", "older=99999999999999999999", "kind=x", "older=²"):
        await ask(f"/search?q=pumpe&{nonsense}")


def test_words_have_bounds() -> None:
    assert words_of("") == words_of(" … !?") == set()
    assert len(words_of(" ".join(map(str, range(3 * MOST_WORDS))))) <= MOST_WORDS
    assert max(map(len, words_of("x" * 10_000 + " " + "a-" * 5000))) <= 400
    assert {"q40", "q", "40"} <= words_of("Q-40")
