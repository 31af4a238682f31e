"""Whether pages cost more when more has been written: the feed's beside those of 100 posts, and all others at 1,000,000
messages beside 1,000."""

import asyncio
import os
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import structlog

from intranet.app import make_app

from . import feed
from .loads import Missing
from .messages import filled
from .pages import addresses
from .posts import Known
from .servers import settings

MANY, FEW = 1_000_000, 1_000  # messages in 20 channels
ROUNDS, AGAIN = 6, 30  # visits of every page; of those that looked slower
LOOKS_SLOWER = 1.15


def run() -> dict[str, Any]:
    """Server CPU of the pages at 1,000,000 messages and 100,000 posts, over those at 1,000 and 100: the worst."""
    if os.environ.get("INTRANET_DATABASE_URL"):
        raise Missing("is made for SQLite")
    posts = feed.run()
    messages = asyncio.run(_messages())
    worst = max(messages["worst"], posts["worst"])
    return {"keys": {"growth": worst}, "messages": messages, "posts": posts}


async def _messages() -> dict[str, Any]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    async with AsyncExitStack() as stack:
        many, few = [await _opened(stack, size) for size in (MANY, FEW)]
        place = many.known.customer  # here: a channel
        seq = FEW // 40
        known = {"place": place, "channel": place, "person": many.known.team, "id": many.known.team, "seq": seq}
        paths = addresses(many.app.routes, known)
        ratios, left_out = {}, 0
        for path in paths:
            statuses = {(await house.ask(path, "busy"))[1] for house in (many, few) for _ in range(2)}
            if statuses != {200}:
                left_out += 1
                continue
            ratios[path] = await feed.ratio_of(many, few, path, "busy", ROUNDS)
        for path, first in sorted(ratios.items(), key=lambda one: -one[1])[:12]:
            if first > LOOKS_SLOWER:
                ratios[path] = await feed.ratio_of(many, few, path, "busy", AGAIN)
    slowest = sorted(ratios.items(), key=lambda one: -one[1])
    return {
        "pages": len(ratios), "left out": left_out, "worst": round(slowest[0][1], 2),
        "slowest": {path: round(found, 2) for path, found in slowest[:5]},
    }  # fmt: skip


async def _opened(stack: AsyncExitStack, messages: int) -> feed.House:
    chosen = await stack.enter_async_context(settings())
    company = await filled(chosen, messages)
    app = make_app(chosen)
    await stack.enter_async_context(app.router.lifespan_context(app))
    await app.state.runner.stop()  # it asks for jobs once a second
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Accept": "text/html", "Accept-Language": "de"}
    client = httpx2.AsyncClient(transport=transport, base_url="http://binnen", headers=headers)
    person, token = next(iter(company.people.items()))
    known = Known(token, token, person, next(iter(company.channels)), 0)
    return feed.House(app, await stack.enter_async_context(client), known)
