"""What coming back costs: the heads of 20 places and their newest 50 of 1,000,000 messages, beside the bare SQL of the
same rows, and beside rendering the same fragments in a loop. CPU of this process, by turns, content compared first."""

import asyncio
import os
import time
from collections.abc import Callable
from typing import Any

import msgspec
from markupsafe import Markup
from sqlalchemy import Connection

from intranet import people
from intranet.app import ROOMS
from intranet.hub import catchup
from intranet.kernel import House, heads, render
from intranet.serving import spare_the_collector

from .figures import NOISY, figure, ratio
from .loads import Missing, busy_seconds
from .messages import PLACES, filled
from .servers import settings

MESSAGES, NEWEST, ROUNDS = 1_000_000, 50, 15
HEADS = "SELECT id, epoch, head FROM place WHERE id IN ({})"
EVENTS = "SELECT seq, kind, subject FROM event WHERE place = ? AND seq > ? ORDER BY seq"
ROWS = (
    "SELECT channel, seq, topic, author, at, text, html, plain, write, reply_to, mentions, tiles, card, edited, "
    "deleted, pinned, rev FROM message WHERE channel = ? AND seq > ? ORDER BY seq"
)
AUTHORS = "SELECT id, name, side, role, active, photo FROM person WHERE id IN ({})"
REACTIONS = (
    "SELECT seq, emoji, count(*) FROM reaction WHERE channel = ? AND seq > ? "
    "GROUP BY seq, emoji ORDER BY seq, 3 DESC, 2"
)


def run() -> dict[str, Any]:
    """Heads of 20 places and 20 x 50 of 1,000,000 messages: json over the bare SQL, html over rendering in a loop."""
    if os.environ.get("INTRANET_DATABASE_URL"):
        raise Missing("is made for SQLite")
    return asyncio.run(_run())


async def _run() -> dict[str, Any]:
    async with settings() as chosen:
        company = await filled(chosen, MESSAGES)
        house = House(chosen, ROOMS)
        await house.start()
        spare_the_collector()  # as the server does
        busy, start, used = busy_seconds(), time.monotonic(), time.process_time()
        found = await house.read_hot(_measure, house, list(company.channels))
        seconds = time.monotonic() - start
        foreign = (busy_seconds() - busy - (time.process_time() - used)) / seconds
        await house.stop()
    return {**found, "foreign_load": round(foreign, 2), "run": "noisy" if foreign > NOISY else "quiet"}


def _measure(conn: Connection, house: House, places: list[int]) -> dict[str, Any]:
    driver: Any = conn.connection.driver_connection
    where = {place: head[1] - NEWEST for place, head in heads(conn, places).items()}
    ours = _json(conn, house, where)
    rows = _bare(driver, where)
    assert len(rows) == PLACES * NEWEST
    assert [one["data"]["text"] for one in _things(ours)] == [row[5] for row in rows]
    lines = people.names(conn, {row[3] for row in rows})
    fragments = _loop(rows, lines)
    assert [one["html"] for one in _things(_html(conn, house, where))] == fragments
    runs: dict[str, Callable[[], Any]] = {
        "json": lambda: _json(conn, house, where), "bare": lambda: _bare(driver, where),
        "html": lambda: _html(conn, house, where), "loop": lambda: _loop(rows, lines),
    }  # fmt: skip
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(ROUNDS):
        for name in list(runs) if number % 2 else list(runs)[::-1]:
            start = time.thread_time()
            runs[name]()
            spent[name].append(1000 * (time.thread_time() - start))
    keys = {"catchup_vs_raw": ratio(spent["json"], spent["bare"]), "catchup_html": ratio(spent["html"], spent["loop"])}
    return {"keys": keys, **{f"{name}_ms": figure(its) for name, its in spent.items()}, "messages": len(rows)}


def _json(conn: Connection, house: House, where: dict[int, int]) -> list[bytes]:
    return _product(conn, house, where, "json")


def _html(conn: Connection, house: House, where: dict[int, int]) -> list[bytes]:
    return _product(conn, house, where, catchup.html("en"))


def _product(conn: Connection, house: House, where: dict[int, int], dialect: str) -> list[bytes]:
    """As the hub does it, in a reading of its own: up to the bytes on the wire."""
    conn = conn.execution_options(found={})
    out = []
    for place, (epoch, _head) in heads(conn, list(where)).items():
        page = catchup.frames_after(conn, house, place, (epoch, where[place]), {dialect})
        assert page.complete
        out.append(b"".join(entry.bytes_for(dialect, 0) for entry in page.entries))
    return out


def _bare(driver: Any, where: dict[int, int]) -> list[Any]:
    marks = ",".join("?" * len(where))
    driver.execute(HEADS.format(marks), list(where)).fetchall()
    found: list[Any] = []
    for place, after in where.items():
        driver.execute(EVENTS, (place, after)).fetchall()
        rows = driver.execute(ROWS, (place, after)).fetchall()
        driver.execute(REACTIONS, (place, after)).fetchall()
        found += rows
    authors = sorted({row[3] for row in found})
    driver.execute(AUTHORS.format(",".join("?" * len(authors))), authors).fetchall()
    return found


def _loop(rows: list[Any], lines: dict[int, people.PersonLine]) -> list[str]:
    return [
        render("chat/_message.html", "en", m={
            "place": row[0], "seq": row[1], "rev": row[16], "topic": row[2], "write": row[8], "at": row[4],
            "mentions": [], "author": lines[row[3]], "html": Markup(row[6]), "edited": row[13], "pinned": row[15],
            "deleted": row[14], "hidden": None, "quote": None, "reactions": (), "card": "", "files": "",
        })
        for row in rows
    ]  # fmt: skip


def _things(parts: list[bytes]) -> list[dict[str, Any]]:
    """What is shown by these frames, one after another."""
    found = []
    for part in parts:
        at = 0
        while at < len(part):
            size, head = part[at + 1], 2
            if size == 126:
                size, head = int.from_bytes(part[at + 2 : at + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(part[at + 2 : at + 10], "big"), 10
            found += msgspec.json.decode(part[at + head : at + head + size])["things"]
            at += head + size
    return found
