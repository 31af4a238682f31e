"""Who is found by whom: the directory, one person in it, and everybody for the administrators.

Members see everybody. Guests see only whom they share a channel with (`visible` selects those ids), and of these
neither telephone nor address: how to reach a colleague from outside is the colleague's to give.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from intranet.kernel import AnySelect, Person

from .lines import LINE, Entry, PersonLine, fold, line_of, teams_by_person
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
    statement = _seen_by(select(*LINE), viewer, visible).where(PersonRow.active, *_asked(asked, viewer))
    rows = conn.execute(statement.order_by(PersonRow.folded).limit(limit))
    return [PersonLine(**line_of(row)) for row in rows]


def directory(
    conn: Connection,
    viewer: Person,
    visible: AnySelect | None = None,
    *,
    asked: Narrowed = EVERYBODY,
    limit: int | None = None,
) -> list[Entry]:
    """Active people by name, narrowed."""
    statement = _seen_by(select(*_ENTRY), viewer, visible).where(PersonRow.active, *_asked(asked, viewer))
    return [_as_seen(viewer, entry) for entry in _entries(conn, statement, asked.start, limit)]


def person_entry(conn: Connection, viewer: Person, person_id: int, visible: AnySelect | None = None) -> Entry | None:
    """One person, deactivated or not, if the viewer may see them."""
    statement = _seen_by(select(*_ENTRY), viewer, visible).where(PersonRow.id == person_id)
    found = next(iter(_entries(conn, statement)), None)
    return _as_seen(viewer, found) if found else None


def photo_of(conn: Connection, viewer: Person, person_id: int, visible: AnySelect | None = None) -> str | None:
    """The hash of a person's portrait, empty for none; None if the viewer does not see the person."""
    statement = _seen_by(select(PersonRow.photo), viewer, visible).where(PersonRow.id == person_id)
    return conn.execute(statement).scalar()


def everybody(
    conn: Connection, viewer: Person, asked: Narrowed = EVERYBODY, *, state: str = "", limit: int | None = None
) -> list[Entry]:
    """Everybody for the administrators' page; `state` is "", "invited" or "deactivated"."""
    statement = select(*_ENTRY).where(*_asked(asked, viewer))
    if state == "invited":
        statement = statement.where(PersonRow.active, PersonRow.password == "")
    else:
        statement = statement.where(PersonRow.active.is_(state != "deactivated"))
    return _entries(conn, statement, asked.start, limit)


def entries_of(conn: Connection, viewer: Person, ids: Sequence[int]) -> list[Entry]:
    """These people by name, deactivated ones too, for who sees everybody."""
    return _entries(conn, _seen_by(select(*_ENTRY), viewer, None).where(PersonRow.id.in_(ids)))


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


def _entries(conn: Connection, statement: AnySelect, start: int = 0, limit: int | None = None) -> list[Entry]:
    """The people of a statement over the columns of an entry, with their teams: two queries."""
    rows = conn.execute(statement.order_by(PersonRow.folded, PersonRow.id).offset(start).limit(limit)).all()
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


def _asked(asked: Narrowed, viewer: Person) -> list[Any]:
    conditions: list[Any] = [_has(word, viewer) for word in fold(asked.text).split()[:MOST_WORDS]]
    if asked.side:
        conditions.append(PersonRow.side.in_([asked.side, "both"]))
    if asked.site:
        conditions.append(PersonRow.site == asked.site)
    if asked.team:
        conditions.append(PersonRow.id.in_(select(TeamMember.person_id).where(TeamMember.team_id == asked.team)))
    return conditions


def _has(word: str, viewer: Person) -> Any:
    """Guests find by name and title only: a search must not tell an address letter by letter."""
    if viewer.is_guest:
        return func.lower(PersonRow.name + " " + PersonRow.title).contains(word, autoescape=True)
    in_team = select(TeamMember.person_id).where(
        and_(Team.id == TeamMember.team_id, Team.folded.contains(word, autoescape=True))
    )
    return or_(PersonRow.folded.contains(word, autoescape=True), PersonRow.id.in_(in_team))
