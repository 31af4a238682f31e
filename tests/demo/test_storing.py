"""The fast way of storing leaves exactly what `House.perform` leaves."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from intranet.app import ROOMS
from intranet.demo.act import Ids
from intranet.demo.acts import acts
from intranet.demo.company import build
from intranet.demo.media import make
from intranet.demo.model import Company, File
from intranet.demo.storing import Hand, as_write, client_ids, in_one_transaction
from intranet.kernel import Base, House, clock
from intranet.kernel.config import Settings
from tests.conftest import KEY

SEED = 3
PHOTO = File("IMG_1.jpg", "photo", "tafel", note="Soll und Ist")
VOICE = File("Sprachnachricht.m4a", "voice", "murmur", 2)


def small() -> Company:
    """Two channels with everything that can happen to a message."""
    full = build(date(2026, 11, 24))
    posts = {one.title[:12]: one for one in full.posts}
    company = build(full.latest, channels=frozenset({"preisrunde", "dm:jana,lukas"}))
    first, second, third, fourth, *others = company.messages
    messages = (
        replace(first, files=(PHOTO, VOICE)),
        replace(second, edited_from="Zuerst stand hier etwas anderes."),
        replace(third, deleted=True),
        replace(fourth, pinned=True, files=(PHOTO,), text="@Jana Reuter, schau mal."),
        *others[:30],
    )
    kept = {one.key for one in messages}
    topics = {(one.channel, one.topic) for one in messages}
    used = {one.channel for one in messages}
    return replace(
        company,
        messages=messages,
        people=tuple(replace(one, look=one.look if one.key == "jana" else "") for one in company.people),
        channels=tuple(one for one in company.channels if one.key in used),
        topics=tuple(one for one in company.topics if (one.channel, one.name) in topics),
        unread=tuple(one for one in company.unread if one.message in {"", *kept} and one.channel in used),
        drafts=tuple(one for one in company.drafts if one.channel in used and not one.topic),
        favourites=tuple(one for one in company.favourites if one[1] in used),
        posts=(
            replace(posts["Reisekosten:"], acked=("mehmet",), pin="1", files=(PHOTO,)), posts["Q-65, Baujah"],
            replace(posts["Wasserwerk N"], saved=("svea",)), posts["Austauschtag"],
        ),
        polls=tuple(one for one in full.polls if one.anonymous and not one.sentences),
    )  # fmt: skip


def same_keys() -> Ids:
    return Ids(new_key=lambda: b"k" * 32)


@pytest.fixture
def twin(engine: str, template: Any, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a second, empty house with the same key."""
    if engine == "postgres":
        name, url = template.copy("binnen_template")
        yield Settings(data=str(tmp_path / "twin"), database_url=url, secret_key=KEY)
        template.give_back("binnen_template", name)
        return
    (tmp_path / "twin").mkdir()
    shutil.copy(template, tmp_path / "twin" / "binnen.db")
    yield Settings(data=str(tmp_path / "twin"), secret_key=KEY)


async def test_both_ways_leave_the_same_record(settings, twin, monkeypatch):
    company = small()
    slow, fast = House(settings, ROOMS), House(twin, ROOMS)
    await slow.start()
    media, again = await make(slow, company), await make(fast, company)
    assert media == again
    steps, new_id, answer = acts(company, media, same_keys()), client_ids(SEED), None
    while True:
        try:
            act = steps.send(answer)  # type: ignore[arg-type]
        except StopIteration:
            break
        monkeypatch.setattr(clock, "source", lambda at=act.at: at)
        answer = await slow.perform(act.by, as_write(slow, act, new_id()))
    await in_one_transaction(fast, lambda conn: Hand(fast, conn, SEED).all(acts(company, media, same_keys())))

    performed, stored = await slow.read(everything), await fast.read(everything)
    await slow.stop()
    await fast.stop()
    for table, rows in performed.items():
        assert stored[table] == rows, table
    needed = "event message topic marker mention reaction earlier file file_ref receipt register notice "
    needed += "post post_state post_ack comment reacted post_draft post_saved news_writer poll ballot took_part"
    for table in needed.split():
        assert performed[table], f"the small company has no {table}"


async def test_a_refusal_stops_and_leaves_nothing(settings):
    company = replace(small(), posts=(), polls=())
    house = House(settings, ROOMS)
    media = await make(house, company)
    outsider = next(one for one in company.people if one.role == "guest")
    wrong = replace(company, messages=(*company.messages, replace(company.messages[-1], key="x", by=outsider.key)))
    with pytest.raises(ValueError, match=r"chat\.post by Anders Holm: not-found"):
        await in_one_transaction(house, lambda conn: Hand(house, conn, SEED).all(acts(wrong, media, Ids())))
    found = await house.read(everything)
    await house.stop()
    assert not found["event"]
    assert not found["person"]


def everything(conn: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, without what names one incarnation of the record."""
    return {
        table.name: sorted(
            (tuple(row) for row in conn.execute(select(*(one for one in table.columns if one.name != "epoch")))),
            key=repr,
        )
        for table in Base.metadata.sorted_tables
        if table.name != "installation"
    }
