"""What a person is writing, on all their devices."""

from typing import Any

from sqlalchemy import select

from intranet.channels import inside
from intranet.kernel import AnyRow, Person, Refused, Tx

from .access import topic_in
from .models import Draft
from .writes import LONGEST, SaveDraft


def save_draft(tx: Tx, person: Person, write: SaveDraft) -> dict[str, Any]:
    """The newest edit wins; what another device had meanwhile is kept beside it. Raises Refused 404, 403, 413."""
    channel = inside(tx.conn, person, tx.place)
    topic = topic_in(tx.conn, channel, write.topic).id if write.topic else 0
    if len(write.text) > LONGEST:
        raise Refused(413, "text-too-long", limit=LONGEST)
    this = (Draft.person == person.id, Draft.channel == tx.place, Draft.topic == topic)
    row = tx.read(select(Draft).where(*this)).first()
    text, other = _both(row, write) if row else (write.text, "")
    tx.upsert(Draft, {
        "person": person.id, "channel": tx.place, "topic": topic, "text": text, "other": other,
        "rev": row.rev + 1 if row else 1,
    })  # fmt: skip
    key = f"draft/{tx.place}/{topic}"
    tx.mine(person.id, key)
    return {"mine": [key]}


def _both(row: AnyRow, write: SaveDraft) -> tuple[str, str]:
    """The draft and the text beside it. An empty text means: sent, or thrown away."""
    elsewhere = row.rev != write.base and row.text not in ("", write.text)
    if write.text:
        return write.text, row.text if elsewhere else row.other
    # What is gone is what this device had. The text that another one has is still being written.
    return row.text if elsewhere else row.other, ""
