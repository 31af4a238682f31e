"""The rows that a post leaves, written the plain way: SQLAlchemy Core, one statement after another, a commit each."""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, bindparam, create_engine, event, insert, select, update
from sqlalchemy.pool import StaticPool

from intranet.chat.models import Message
from intranet.kernel import Event, Place, sqlite
from intranet.kernel.tables import Receipt
from intranet.search.index import TEXT, Doc
from intranet.search.models import SearchDoc

from .loads import SERVER_CORE
from .servers import Company

WORDS = "The pump in hall 10 runs again; the new seal holds and the pressure has been steady since noon."
HEAD = update(Place).where(Place.id == bindparam("p")).values(head=bindparam("h"))


def one_by_one(company: Company, amount: int, number: int) -> float:
    """Posts per second, on the server's core; flushed to disk as the server does it."""
    os.sched_setaffinity(0, {SERVER_CORE})  # this thread only
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    path = Path(company.settings.data) / "binnen.db"
    engine = create_engine(f"sqlite+pysqlite:///{path}", module=sqlite.driver, poolclass=StaticPool)
    event.listen(engine, "connect", sqlite.on_connect_writer)
    place, people = next(iter(company.channels.items()))
    with engine.connect() as conn:
        head = conn.execute(select(Place.head).where(Place.id == place)).scalar_one()
        conn.rollback()
        start = time.perf_counter()
        for seq in range(head + 1, head + amount + 1):
            with conn.begin():
                _write(conn, place, seq, people[seq % len(people)], f"core-{number}-{seq}")
        rate = amount / (time.perf_counter() - start)
    engine.dispose()
    return rate


def _write(conn: Connection, place: int, seq: int, author: int, write: str) -> None:
    at, subject = time.time_ns() // 1_000_000, f"m-{place}-{seq}"
    key = hashlib.sha256(write.encode()).digest()[:16]
    words = Doc(subject, place, seq, WORDS, "m").words()
    conn.execute(insert(Message), {
        "channel": place, "seq": seq, "topic": 0, "author": author, "at": at, "text": WORDS, "html": f"<p>{WORDS}</p>",
        "plain": WORDS, "write": write, "reply_to": 0, "mentions": "", "tiles": 0, "card": "", "edited": 0,
        "deleted": 0, "pinned": 0, "rev": seq,
    })  # fmt: skip
    conn.execute(insert(Event), {
        "place": place, "seq": seq, "kind": "chat.posted", "subject": subject, "actor": author, "at": at,
    })  # fmt: skip
    added = conn.execute(insert(SearchDoc), {"subject": subject, "place": place, "seq": seq, "words": words})
    conn.execute(insert(TEXT), {"rowid": added.lastrowid, "words": words})
    conn.execute(insert(Receipt), {"key": key, "digest": key, "place": place, "seq": seq})
    conn.execute(HEAD, {"p": place, "h": seq})
