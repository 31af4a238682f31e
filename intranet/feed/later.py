"""What happens at its time: a planned post is published, what has an end reaches it; and files that arrive."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from intranet.kernel import SYSTEM, House, Logged, Person, Refused, Tx, job_write_id
from intranet.people import person_of

from .access import post_number
from .drafts import authors_of_draft, content_of
from .marks import mark
from .models import Post, PostDraft
from .writes import Content, Lapse, Publish, Refuse


async def publish_now(house: House, payload: dict[str, Any], job: int) -> None:
    """The job at its time: publish as the author would, with a client id of its own; a refusal stays visible."""
    found = await house.read(_waiting, payload["draft"], payload["at"])
    if found is None:
        return
    row, author, content = found
    refused = "not-allowed" if author is None else ""
    try:
        if author is not None:
            values = {name: getattr(content, name) for name in Content.__struct_fields__ if name not in ("id", "place")}
            await house.perform(author, Publish(id=job_write_id(job), draft=row.key, **values))
    except Refused as refusal:
        if refusal.status >= 500:
            raise
        refused = refusal.code
    if refused:
        refuse = Refuse(id=job_write_id(job, "refused"), draft=row.key, code=refused, at=payload["at"])
        await house.perform(SYSTEM, refuse)


def _waiting(conn: Connection, draft: int, at: int) -> tuple[Any, Person | None, Content] | None:
    row = conn.execute(select(PostDraft).where(PostDraft.id == draft, PostDraft.at == at)).first()
    return (row, person_of(conn, row.author), content_of(row)) if row is not None else None


async def lapse_now(house: House, payload: dict[str, Any], job: int) -> None:
    """The job at the end of a pin or of a post."""
    await house.perform(SYSTEM, Lapse(id=job_write_id(job), post=payload["post"]))


def follow_files(tx: Tx, events: Sequence[Logged]) -> None:
    """A file arrived for a post or a draft: what is shown of it is another one now."""
    for event in events:
        if event.subject.startswith("post-"):
            row = tx.read(select(Post).where(Post.id == post_number(event.subject), Post.removed == 0)).first()
            if row is not None:
                tx.lock([row.place])
                mark(tx, row, "feed.filled", event.actor)
        elif event.subject.startswith("draft-"):
            draft = tx.read(select(PostDraft).where(PostDraft.id == post_number(event.subject))).first()
            if draft is not None:
                for person in authors_of_draft(tx.conn, draft):
                    tx.mine(person, f"post-draft/{draft.key}")
