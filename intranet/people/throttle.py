"""How often somebody may try: per account and per network address, counted in the record, so on all nodes together.

A success forgives the account's earlier tries, and does not count for the address: on its first day a whole company
signs in from one. Who tried is kept as an HMAC, and for half an hour.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select, update

from intranet.kernel import Person, Refused, Tx, Write, add_up, clock, network, new_id

from .models import Attempt

PER_ACCOUNT, PER_ADDRESS = 10, 100  # in a window
WINDOW = 15 * clock.MINUTE


class Try(Write, tag="people.try"):
    """Somebody tries something that others could try for them; empty words are not counted."""

    purpose: str
    account: str = ""
    address: str = ""


def tries(purpose: str, account: Callable[[Person, Any], str] | None = None) -> Callable[[Person, Any], Write]:
    """What is performed before a verb is looked at, whatever becomes of it: one try of this account, from there."""

    def first(person: Person, write: Any) -> Write:
        who = account(person, write) if account else ""
        return Try(id=new_id(), purpose=purpose, account=who, address=person.address)

    return first


def count(tx: Tx, _person: Person, write: Try) -> None:
    """Count one try. Raises Refused 429 when there were too many: this window's, and of the last what is not yet
    as long ago as a window lasts. The row stays locked until the commit, so no other node counts past it."""
    tx.change(delete(Attempt).where(Attempt.until < tx.now))
    for who, most in _counted(write.purpose, write.account, write.address):
        this, last = _keys(tx, who)
        tx.change(add_up(tx.conn, Attempt, "tries"), {"who": this, "tries": 1, "until": tx.now + 2 * WINDOW})
        rows = tx.read(select(Attempt.who, Attempt.tries).where(Attempt.who.in_([this, last])))
        found = {bytes(row.who): row.tries for row in rows}
        left = 1 - tx.now % WINDOW / WINDOW
        if found[this] + found.get(last, 0) * left > most:
            seconds = WINDOW // clock.SECOND
            raise Refused(429, "too-many-tries", minutes=seconds // 60, retry_after=seconds)


def forgive(tx: Tx, purpose: str, account: str, address: str) -> None:
    """It was right: the account's tries no longer count, and this one not for the address."""
    if account:
        tx.change(delete(Attempt).where(Attempt.who.in_(_keys(tx, f"{purpose} account {account}"))))
    if address:
        this = _keys(tx, f"{purpose} address {network(address)}")[0]
        tx.change(update(Attempt).where(Attempt.who == this, Attempt.tries > 0).values(tries=Attempt.tries - 1))


def _counted(purpose: str, account: str, address: str) -> list[tuple[str, int]]:
    """Who is counted, and up to which number."""
    counted = [(f"{purpose} address {network(address)}", PER_ADDRESS)] if address else []
    return counted + ([(f"{purpose} account {account}", PER_ACCOUNT)] if account else [])


def _keys(tx: Tx, who: str) -> tuple[bytes, bytes]:
    """The rows of this window and of the last."""
    window = tx.now // WINDOW
    return tx.keys.veiled(f"{who} {window}"), tx.keys.veiled(f"{who} {window - 1}")
