"""Who is meant where people are written down, in a list or a field without a script."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from intranet.kernel import fold, tidy

from .models import PersonRow


def meant(conn: Connection, said: Collection[str]) -> dict[str, list[int]]:
    """For each text who has it as e-mail address or whole name: active people who are no guests. One query."""
    wanted: dict[str, list[int]] = {fold(tidy(text)): [] for text in said}
    columns = select(PersonRow.id, PersonRow.name, PersonRow.email)
    rows = conn.execute(columns.where(PersonRow.active, PersonRow.role != "guest")) if wanted else ()
    for row in rows:
        for known in {fold(row.name), fold(row.email)}:
            if known in wanted:
                wanted[known].append(row.id)
    return {text: wanted[fold(tidy(text))] for text in said}
