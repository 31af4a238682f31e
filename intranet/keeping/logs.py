"""Whether every place's log is whole: from its floor to its head, each number once."""

from sqlalchemy import Connection, func, select

from intranet.kernel import Event, Place, Register


def torn(conn: Connection) -> list[str]:
    """A sentence for each place whose log is not what its head says. A person's place is a register, not a history."""
    span = (func.count().label("n"), func.min(Event.seq).label("first"), func.max(Event.seq).label("last"))
    logs = select(Event.place, *span).group_by(Event.place).subquery()
    registers = select(Register.place, func.max(Register.seq).label("last")).group_by(Register.place).subquery()
    rows = conn.execute(
        select(Place.id, Place.kind, Place.head, Place.floor, logs.c.n, logs.c.first, logs.c.last,
               registers.c.last.label("newest"))
        .outerjoin(logs, logs.c.place == Place.id).outerjoin(registers, registers.c.place == Place.id)
        .order_by(Place.id)
    ).all()  # fmt: skip
    wrong = []
    for row in rows:
        expected = (row.head - row.floor, row.floor + 1, row.head) if row.head > row.floor else (None, None, None)
        if row.kind == "person" and (row.newest or 0) > row.head:
            wrong.append(f"Person {row.id}'s own place has an entry {row.newest} above its head {row.head}.")
        if row.kind != "person" and (row.n, row.first, row.last) != expected:
            wrong.append(
                f"Place {row.id} ({row.kind}) says {row.floor + 1} to {row.head}, its log has {row.n or 0} entries"
                f" from {row.first} to {row.last}."
            )
    orphans = select(Event.place).where(Event.place.not_in(select(Place.id))).distinct()
    wrong.extend(f"There is a log of place {place}, and no such place." for place in conn.execute(orphans).scalars())
    return wrong
