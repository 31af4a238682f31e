"""What a reader does for themselves alone: follow a post or no longer, and put it aside for later."""

from typing import Any

from sqlalchemy import delete

from intranet.kernel import Person, Subject, Tx, Write

from .access import own_post
from .models import Following, Saved


class Follow(Write, tag="feed.follow"):
    """Hear what is said to a post and what becomes of it, or no longer."""

    post: Subject
    on: bool = True


class Save(Write, tag="feed.save"):
    """Put a post aside for later, or no longer."""

    post: Subject
    on: bool = True


def follow(tx: Tx, person: Person, write: Follow) -> dict[str, Any]:
    """What one says here stays, whatever one comments later. Raises Refused 404, 410."""
    post = own_post(tx, person, write.post)
    tx.upsert(Following, {"person": person.id, "post": post.id, "follows": int(write.on)})
    return _own(tx, person, f"follow/post-{post.id}", post.id)


def save(tx: Tx, person: Person, write: Save) -> dict[str, Any]:
    """Nobody else hears of it. Raises Refused 404, 410."""
    post = own_post(tx, person, write.post)
    if write.on:
        tx.upsert(Saved, {"person": person.id, "post": post.id})
    else:
        tx.change(delete(Saved).where(Saved.person == person.id, Saved.post == post.id))
    return _own(tx, person, f"saved/post-{post.id}", post.id)


def _own(tx: Tx, person: Person, key: str, post: int) -> dict[str, Any]:
    tx.mine(person.id, key)
    return {"post": post, "mine": [key]}
