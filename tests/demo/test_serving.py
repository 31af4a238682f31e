"""The demo's own folder: filled once a day, never over somebody's real data."""

import asyncio
import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select

from intranet.app import ROOMS
from intranet.demo import serving
from intranet.demo.company import build
from intranet.demo.model import Company
from intranet.kernel import House, Installation
from intranet.kernel.config import ConfigError, Settings

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


def faceless(latest: date, *, seed: int) -> Company:
    """One channel, and nobody's portrait to draw."""
    company = build(latest, seed=seed, channels=frozenset({"mittag"}))
    return replace(company, people=tuple(replace(one, look="") for one in company.people))


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """Settings of a demo with one channel."""
    monkeypatch.setattr(serving, "build", faceless)
    return serving.as_demo(Settings(), str(tmp_path / "demo"))


def facts(settings: Settings) -> dict[str, str]:
    async def load() -> dict[str, str]:
        house = House(settings, ROOMS)
        try:
            return await house.read(lambda conn: dict(conn.execute(select(Installation.key, Installation.value)).all()))
        finally:
            await house.stop()

    return asyncio.run(load())


def test_it_lies_beside_the_real_data_unless_a_folder_is_named():
    real = Settings(data="data", database_url="postgresql://x/real")
    demo = serving.as_demo(real, "")
    assert (demo.data, demo.database_url, demo.demo) == ("data-demo", "", True)
    assert serving.as_demo(real, "elsewhere").data == "elsewhere"


def test_it_is_filled_once_a_day_and_anew_on_the_next(filled, capsys):
    asyncio.run(serving.prepare(filled, TUESDAY))
    first = facts(filled)
    assert first[serving.DATE] == "2026-11-24"
    assert len(json.loads(first[serving.PERSONAS])) == 4
    asyncio.run(serving.prepare(filled, TUESDAY))
    assert facts(filled)["epoch"] == first["epoch"]
    asyncio.run(serving.prepare(filled, WEDNESDAY))
    assert facts(filled)["epoch"] != first["epoch"]
    assert facts(filled)[serving.DATE] == "2026-11-25"
    assert "Making the sample company" in capsys.readouterr().out


def test_a_folder_of_something_else_is_left_alone(filled):
    asyncio.run(serving.prepare(filled, TUESDAY))

    async def forget() -> None:
        house = House(filled, ROOMS)
        from intranet.demo.storing import in_one_transaction

        gone = delete(Installation).where(Installation.key == serving.DATE)
        await in_one_transaction(house, lambda conn: conn.execute(gone))
        await house.stop()

    asyncio.run(forget())
    with pytest.raises(ConfigError, match="something else"):
        asyncio.run(serving.prepare(filled, WEDNESDAY))
    assert serving.PERSONAS in facts(filled)


def test_a_start_that_was_cut_off_is_made_good(filled, monkeypatch):
    monkeypatch.setattr(serving, "acts", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(serving.prepare(filled, TUESDAY))
    monkeypatch.undo()
    monkeypatch.setattr(serving, "build", faceless)
    asyncio.run(serving.prepare(filled, TUESDAY))
    assert facts(filled)[serving.DATE] == "2026-11-24"
