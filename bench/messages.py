"""Channels in which much has been said: messages put straight into a scratch database, as the verb would have written
them, always alike. Made once for each size and then copied."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from intranet.chat.models import Message
from intranet.kernel import Event, Place, markdown
from intranet.kernel.config import Settings
from intranet.kernel.db import sync_engine
from intranet.kernel.migrate import newest

from .servers import Company, found

PLACES, PEOPLE, AT_ONCE = 20, 20, 5000
NEWEST = 1_790_000_000_000  # when the newest was written; each older one a second before
TEXTS = [
    f"The pump in hall {hall} runs again; the new seal holds and the pressure has been steady since {hour}:30. {more}"
    for hall in range(3, 8)
    for hour in range(6, 18)
    for more in ("", "**Please** look at the *second* valve when you pass by.", "Photos follow, see the report of May.")
]


async def filled(settings: Settings, messages: int) -> Company:
    """20 channels of 20 people with so many messages altogether, in the data folder of these settings."""
    kept = _kept(messages)
    database, facts = Path(settings.data) / "binnen.db", kept.with_suffix(".json")
    if facts.exists():
        shutil.copy(kept, database)
        told = json.loads(facts.read_text(encoding="utf-8"))
        people, channels = ({int(one): told[of][one] for one in told[of]} for of in ("people", "channels"))
        return Company(settings, people, channels)
    company = await found(settings, PEOPLE, [range(PEOPLE)] * PLACES)
    engine = sync_engine("", Path(settings.data))
    with engine.begin() as conn:
        for place in company.channels:
            _fill(conn, place, company.channels[place], messages // PLACES)
    with engine.connect() as conn:
        conn.exec_driver_sql("ANALYZE")
        conn.commit()
    engine.dispose()  # the last connection: it leaves all in the one file
    shutil.copy(database, kept)
    facts.write_text(json.dumps({"people": company.people, "channels": company.channels}), encoding="utf-8")
    return company


def _kept(messages: int) -> Path:
    """Where the channels of this size lie, as this code makes them."""
    made = hashlib.sha256(f"{messages} {newest()}".encode() + Path(__file__).read_bytes()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"binnen-messages-{made}.db"


def _fill(conn: Connection, place: int, members: list[int], many: int) -> None:
    head = conn.execute(select(Place.head).where(Place.id == place)).scalar_one()
    said = [(text, markdown.render(text)) for text in TEXTS]
    for rows in _in_parts(range(head + 1, head + many + 1)):
        messages, events = [], []
        for seq in rows:
            text, shown = said[seq % len(said)]
            author, at = members[seq % len(members)], NEWEST - (head + many - seq) * 1000
            messages.append({
                "channel": place, "seq": seq, "topic": 0, "author": author, "at": at, "text": text, "html": shown.html,
                "plain": shown.plain, "write": f"made-{place}-{seq}", "reply_to": 0, "mentions": "", "tiles": 0,
                "card": "", "edited": 0, "deleted": 0, "pinned": 0, "rev": seq,
            })  # fmt: skip
            subject = f"m-{place}-{seq}"
            events.append(
                {"place": place, "seq": seq, "kind": "chat.posted", "subject": subject, "actor": author, "at": at}
            )
        conn.execute(insert(Message), messages)
        conn.execute(insert(Event), events)
    conn.execute(update(Place).where(Place.id == place).values(head=head + many))


def _in_parts(seqs: range) -> Iterator[Any]:
    for start in range(0, len(seqs), AT_ONCE):
        yield seqs[start : start + AT_ONCE]
