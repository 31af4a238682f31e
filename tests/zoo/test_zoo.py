"""The checker is proved: each broken server is seen by the check that must see it, ours by none, on the same day."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bench.history import Findings
from intranet.hub import catchup, lookout, wire
from intranet.kernel import jobs
from intranet.kernel.config import Settings
from tests.history.broken import Broken, Patches
from tests.history.disk import watched
from tests.history.story import Story, Stuck
from tests.history.world import inhabited
from tests.history.zoo import ZOO

SEEDS = (1, 2, 3)


@pytest.fixture(autouse=True)
def small_and_quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Small pages and buffers, so that a short day fills them; nobody waits for a second to pass."""
    monkeypatch.setattr(catchup, "MOST_EVENTS", 7)  # for what is made anew of its source
    monkeypatch.setattr(catchup.frames_after, "__defaults__", (7,))
    monkeypatch.setattr(wire, "HIGH_WATER", 2000)
    monkeypatch.setattr(lookout, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(jobs, "LOOK_EVERY", 0.05)
    with watched():
        yield


@pytest.mark.parametrize("seed", SEEDS)
async def test_ours_is_sound(settings: Settings, seed: int) -> None:
    async with inhabited(settings, seed) as world:
        await Story(world).tell()
        found = await world.judge()
    assert found.clean, found.examples
    assert found.acknowledged > 60
    assert world.lives > 2 or settings.database_url


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("broken", ZOO, ids=[one.name for one in ZOO])
async def test_the_broken_one_is_caught(broken: Broken, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await day_of(broken, settings, monkeypatch)
    assert broken.check in found.by_check, (found, found.examples)
    assert not found.clean


async def day_of(broken: Broken, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Findings:
    patches = Patches(monkeypatch)
    broken.apply(patches)
    begin = lambda world: [each(world) for each in patches.starts]  # noqa: E731
    async with inhabited(settings, SEEDS[0], on_start=begin) as world:
        world.keeps_epoch = patches.keeps_epoch
        with suppress(Stuck):  # what it lacks is found below
            await Story(world, patches.kind).tell()
        return await world.judge()


def test_the_page_names_each_and_its_check() -> None:
    page = Path("docs/reliability.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| ([^|]+) \| (C\d+) \|$", page, re.MULTILINE)
    assert sorted(named) == sorted((one.says, one.check) for one in ZOO)
