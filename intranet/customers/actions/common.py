"""What several verbs of this room do."""

from intranet import people
from intranet.customers.lists import carer_of
from intranet.kernel import Refused, Tx


def carer(tx: Tx, side: str, chosen: int | None, said: str | None) -> int | None:
    """Who cares on this side ("field", "office"): by id, else by what was typed; None is nobody. Raises Refused 422."""
    if chosen:
        found = people.names(tx.conn, [chosen]).get(chosen)
        if found is None or not found.active or found.role == "guest":
            raise Refused(422, f"{side}-unknown")
        return chosen
    said = (said or "").strip()
    return carer_of(people.meant(tx.conn, [said])[said], side) if said else None


def changed(tx: Tx, kind: str, ids: list[int], actor: int) -> None:
    """Say it to followers. Devices hear nothing: pages about customers are read anew."""
    for one in ids:
        tx.record_later(0, f"{kind}s.changed", f"{kind}-{one}", actor)
