"""What people are told: who decides, whoever reported, and the author."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from intranet.kernel import AnyRow, Person, _, words

from .access import seen_by
from .models import Report
from .things import href, href_for_author

KINDS = {"m": _("A message"), "post": _("A post"), "comment": _("A comment")}
OUTCOMES = {
    "kept": _("It was looked at and stays."), "hidden": _("It was looked at and is hidden now."),
    "removed": _("It was looked at and is removed."), "restored": _("It was looked at again and stands there again."),
}  # fmt: skip
OWN = {
    "hidden": _("Hidden for all others"), "removed": _("Removed by moderation"), "restored": _("Visible again"),
}  # fmt: skip


def kind_of(subject: str) -> str:
    """The kind of thing, in English; `gettext` it."""
    return KINDS[subject.partition("-")[0]]


def _rows(conn: Connection, subjects: Sequence[str], *which: object) -> list[AnyRow]:
    ids = [int(subject.rsplit("-", 1)[1]) for subject in subjects]
    return list(conn.execute(select(Report).where(Report.id.in_(ids), *which)))  # type: ignore[arg-type]


def reports(conn: Connection, person: Person, subjects: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """To who decides: something was reported."""
    say = words(person.lang).gettext
    return {
        f"report-{row.id}": {
            "title": say(_("Reported: {kind}")).format(kind=say(kind_of(row.subject))), "text": row.reason,
            "href": f"/admin/reports#report-{row.id}", "icon": "flag",
        }
        for row in _rows(conn, subjects, Report.state == "open", seen_by(person))
    }  # fmt: skip


def outcomes(conn: Connection, person: Person, subjects: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """To who reported: what came of it."""
    say = words(person.lang).gettext
    return {
        f"report-{row.id}": {
            "title": say(OUTCOMES[row.state]), "text": row.reason, "icon": "flag",
            "href": href(row.subject) if row.state in ("kept", "restored") else "/",
        }
        for row in _rows(conn, subjects, Report.reporter == person.id, Report.state != "open")
    }  # fmt: skip


def moderated(conn: Connection, person: Person, subjects: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """To the author: what was done, and why."""
    say = words(person.lang).gettext
    return {
        f"report-{row.id}": {
            "title": f"{say(OWN[row.state])}: {say(kind_of(row.subject))}", "text": row.decision, "icon": "eye-off",
            "href": href_for_author(row.subject, row.state),
        }
        for row in _rows(conn, subjects, Report.author == person.id, Report.state.in_(sorted(OWN)))
    }  # fmt: skip
