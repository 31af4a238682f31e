"""A list of people as spreadsheets write it, and what reading it in would do, line by line, before it is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Connection, select

from intranet.kernel import AnyRow, Person, Refused, fold, spreadsheet, tidy

from .access import HIGH, may_manage
from .checks import (
    clean_email,
    clean_lang,
    clean_line,
    clean_name,
    clean_phone,
    clean_role,
    clean_side,
)
from .models import PersonRow, Team, TeamMember

Verdict = Literal["made", "changed", "same", "refused"]

COLUMNS = {
    "name": "name naam",
    "first": "vorname firstname first voornaam",
    "last": "nachname lastname surname last achternaam familienname",
    "email": "email e-mail mail e-mail-adresse emailadresse e-mailadres emailadres e-mailaddress emailaddress",
    "title": "title titel funktion functie position stelle role-title jobtitle",
    "site": "site standort vestiging locatie ort location",
    "phone": "phone telefon telefoon telephone mobil mobile mobiel telefonnummer handy tel",
    "side": "side seite kant arbeitet werkt",
    "role": "role rolle rol",
    "teams": "team teams",
    "lang": "lang language sprache taal",
}
_SIDES = {
    "field": "field draussen aussen aussendienst buiten buitendienst outside",
    "office": "office drinnen innen innendienst buro buero binnen binnendienst kantoor inside",
    "both": "both beides beide allebei",
}
_ROLES = {
    "owner": "owner inhaber eigentumer eigenaar",
    "administrator": "administrator admin verwaltung beheer beheerder",
    "editor": "editor redaktion redactie",
    "member": "member mitglied lid",
    "guest": "guest gast",
}
_LANGS = {
    "de": "de deutsch german duits",
    "nl": "nl niederlandisch nederlands dutch",
    "en": "en englisch engels english",
}
_CLEAN: dict[str, Any] = {
    "name": clean_name, "email": clean_email, "title": clean_line, "site": clean_line, "phone": clean_phone,
    "side": lambda text: clean_side(_meant(_SIDES, text)), "role": lambda text: clean_role(_meant(_ROLES, text)),
    "lang": lambda text: clean_lang(_meant(_LANGS, text)),
}  # fmt: skip


@dataclass(slots=True)
class Planned:
    """What one line would do. `changes` names the columns that differ; `teams` is None where the list says nothing."""

    line: int
    name: str
    email: str
    verdict: Verdict
    person: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    teams: list[str] | None = None
    changes: list[str] = field(default_factory=list)
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What a list is compared with: people by address, their teams by folded name."""

    people: Mapping[str, AnyRow]
    teams: Mapping[int, set[str]]


def house_now(conn: Connection) -> House:
    """Everybody as they are: two queries."""
    rows = conn.execute(select(*PersonRow.__table__.columns))
    teams: dict[int, set[str]] = {}
    for row in conn.execute(select(TeamMember.person_id, Team.folded).where(Team.id == TeamMember.team_id)):
        teams.setdefault(row.person_id, set()).add(row.folded)
    return House({row.email: row for row in rows}, teams)


def read_list(text: str) -> list[Planned]:
    """The lines of a list as far as they can be judged by themselves. Raises Refused 422 when it is no list."""
    return [_one(line) for line in spreadsheet.lines(text, COLUMNS, "email", "name last")]


def plan(lines: Iterable[Planned], now: House, actor: Person) -> list[Planned]:
    """What reading in these lines would do now; they themselves stay as they are."""
    planned: list[Planned] = []
    met: set[str] = set()
    for line in lines:
        one = replace(line)
        try:
            if one.refusal is None:
                _compare(one, now, actor)
        except Refused as refusal:
            _refuse(one, refusal)
        if one.email in met and one.refusal is None:
            _refuse(one, Refused(409, "list-twice"))
        met.add(one.email)
        planned.append(one)
    return planned


def _one(line: dict[str, str]) -> Planned:
    name = line.get("name") or f"{line.get('first', '')} {line.get('last', '')}"
    cells = {**line, "name": name}
    one = Planned(int(line[""]), tidy(name)[:80], tidy(line.get("email", "")).lower()[:254], "made")
    try:
        given = {name: cells.get(name, "") for name in _CLEAN}
        given = {name: text for name, text in given.items() if text.strip() or name in ("name", "email")}
        one.values = {column: _CLEAN[column](text) for column, text in given.items()}
        if line.get("teams", "").strip():
            said = line["teams"].replace("|", ",").replace(";", ",").split(",")
            one.teams = sorted({clean_name(team) for team in said if team.strip()})
    except Refused as refusal:
        _refuse(one, refusal)
    return one


def _compare(one: Planned, now: House, actor: Person) -> None:
    row = now.people.get(one.values["email"])
    role = one.values.get("role", row.role if row else "member")
    if role == "guest" and one.teams:
        raise Refused(422, "guest-in-team")
    if row is None:
        if not may_manage(actor, role):
            raise Refused(403, "only-owners")
        return
    one.person = row.id
    one.changes = [column for column, value in one.values.items() if getattr(row, column) != value]
    if one.teams is not None and {fold(team) for team in one.teams} != now.teams.get(row.id, set()):
        one.changes.append("teams")
    one.verdict = "changed" if one.changes else "same"
    if one.changes:
        _must_change(row, role, one, actor)


def _must_change(row: AnyRow, role: str, one: Planned, actor: Person) -> None:
    if not row.active:
        raise Refused(409, "list-deactivated")
    if not (may_manage(actor, row.role) and may_manage(actor, role)):
        raise Refused(403, "only-owners")
    if "role" in one.changes and (row.role in HIGH or role in HIGH):
        raise Refused(409, "list-high")


def _refuse(one: Planned, refusal: Refused) -> None:
    one.verdict, one.refusal, one.changes = "refused", refusal, []


def _meant(words: Mapping[str, str], text: str) -> str:
    said = fold(tidy(text))
    return next((value for value, names in words.items() if said in names.split()), said)
