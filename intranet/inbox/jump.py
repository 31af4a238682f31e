"""Where one can jump to: conversations, the newest first, then channels to join, people, and one's own customers."""

from typing import Any

from sqlalchemy import Connection

from intranet import customers, people
from intranet.channels import Line, companions, mine_in, to_join
from intranet.chat import fresh, last_words
from intranet.kernel import Person

MOST_FOUND = 20


def targets(conn: Connection, person: Person) -> list[dict[str, Any]]:
    """Rows {kind, name, sub, href, n, person}; `kind` names the icon, `person` is there for a face."""
    lines = [line for line in mine_in(conn, person) if not line.hidden and not line.archived]
    last = last_words(conn, person, lines)
    lines.sort(key=lambda line: -(last[line.id].at if line.id in last else 0))
    counts: dict[int, int] = {}
    for one in fresh(conn, person):
        counts[one.channel] = counts.get(one.channel, 0) + one.count
    rows = [_row(line, counts.get(line.id, 0)) for line in lines]
    rows += [_row(line, 0) for line in (() if person.is_guest else to_join(conn, person))]
    talked_with = {line.others[0].id for line in lines if _face(line)}
    visible = companions(person.id) if person.is_guest else None
    for entry in people.directory(conn, person, visible):
        if entry.id not in talked_with:
            face = {"id": entry.id, "name": entry.name, "side": entry.side, "photo": entry.photo}
            row = {"kind": "person", "name": entry.name, "sub": entry.title, "href": f"/p/{entry.id}", "n": 0}
            rows.append({**row, "person": face})
    return rows + found(conn, person, "")


def found(conn: Connection, person: Person, text: str) -> list[dict[str, Any]]:
    """Rows for what there is too much of to bring along: customers that fit; without a text one's own."""
    return [
        {"kind": "customer", "name": one.name, "sub": one.number, "href": one.href, "n": 0}
        for one in customers.find(conn, person, text, MOST_FOUND)
    ]


def _face(line: Line) -> Any:
    return line.others[0] if line.kind == "direct" and len(line.others) == 1 else None


def _row(line: Line, n: int) -> dict[str, Any]:
    face = _face(line)
    kind = {"public": "channel", "private": "private"}.get(line.kind, "group")
    row: dict[str, Any] = {"kind": kind, "name": line.title, "sub": line.description, "href": line.href, "n": n}
    if face:
        row["person"] = {"id": face.id, "name": face.name, "side": face.side, "photo": face.photo}
    return row
