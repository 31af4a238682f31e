"""Files that arrive for a post or a draft: what is shown of it is another one now."""

from collections.abc import Sequence

from sqlalchemy import select

from intranet.kernel import Logged, Tx, not_found
from intranet.people import person_of

from .access import held, may_edit, post_number
from .drafts import authors_of_draft
from .marks import mark
from .models import PostDraft


def follow_files(tx: Tx, events: Sequence[Logged]) -> None:
    """Who may not edit the post or the draft any more adds nothing. Raises Refused 404."""
    for event in events:
        if event.subject.startswith("post-"):
            _to_post(tx, event)
        elif event.subject.startswith("draft-"):
            _to_draft(tx, event)


def _to_post(tx: Tx, event: Logged) -> None:
    row = held(tx, post_number(event.subject))
    if event.kind == "files.attached":
        actor = person_of(tx.conn, event.actor)
        if row is None or actor is None or not may_edit(tx.conn, actor, row):
            raise not_found()
    if row is not None:
        mark(tx, row, "feed.filled", event.actor)


def _to_draft(tx: Tx, event: Logged) -> None:
    row = tx.read(select(PostDraft).where(PostDraft.id == post_number(event.subject))).first()
    if row is None:
        return
    authors = authors_of_draft(tx.conn, row)
    if event.kind == "files.attached" and event.actor not in authors:
        raise not_found()
    for person in authors:
        tx.mine(person, f"post-draft/{row.key}")
