"""First links: for people whom somebody else has made, by a list, and who have no password yet."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from intranet.kernel import Person, clock, hashed

from .access import may_manage
from .models import PersonRow, Reset


@dataclass(frozen=True, slots=True)
class Handed:
    """One person's link, with its end."""

    name: str
    email: str
    token: str
    until: int


def without_link(conn: Connection, actor: Person) -> list[tuple[int, str]]:
    """Ids and addresses, by name, of whom the actor may let in: active, no password, and no link that still works."""
    linked = select(Reset.person_id).where(Reset.until > clock.now())
    rows = conn.execute(
        select(PersonRow.id, PersonRow.email, PersonRow.role)
        .where(PersonRow.active, PersonRow.password == "", PersonRow.id.not_in(linked))
        .order_by(PersonRow.folded, PersonRow.id)
    )
    return [(row.id, row.email) for row in rows if may_manage(actor, row.role)]


def purpose(person: int) -> str:
    """What the link of a person to hand out is derived for: one write makes many."""
    return f"first {person}"


def mailed(person: int) -> str:
    """The same for a link that goes by mail, which no page shows."""
    return f"mailed {person}"


def handed(conn: Connection, derive: Callable[[int], str]) -> list[Handed]:
    """Of the links that `derive` names by person those that work, by name: only their hashes are stored."""
    rows = conn.execute(
        select(PersonRow.id, PersonRow.name, PersonRow.email, Reset.secret, Reset.until)
        .join(Reset, Reset.person_id == PersonRow.id)
        .where(PersonRow.active, PersonRow.password == "", Reset.until > clock.now())
        .order_by(PersonRow.folded, PersonRow.id)
    )
    derived = ((row, derive(row.id)) for row in rows)
    return [Handed(row.name, row.email, token, row.until) for row, token in derived if hashed(token) == row.secret]
