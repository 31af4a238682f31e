"""What the shell shows of the reader."""

from typing import Any

from sqlalchemy import Connection

from intranet.kernel import Person

from .lines import names


def shell(conn: Connection, person: Person) -> dict[str, Any]:
    """The own portrait in the navigation."""
    own = names(conn, [person.id]).get(person.id)
    return {"nav_photo": own.photo if own else ""}
