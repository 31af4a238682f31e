"""Torment the server while devices write, and look for losses: `python3 run.py faults`.

Rounds follow one another until the seconds, the writes or the kills that were asked for are there. Each is a company
of its own, with nemeses by name (--only) or drawn by the seed. Exits with 1 when a promise was broken, or when a
nemesis that was asked for could not strike.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, replace
from time import monotonic
from typing import Any

from bench.history import Findings
from bench.servers import settings as company_settings

from .company import Staff, found
from .nemeses import NEMESES, Nemesis
from .nemeses.postgres import Restarts
from .node import weigh
from .round import Result, Round, Size

MOST_BROKEN = 3  # rounds that the rig itself could not finish


class Total:
    """All rounds together."""

    def __init__(self, seed: int) -> None:
        self.seed, self.findings, self.strikes = seed, Findings(), Counter[str]()
        self.rounds = self.kills = self.broken = 0
        self.convergence = 0.0
        self.notes: dict[str, float] = {}
        self.left_out: list[str] = []
        self.began = monotonic()

    def add(self, result: Result) -> None:
        """One more round."""
        for name, value in asdict(result.findings).items():
            setattr(self.findings, name, getattr(self.findings, name) + value)
        self.strikes += result.strikes
        self.rounds += 1
        self.kills += result.kills
        self.convergence = max(self.convergence, result.convergence)
        self.notes |= result.notes

    def figures(self) -> dict[str, Any]:
        """What is printed."""
        return {
            **asdict(self.findings), "convergence_s": round(self.convergence, 2), "seed": self.seed,
            "kills": self.kills, "rounds": self.rounds, "broken_rounds": self.broken,
            "seconds": round(monotonic() - self.began, 1),
            "strikes": dict(sorted(self.strikes.items())), **self.notes,
            **({"left_out": self.left_out} if self.left_out else {}),
        }  # fmt: skip


class Unmet(Exception):
    """A nemesis lacks what it needs; the message says what."""


async def run(chosen: argparse.Namespace) -> Total:
    """Rounds until there is enough. Raises Unmet."""
    rng = random.Random(chosen.seed)
    size = Size(
        devices=chosen.devices, writes=chosen.writes_per_round, seconds=chosen.seconds_per_round, nice=chosen.nice,
        nodes=chosen.nodes,
    )  # fmt: skip
    weigh(os.getpid(), chosen.nice)
    total = Total(chosen.seed)
    async with AsyncExitStack() as stack:
        names = list(chosen.only or possible(total))
        template: Staff | None = None
        while True:
            nemeses = [NEMESES[name]() for name in (names if chosen.only else [rng.choice(names)])]
            if lacks := [f"{one.name} needs {one.lacks()}" for one in nemeses if one.lacks()]:
                raise Unmet("; ".join(lacks))
            left = chosen.seconds - (monotonic() - total.began)
            one = replace(size, seconds=min(size.seconds, max(5.0, left)))
            try:
                async with AsyncExitStack() as round_stack:
                    url = await database_of(nemeses, round_stack)
                    if url or template is None:
                        given = await (round_stack if url else stack).enter_async_context(
                            company_settings(url, handshakes_per_second=1000)
                        )
                        staff = await found(given, size.persons, size.channels, size.each)
                        template = None if url else staff
                    round_ = Round(one, template or staff, random.Random(rng.random()), nemeses)
                    round_.harm = chosen.harm
                    if chosen.synchronous:
                        round_.hooks["synchronous"] = chosen.synchronous
                    result = await round_.run()
            except (Exception, SystemExit):  # noqa: BLE001 (what the others have found is still to be printed)
                traceback.print_exc()
                total.broken += 1
                if total.broken < MOST_BROKEN:
                    continue
                return total
            total.add(result)
            if not result.findings.clean:
                print("\n".join(result.findings.examples), dict(result.findings.by_check), file=sys.stderr)
            if chosen.progress:
                what = [nemesis.name for nemesis in nemeses]
                print(json.dumps({"round": what} | total.figures()), file=sys.stderr, flush=True)
            enough = total.findings.acknowledged >= chosen.writes and total.kills >= chosen.kills
            if monotonic() - total.began >= chosen.seconds or (enough and (chosen.writes or chosen.kills)):
                return total


def possible(total: Total) -> Iterator[str]:
    """What can be drawn here: of this engine, and not lacking anything; what is left out is kept to be printed."""
    engine = "postgres" if os.environ.get("INTRANET_DATABASE_URL") else "sqlite"
    for name, kind in NEMESES.items():
        if kind.engine in ("", engine):
            if lacks := kind().lacks():
                total.left_out.append(f"{name}: needs {lacks}")
            else:
                yield name


async def database_of(nemeses: Sequence[Nemesis], stack: AsyncExitStack) -> str:
    """The PostgreSQL of this round: a nemesis's own, or the one of the environment; empty: SQLite. Raises Unmet."""
    for nemesis in nemeses:
        stack.push_async_callback(nemesis.gone)
        if url := await nemesis.database():
            return url
    url = os.environ.get("INTRANET_DATABASE_URL", "")
    if not url and any(nemesis.engine == "postgres" for nemesis in nemeses):
        cluster = Restarts()
        stack.push_async_callback(cluster.gone)
        return await cluster.database()
    if url and any(nemesis.engine == "sqlite" for nemesis in nemeses):
        raise Unmet("SQLite: leave INTRANET_DATABASE_URL out")
    return url


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and say by the exit code whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="run.py faults", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--writes", type=int, default=0, help="end once so many are acknowledged")
    parser.add_argument("--kills", type=int, default=0, help="... and so many processes were killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only", action="append", choices=list(NEMESES), help="this nemesis; may be repeated: all in one round"
    )
    parser.add_argument("--devices", type=int, default=Size.devices)
    parser.add_argument("--writes-per-round", type=int, default=Size.writes)
    parser.add_argument("--seconds-per-round", type=float, default=Size.seconds)
    parser.add_argument("--nodes", type=int, default=1, help="servers on one PostgreSQL")
    parser.add_argument("--nice", type=int, default=0, help="of everything that runs, as of nice(1)")
    parser.add_argument("--harm", default="", help="break the server on purpose: module:function; it must be found")
    parser.add_argument("--synchronous", choices=["NORMAL", "OFF"], help="of SQLite: with --only power it must lose")
    parser.add_argument("--progress", action="store_true", help="say on standard error how each round ended")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    chosen = parser.parse_args(words)
    try:
        total = asyncio.run(run(chosen))
    except Unmet as error:
        print(error, file=sys.stderr)
        return 1
    figures = total.figures()
    print(json.dumps(figures) if chosen.json else "\n".join(f"{name:<24}{value}" for name, value in figures.items()))
    incomplete = bool(total.left_out) and os.environ.get("CI") == "true"
    return 0 if total.findings.clean and not total.broken and not incomplete else 1


if __name__ == "__main__":
    sys.exit(main())
