"""Writes in one batch, so that neighbours can depend on each other."""

from typing import Any

from intranet.kernel import House, Person, Write
from intranet.kernel.outcome import Entry, Outcome


async def together(house: House, *writes: tuple[Person, Write]) -> list[Outcome]:
    """These writes as one batch in this order, on a connection like the writer's; their outcomes."""
    entries = [await _entry(house, person, write) for person, write in writes]
    outcomes: list[Outcome] = []
    while len(outcomes) < len(entries):
        outcomes += await _run(house, entries[len(outcomes) :])
    return outcomes


async def _entry(house: House, person: Person, write: Write) -> Entry:
    verb = house.verbs[str(write.__struct_config__.tag)]
    loaded = await house.read(verb.load, person, write) if verb.load else None
    prepared = verb.prepare(write, loaded) if verb.prepare else None
    assert isinstance(write.place, int)
    digest = house.keys.digest(house._canonical.encode(write))
    key = house.keys.receipt(person.id, write.id)
    return Entry(person, write, verb, write.place or person.id, prepared, key, digest, lambda _outcome: None)


async def _run(house: House, entries: list[Entry]) -> list[Outcome]:
    writer: Any = house.writer
    if house.db.is_sqlite:
        engine = house.db.writing_engine()
        with engine.connect() as conn:
            outcomes, moved, told = writer.batch.run(conn, entries)
        engine.dispose()
    else:
        lanes = house.db.lane_engine(1)
        async with lanes.connect() as connection:
            outcomes, moved, told = await connection.run_sync(writer.batch.run, entries)
        await lanes.dispose()
    house._moved(moved, told)
    found: list[Outcome] = outcomes
    return found
