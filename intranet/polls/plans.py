"""When a poll reminds and ends, and who is told of it."""

from collections.abc import Iterable

from intranet import notices
from intranet.kernel import AnyRow, Tx, clock

LEAD = clock.DAY  # how long before the end those who have not voted are reminded, and a quarter of the time at most
LEAST_TIME = 4 * clock.HOUR  # a poll that is shorter reminds nobody


def subject(poll: int) -> str:
    """The element id of a poll, which is also its events' subject."""
    return f"poll-{poll}"


def plan(tx: Tx, poll: int, deadline: int) -> None:
    """The jobs of a poll's end; those of an earlier plan find another deadline in the row and do nothing."""
    if not deadline:
        return
    payload = {"poll": poll, "at": deadline}
    tx.job("polls.end", payload, at=deadline, key=f"polls.end/{poll}/{deadline}")
    if deadline - tx.now >= LEAST_TIME:
        soon = deadline - min(LEAD, (deadline - tx.now) // 4)
        tx.job("polls.remind", payload, at=soon, key=f"polls.remind/{poll}/{deadline}")


def tell(tx: Tx, row: AnyRow, who: Iterable[int], kind: str, actor: int = 0) -> None:
    """One notice per poll and person: the newest matter takes the place of the one before."""
    notices.tell(tx, who, kind, subject(row.id), row.place, key=subject(row.id), actor=actor)


__all__ = ["plan", "subject", "tell"]
