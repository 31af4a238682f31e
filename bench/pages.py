"""Pages: how much they weigh, and how many questions each asks of the database."""

import asyncio
import re
from typing import Any

import httpx2
import structlog
from sqlalchemy import event
from starlette.routing import Route

from intranet.app import make_app
from intranet.chat.writes import Post
from intranet.kernel import Person, new_id
from tools import budget

from .servers import found, settings

MOST = 60  # messages in the channel that is opened


def sizes() -> dict[str, Any]:
    """Gzipped bytes of JavaScript and CSS that the pages with a budget load."""
    found: dict[str, Any] = {}
    for page in budget.PAGES:
        weights = budget.weights(page)
        found |= {f"{page.split('/')[0]}_{suffix[1:]}_gz": f"{weights[suffix]:,} of {limit:,}"
                  for suffix, limit in budget.LIMITS.items()}  # fmt: skip
    return found


def queries() -> dict[str, Any]:
    """SELECTs of every page that can be opened by its address, with 60 messages and 20 people."""
    return asyncio.run(_queries())


async def _queries() -> dict[str, Any]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))  # failures are counted, not told
    async with settings() as chosen:
        company = await found(chosen, 20, [range(20)])
        app = make_app(chosen)
        person, token = next(iter(company.people.items()))
        place = next(iter(company.channels))
        async with app.router.lifespan_context(app):
            house = app.state.house
            for number in range(MOST):
                topic = "Halle 3" if number % 3 == 0 else ""
                post = Post(id=new_id(), place=place, text=f"message {number}", topic_name=topic)
                topic_id = (await house.perform(Person(person), post)).extra.get("topic") or 1
            known = {"place": place, "channel": place, "person": person, "topic": topic_id, "seq": 30, "id": person}
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            headers = {"Authorization": f"Bearer {token}", "Accept": "text/html", "Accept-Language": "de"}
            async with httpx2.AsyncClient(transport=transport, base_url="http://binnen", headers=headers) as client:
                counts, broken = {}, []
                for path in addresses(app.routes, known):
                    status, count = await _count(client, house.db.readers.sync_engine, path)
                    if status == 200:
                        counts[path] = count
                    elif status >= 500:
                        broken.append(path)
    most = max(counts, key=lambda path: counts[path])
    return {"pages": len(counts), "broken": broken, "most": f"{counts[most]} ({most})", **counts}


def addresses(routes: Any, known: dict[str, Any]) -> list[str]:
    """Every address of a GET route whose parts we can fill in."""
    found = []
    for route in routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()):
            names = re.findall(r"{(\w+)(?::\w+)?}", route.path)
            if all(name in known for name in names):
                found.append(re.sub(r"{(\w+)(?::\w+)?}", lambda match: str(known[match[1]]), route.path))
    return found


async def _count(client: httpx2.AsyncClient, engine: Any, path: str) -> tuple[int, int]:
    """Status, and SELECTs, of the second visit; status 0 for what is no page."""
    said: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            said.append(statement)

    await client.get(path)
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = await client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    return answer.status_code if is_page else 0, len(said)
