"""What the shell shows of the reader."""

from typing import Any

from sqlalchemy import Connection, select

from intranet.kernel import Person

from .lines import photo_address
from .models import PersonRow


def shell(conn: Connection, person: Person) -> dict[str, Any]:
    """The own portrait in the navigation."""
    photo = conn.execute(select(PersonRow.photo).where(PersonRow.id == person.id)).scalar()
    return {"nav_photo": photo_address(person.id, photo or "")}
