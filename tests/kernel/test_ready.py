"""Statements that go straight to SQLite's driver say the same as those that go through SQLAlchemy."""

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from intranet.kernel import Ready, sqlite

THING = Table(
    "thing", MetaData(), Column("id", Integer, primary_key=True), Column("name", Text, nullable=False),
    Column("on", Boolean, default=True),
)  # fmt: skip
SOME = Ready(
    select(THING.c.id, THING.c.name, THING.c.on, literal("x").label("mark"))
    .where(THING.c.id.in_(bindparam("ids", expanding=True)), THING.c.name != "no", THING.c.id < bindparam("below"))
    .order_by(THING.c.id)
)  # fmt: skip
ADD = Ready(insert(THING).inline(), ("id", "name", "on"))


@pytest.fixture(params=["straight", "heard"])
def conn(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """Once as it is, and once while somebody listens to what is executed, who must then hear everything."""
    engine = create_engine("sqlite+pysqlite://", module=sqlite.driver, hide_parameters=True)
    heard: list[str] = []
    if request.param == "heard":
        event.listen(engine, "before_cursor_execute", lambda *said: heard.append(said[2]))
    with engine.connect() as connection:
        THING.create(connection)
        ADD.each(connection, [{"id": n, "name": "no" if n == 2 else f"t{n}", "on": n % 2 == 1} for n in range(1, 6)])
        yield connection
    assert sum("thing" in one for one in heard) >= 3 or request.param == "straight"
    engine.dispose()


def test_lists_constants_and_types_come_through(conn: Connection) -> None:
    rows = SOME.all(conn, {"ids": [1, 2, 3, 4], "below": 4})
    assert [tuple(row) for row in rows] == [(1, "t1", True, "x"), (3, "t3", True, "x")]
    assert rows[0].on is True
    assert SOME.all(conn, {"ids": [], "below": 4}) == []
    assert SOME.first(conn, {"ids": [9, 4], "below": 9}).name == "t4"  # type: ignore[union-attr]
    assert SOME.first(conn, {"ids": [9], "below": 10}) is None


def test_errors_are_those_of_sqlalchemy_and_hide_the_values(conn: Connection) -> None:
    with pytest.raises(IntegrityError) as broken:
        ADD.each(conn, [{"id": 1, "name": "secret", "on": True}])
    assert "secret" not in str(broken.value)
    with pytest.raises(OperationalError):
        Ready(update(Table("none", MetaData(), Column("a", Integer))).values(a=bindparam("v"))).each(conn, [{"v": 1}])


def test_what_sqlalchemy_has_to_fill_in_goes_through_it(conn: Connection) -> None:
    Ready(insert(THING).inline(), ("id", "name")).each(conn, [{"id": 7, "name": "t7"}])
    assert SOME.first(conn, {"ids": [7], "below": 8}).on is True  # type: ignore[union-attr]
