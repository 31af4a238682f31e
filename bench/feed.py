"""The feed of a company that has written for years, beside the same pages of one that has just begun.

On PostgreSQL what its server spends is added, where it runs on this machine: on the average of all visits of a page.
"""

import asyncio
import os
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import structlog
from sqlalchemy import text
from starlette.applications import Starlette

from intranet.app import make_app
from tests.counting import counted

from .posts import Known, filled
from .servers import settings

MANY = (100_000, 2000, 600_000, 400_000)  # posts, people, likes, comments
FEW = (100, 2000, 600, 400)
ROUNDS = 24
MOST = 1.3  # times the CPU of the small company's page
PAGES = {
    "newest": "/feed", "for me": "/feed?show=me", "of a kind": "/feed?kind=feedback", "of a team": "/feed?team={team}",
    "of a customer": "/feed?customer={customer}", "of a state": "/feed?state=new",
    "of kind and state": "/feed?kind=feedback&state=new", "older": "/part/feed?before={post}",
    "a post": "/posts/{post}", "a customer": "/customers/{customer}", "waiting for an answer": "/feed/waiting",
    "search, a common word": "/search?q=pumpenprüfung", "search, two words": "/search?q=pumpenprüfung+dichtelplan",
    "search, a beginning": "/search?q=dichtungs", "search, older": "/search?q=pumpenprüfung&kind=posts",
    "search, a phrase": "/search?q=%22pumpenprüfung+pumpenwechsel%22", "search, others' word": "/search?q=fernwort",
    "search, own word": "/search?q=nahwort",
}  # fmt: skip


class House:
    """One company's application, asked in this process."""

    def __init__(self, app: Starlette, client: httpx2.AsyncClient, known: Known) -> None:
        self.app, self.client, self.known = app, client, known

    async def ask(self, path: str, reader: str) -> tuple[float, int]:
        """(CPU milliseconds of all threads, status) of one visit."""
        headers = {"Authorization": f"Bearer {getattr(self.known, reader)}"}
        known = self.known
        post = known.newest - (reader == "busy")
        address = path.format(team=known.team, customer=known.customer, post=post)
        start = time.process_time()
        answer = await self.client.get(address, headers=headers)
        return 1000 * (time.process_time() - start), answer.status_code

    async def serving(self) -> float:
        """CPU milliseconds that PostgreSQL's processes for this house have spent so far; 0 on SQLite and elsewhere."""
        house = self.app.state.house
        if house.db.is_sqlite:
            return 0.0
        own = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = await house.read(lambda conn: list(conn.execute(own).scalars()))
        return sum(_spent(pid) for pid in pids)

    async def queries(self, path: str, reader: str) -> int:
        """SELECTs of one visit."""
        with counted(self.app.state.house) as asked:
            await self.ask(path, reader)
        return len(asked)


def run() -> dict[str, Any]:
    """100,000 posts, 1,000,000 likes and comments, 2,000 people: CPU and queries of pages beside those of 100 posts."""
    return asyncio.run(_run())


def _spent(pid: int) -> float:
    """CPU milliseconds of this process; 0 where it is none of this machine's PostgreSQL."""
    there = Path(f"/proc/{pid}")
    if not (there / "comm").exists() or not (there / "comm").read_text().startswith("postgres"):
        return 0.0
    fields = (there / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


async def _run() -> dict[str, Any]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    async with AsyncExitStack() as stack:
        many, few = [await _opened(stack, size) for size in (MANY, FEW)]
        figures: dict[str, Any] = {}
        worst, slow = 0.0, []
        for reader in ("busy", "rare"):
            for name, path in PAGES.items():
                figure = await _compared(many, few, path, reader)
                if figure is None:
                    continue
                ratio, line = figure
                figures[f"{name}, {reader}"] = line
                worst = max(worst, ratio)
                slow += [f"{name}, {reader}"] if ratio > MOST else []
        return {**figures, "worst": round(worst, 2), f"above {MOST}": slow}


async def _opened(stack: AsyncExitStack, size: tuple[int, int, int, int]) -> House:
    chosen = await stack.enter_async_context(settings())
    known = await filled(chosen, *size)
    app = make_app(chosen)
    await stack.enter_async_context(app.router.lifespan_context(app))
    await app.state.runner.stop()  # it asks for jobs once a second
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Accept": "text/html", "Accept-Language": "de"}
    client = httpx2.AsyncClient(transport=transport, base_url="http://binnen", headers=headers)
    return House(app, await stack.enter_async_context(client), known)


async def _compared(many: House, few: House, path: str, reader: str) -> tuple[float, str] | None:
    """The ratio, and what there is to say; None for a page that this version does not have. Both by turns, so that
    what else runs on the machine meets both."""
    statuses = {(await house.ask(path, reader))[1] for house in (many, few) for _ in range(2)}
    if statuses == {404}:
        return None
    if statuses != {200}:
        raise RuntimeError(f"{path} for the {reader} reader: {statuses}")
    large, small = await spent_on(many, few, path, reader, ROUNDS)
    queries = await many.queries(path, reader), await few.queries(path, reader)
    return large / small, f"{large:.1f} ms, {large / small:.2f} x, {queries[0]} queries ({queries[1]})"


async def ratio_of(many: House, few: House, path: str, reader: str, rounds: int) -> float:
    """How many times the small company's page this one costs."""
    large, small = await spent_on(many, few, path, reader, rounds)
    return large / small


async def spent_on(many: House, few: House, path: str, reader: str, rounds: int) -> tuple[float, float]:
    """CPU milliseconds of a page in both, by turns; a quarter is quicker, for what else runs slows the rest."""
    spent: tuple[list[float], list[float]] = ([], [])
    before = [await house.serving() for house in (many, few)]
    for _ in range(rounds):
        for house, its in zip((many, few), spent, strict=True):
            its.append((await house.ask(path, reader))[0])
    served = [(await house.serving() - was) / rounds for house, was in zip((many, few), before, strict=True)]
    large, small = (sorted(its)[rounds // 4] + more for its, more in zip(spent, served, strict=True))
    return large, small
