"""What happens at its time: a planned post is published, what has an end reaches it."""

from typing import Any

from sqlalchemy import Connection, select

from intranet.kernel import SYSTEM, House, Person, Refused, job_write_id
from intranet.people import person_of

from .drafts import content_of
from .models import PostDraft
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
