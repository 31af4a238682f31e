"""Polls without names, and somebody who holds everything the house lets out: can they tell who chose what?

`run.py bench adversary` asks a thousand polls of a house that works as it should, and a few of each of seven houses
that are broken on purpose; on PostgreSQL fewer, and what of these differs there. `tests/polls/test_adversary.py` does a
few of each at every test run.
"""

import asyncio
from typing import Any

from bench.servers import settings

from .attackers import ATTACKERS, Attack
from .score import Tally
from .stage import Stage
from .variants import SCHEMA, VARIANTS

POLLS, POLLS_ON_POSTGRES, BROKEN_POLLS, SEED = 1000, 100, 40, 2026


async def attacked(stage: Stage, polls: int, seed: int) -> dict[str, Tally]:
    """Ask `polls` polls, and let each attacker guess. The first half is for learning: it is what an insider knows."""
    attacks: dict[str, Attack] = {name: make() for name, make in ATTACKERS.items()}
    tallies = {name: Tally() for name in attacks}
    for number in range(polls):
        record, truth = await stage.poll(seed * 1_000_003 + number)
        learning = number < polls // 2
        for name, attack in attacks.items():
            if learning:
                attack.learn(record, truth)
            if not (learning and attack.learns):
                tallies[name].add(attack.guess(record), truth)
    return tallies


ON_POSTGRES = {"person in the ballot", "insertion order kept", "timestamp", "live counter"}
POSTGRES_SCHEMA = (
    "ALTER TABLE ballot ADD COLUMN person BIGINT, ADD COLUMN at BIGINT", "ALTER TABLE sealed ADD COLUMN at BIGINT",
)  # fmt: skip


async def _run(figures: dict[str, Any]) -> None:
    async with settings() as chosen, Stage.open(chosen) as stage:
        sound = await attacked(stage, POLLS_ON_POSTGRES if chosen.database_url else POLLS, SEED)
    figures |= {name: f"{tally}{'  BETTER THAN GUESSING' if tally.beats else ''}" for name, tally in sound.items()}
    missed = []
    schema = POSTGRES_SCHEMA if chosen.database_url else SCHEMA
    async with settings() as chosen, Stage.open(chosen, schema) as stage:
        for variant in (one for one in VARIANTS if not chosen.database_url or one.name in ON_POSTGRES):
            with variant.broken(stage.folder):
                tallies = await attacked(stage, BROKEN_POLLS, SEED)
            caught = {name: tally for name, tally in tallies.items() if tally.far_above}
            missed += [] if caught else [variant.name]
            figures[f"broken: {variant.name}"] = "; ".join(f"{name} {tally}" for name, tally in caught.items())
    beaten = [name for name, tally in sound.items() if tally.beats]
    if beaten or missed:
        figures["failed"] = f"better than guessing: {beaten}; not caught: {missed}"


def run() -> dict[str, Any]:
    """Whether choices in 1,000 polls without names (PostgreSQL: 100) can be guessed from files, logs, lengths on the
    line and frames; 7 broken houses (PostgreSQL: 4)."""
    figures: dict[str, Any] = {"figures": "right (99.9 % interval) of guesses; what the published result explains"}
    asyncio.run(_run(figures))
    return figures


__all__ = ["SCHEMA", "VARIANTS", "Stage", "attacked", "run"]
