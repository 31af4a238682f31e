"""Who is found by whom: the directory, one person in it, and everybody for the administrators.

Members see everybody. Guests see only whom they share a channel with (`visible` selects those ids), and of these
neither telephone nor address: how to reach a colleague from outside is the colleague's to give.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from intranet.kernel import AnyRow, AnySelect, Person, fold

from .lines import LINE, Entry, PersonLine, line_of, teams_by_person
from .models import PersonRow, Team, TeamMember

_ENTRY = (
    *LINE, PersonRow.title, PersonRow.site, PersonRow.phone, PersonRow.email, PersonRow.lang, PersonRow.zone,
    (PersonRow.password == "").label("invited"),
)  # fmt: skip
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a reader asks the directory for: words of name, title, site, team; and from which entry on."""

    text: str = ""
    side: str = ""
    site: str = ""
    team: int = 0
    start: int = 0


EVERYBODY = Narrowed()


@dataclass(frozen=True, slots=True)
class Totals:
    """How many people there are, in the field (or both), and deactivated."""

    people: int
    field: int
    deactivated: int


def find(
    conn: Connection, viewer: Person, text: str, visible: AnySelect | None = None, limit: int = 20
) -> list[PersonLine]:
    """Active people who match every word of `text`. `visible` as in `directory`."""
    asked = Narrowed(text=text)
    statement = _seen_by(select(*LINE, PersonRow.title), viewer, visible).where(PersonRow.active)
    return [PersonLine(**line_of(row)) for row in _fitting(conn, statement, viewer, asked, limit)]


def begins(name: str, text: str) -> bool:
    """Whether the name, or a word of it, begins with what is typed, whatever its case and accents."""
    wanted, folded = fold(text), fold(name)
    return any(part.startswith(wanted) for part in (folded, *folded.split()))


def named_so(conn: Connection, some: AnySelect | Sequence[int], text: str, limit: int) -> list[dict[str, Any]]:
    """Active people of `some` whose name begins so, by name: {id, name, side, title}."""
    columns = (PersonRow.id, PersonRow.name, PersonRow.side, PersonRow.title)
    near = (PersonRow.active, PersonRow.id.in_(some), PersonRow.folded.contains(fold(text), autoescape=True))
    rows = conn.execute(select(*columns).where(*near).order_by(PersonRow.folded, PersonRow.id))
    fitting = (dict(row._mapping) for row in rows if begins(row.name, text))
    return list(islice(fitting, limit))


def directory(
    conn: Connection,
    viewer: Person,
    visible: AnySelect | None = None,
    *,
    asked: Narrowed = EVERYBODY,
    limit: int | None = None,
) -> list[Entry]:
    """Active people by name, narrowed."""
    statement = _seen_by(select(*_ENTRY), viewer, visible).where(PersonRow.active)
    return [_as_seen(viewer, entry) for entry in _entries(conn, _fitting(conn, statement, viewer, asked, limit))]


def person_entry(conn: Connection, viewer: Person, person_id: int, visible: AnySelect | None = None) -> Entry | None:
    """One person, deactivated or not, if the viewer may see them."""
    statement = _seen_by(select(*_ENTRY), viewer, visible).where(PersonRow.id == person_id)
    found = next(iter(_entries(conn, conn.execute(statement).all())), None)
    return _as_seen(viewer, found) if found else None


def photo_of(conn: Connection, viewer: Person, person_id: int, visible: AnySelect | None = None) -> str | None:
    """The hash of a person's portrait, empty for none; None if the viewer does not see the person."""
    statement = _seen_by(select(PersonRow.photo), viewer, visible).where(PersonRow.id == person_id)
    return conn.execute(statement).scalar()


def everybody(
    conn: Connection, viewer: Person, asked: Narrowed = EVERYBODY, *, state: str = "", limit: int | None = None
) -> list[Entry]:
    """Everybody for the administrators' page; `state` is "", "invited" or "deactivated"."""
    statement = select(*_ENTRY)
    if state == "invited":
        statement = statement.where(PersonRow.active, PersonRow.password == "")
    else:
        statement = statement.where(PersonRow.active.is_(state != "deactivated"))
    return _entries(conn, _fitting(conn, statement, viewer, asked, limit))


def entries_of(conn: Connection, viewer: Person, ids: Sequence[int]) -> list[Entry]:
    """These people by name, deactivated ones too, for who sees everybody."""
    statement = _seen_by(select(*_ENTRY), viewer, None).where(PersonRow.id.in_(ids))
    return _entries(conn, _fitting(conn, statement, viewer, EVERYBODY, None))


def totals(conn: Connection) -> Totals:
    """The figures above the administrators' list."""
    grouped = select(PersonRow.active, PersonRow.side, func.count().label("n")).group_by(
        PersonRow.active, PersonRow.side
    )
    counted = {(row.active, row.side): row.n for row in conn.execute(grouped)}
    active = {side: count for (is_active, side), count in counted.items() if is_active}
    return Totals(
        people=sum(active.values()), field=active.get("field", 0) + active.get("both", 0),
        deactivated=sum(count for (is_active, _), count in counted.items() if not is_active),
    )  # fmt: skip


def _fitting(
    conn: Connection, statement: AnySelect, viewer: Person, asked: Narrowed, limit: int | None
) -> Sequence[AnyRow]:
    """The rows that are asked for, by name. What a guest types is compared with name and title alone, and here:
    the folded column holds the address too, and a search must not tell it letter by letter."""
    ordered = statement.where(*_asked(asked)).order_by(PersonRow.folded, PersonRow.id)
    words = fold(asked.text).split()[:MOST_WORDS]
    if not viewer.is_guest:
        return conn.execute(ordered.where(*map(_has, words)).offset(asked.start).limit(limit)).all()
    shown = ((row, fold(f"{row.name} {row.title}")) for row in conn.execute(ordered))
    fitting = (row for row, text in shown if all(word in text for word in words))
    return list(islice(fitting, asked.start, None if limit is None else asked.start + limit))


def _entries(conn: Connection, rows: Sequence[AnyRow]) -> list[Entry]:
    """Rows over the columns of an entry, with their teams."""
    teams = teams_by_person(conn, [row.id for row in rows])
    return [
        Entry(
            **line_of(row), title=row.title, site=row.site, phone=row.phone, email=row.email, lang=row.lang,
            zone=row.zone, invited=row.invited, teams=tuple(teams.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def _seen_by(statement: AnySelect, viewer: Person, visible: AnySelect | None) -> AnySelect:
    if not viewer.is_guest:
        return statement
    if visible is None:
        return statement.where(PersonRow.id == viewer.id)
    return statement.where((PersonRow.id == viewer.id) | PersonRow.id.in_(visible))


def _as_seen(viewer: Person, entry: Entry) -> Entry:
    return replace(entry, phone="", email="") if viewer.is_guest and entry.id != viewer.id else entry


def _asked(asked: Narrowed) -> list[Any]:
    conditions: list[Any] = []
    if asked.side:
        conditions.append(PersonRow.side.in_([asked.side, "both"]))
    if asked.site:
        conditions.append(PersonRow.site == asked.site)
    if asked.team:
        conditions.append(PersonRow.id.in_(select(TeamMember.person_id).where(TeamMember.team_id == asked.team)))
    return conditions


def _has(word: str) -> Any:
    in_team = select(TeamMember.person_id).where(
        and_(Team.id == TeamMember.team_id, Team.folded.contains(word, autoescape=True))
    )
    return or_(PersonRow.folded.contains(word, autoescape=True), PersonRow.id.in_(in_team))
