"""What the page of the search loads: a few of every kind, or one kind with all that is older."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from intranet import customers, people
from intranet.kernel import House, Person

from .asked import Asked, asked
from .excerpt import excerpt, marked
from .found import found, newest
from .hits import Hit
from .sources import SOURCES
from .words import bare, normal

FEW = {"people": 3, "customers": 3, "posts": 5, "chat": 10}
ORDER = ("people", "customers", "posts", "chat")  # what is short comes first, so that all is in sight
MANY = 30
SOUGHT = {
    "chat": [one for one in SOURCES if one.subject == "m"],
    "posts": [one for one in SOURCES if one.subject != "m"],
}
KINDS = ("", *(kind for kind, sources in SOUGHT.items() if sources), "people", "customers")


@dataclass(frozen=True, slots=True)
class Sought:
    """The address of a page: the question, one kind or all, and below which id of the index it begins."""

    text: str = ""
    kind: str = ""
    below: int | None = None


def results(conn: Connection, person: Person, the_house: House, sought: Sought) -> dict[str, Any]:
    """Sections {kind, rows, older, more}; without a question none."""
    question = asked(sought.text)
    kinds = [kind for kind in KINDS[1:] if kind != "customers" or not person.is_guest]
    wanted = [kind for kind in kinds if sought.kind in ("", kind)] if question.terms else []
    places = the_house.places(person.id)
    first = newest(conn, person, places, question) if wanted == kinds else None
    sections = []
    for kind in sorted(wanted, key=ORDER.index):
        limit = MANY if sought.kind else FEW[kind]
        if kind in SOUGHT:
            its = found(
                conn, person, places, question, SOUGHT[kind], limit=limit, below=sought.below, batch=first
            )  # fmt: skip
            rows, older, more = [_row(hit, question) for hit in its.hits], its.older, False
        else:
            listed = _people(conn, person, the_house, question, limit + 1) if kind == "people" else []
            listed = _customers(conn, person, question, limit + 1) if kind == "customers" else listed
            rows, older, more = listed[:limit], None, len(listed) > limit
        if rows or older is not None:
            sections.append({"kind": kind, "rows": rows, "older": older, "more": more})
    return {"sought": sought, "kinds": kinds, "asks": bool(question.terms), "sections": sections}


def _row(hit: Hit, question: Asked) -> dict[str, Any]:
    title, text = hit.version(question)
    shown = {"title": marked(title, question), "excerpt": excerpt(text, question)}
    return {"hit": hit, "href": hit.href, **shown}


def _people(conn: Connection, person: Person, the_house: House, question: Asked, limit: int) -> list[dict[str, Any]]:
    visible = the_house.companions(person.id) if person.is_guest else None
    its: dict[int, Any] = {}
    for text in _spellings(question.text):
        wanted = people.Narrowed(text=text)
        its.update({one.id: one for one in people.directory(conn, person, visible, asked=wanted, limit=limit)})
    lines = sorted(its.values(), key=lambda one: people.fold(one.name))[:limit]
    return [
        {
            "person": one,
            "name": marked(one.name, question),
            "about": marked(_about(one), question),
            "href": f"/p/{one.id}",
        }
        for one in lines
    ]


def _about(one: people.Entry) -> str:
    said = [one.title, *(team.name for team in one.teams), one.site]
    return " · ".join(dict.fromkeys(filter(None, said)))


def _customers(conn: Connection, person: Person, question: Asked, limit: int) -> list[dict[str, Any]]:
    its = {
        one.id: one for text in _spellings(question.text) for one in customers.find(conn, person, text, limit)
    }  # fmt: skip
    return [
        {"customer": one, "name": marked(one.name, question), "number": marked(one.number, question), "href": one.href}
        for one in list(its.values())[:limit]
    ]


def _spellings(text: str) -> Sequence[str]:
    """As it is typed, and with bare letters for spelled umlauts: "Mueller" also finds Müller."""
    plain = "".join(" " if letter in '"„“”«»' else letter for letter in text)
    other = " ".join(bare(word) for word in normal(plain).split())
    return [plain] if other == people.fold(plain) else [plain, other]
