"""Lines, and the one form in which equal audiences are equal texts.

A line is spelled `side;team;site`, lines are joined by `|`: so they stand in forms, addresses and, folded, in the
database. The empty text is the empty line: everyone.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Literal
from urllib.parse import quote, unquote

import msgspec

from intranet import people
from intranet.kernel import Refused, number, one_line

EVERYONE = ""
MOST_LINES = 40
LONGEST_TEXT = 2000  # PostgreSQL indexes no more than a third of a page
LONGEST_SITE = 120
Term = tuple[int, str]  # team and folded site, 0 and "" for any
Reason = tuple[str, int, str]  # with the side before


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Side, team and site, all that are given. Side "both" is no restriction: the same as none."""

    side: Literal["", "field", "office", "both"] = ""
    team: int = 0
    site: str = ""


Lines = list[Line | str]  # in a write: a form sends lines spelled


def spelled(lines: Iterable[Line]) -> str:
    """As one text, the sites as they are written."""
    return "|".join(
        f"{line.side};{line.team or ''};{quote(line.site, safe=' ')}" if line != Line() else "" for line in lines
    )


def read(given: Iterable[Line | str]) -> list[Line]:
    """Lines that came from outside, tidied. Raises Refused 422."""
    lines: list[Line] = []
    for one in given:
        lines += [_parsed(part) for part in one.split("|")] if isinstance(one, str) else [one]
    if len(lines) > MOST_LINES:
        raise Refused(422, "audience-long", most=MOST_LINES)
    return [_tidy(line) for line in lines]


def _parsed(text: str) -> Line:
    if not text:
        return Line()
    side, team, site = parts if len(parts := text.split(";")) == 3 else ("", "?", "")
    if team and number(team) is None:
        raise Refused(422, "malformed", reason="lines")
    try:
        return msgspec.convert({"side": side, "team": number(team) or 0, "site": unquote(site)}, Line)
    except msgspec.ValidationError as error:
        raise Refused(422, "malformed", reason="lines") from error


def _tidy(line: Line) -> Line:
    site = one_line(line.site)
    if len(site) > LONGEST_SITE or (site and not people.fold(site)) or line.team < 0:
        raise Refused(422, "malformed", reason="lines")
    return Line("" if line.side == "both" else line.side, line.team, site)


def least(lines: Iterable[Line]) -> list[Line]:
    """The fewest and widest lines that take the same people, sorted: equal for equal audiences.

    Who works in the field is taken by one set of terms, who works in the office by another, who does both by either;
    of each set the terms that another implies go. A term that both keep needs no side.
    """
    given = list(lines)
    written = {people.fold(line.site): line.site for line in reversed(given)}
    field, office = (_widest(_term(line) for line in given if line.side in ("", side)) for side in ("field", "office"))
    sides = {term: "" if term in field and term in office else "field" if term in field else "office"
             for term in field | office}  # fmt: skip
    return [
        msgspec.convert({"side": side, "team": team, "site": written[site]}, Line)
        for side, team, site in sorted((side, *term) for term, side in sides.items())
    ]


def canonical(lines: Sequence[Line]) -> str:
    """The text by which an audience is found: as `least`, sites folded. Raises Refused 422."""
    text = spelled(Line(line.side, line.team, people.fold(line.site)) for line in least(lines))
    if len(text) > LONGEST_TEXT:
        raise Refused(422, "audience-long", most=MOST_LINES)
    return text


def _term(line: Line) -> Term:
    return line.team, people.fold(line.site)


def _widest(terms: Iterable[Term]) -> set[Term]:
    kept = set(terms)
    return {term for term in kept if not kept & (_wider(term) - {term})}


def _wider(term: Term) -> set[Term]:
    team, site = term
    return {(0, ""), (team, ""), (0, site), term}


def reasons(one: people.Profile) -> set[Reason]:
    """Every line that takes this person, sites folded: the one rule of audiences.

    Guests and deactivated people are in none; who works on both sides is on each.
    """
    if not one.active or one.role == "guest":
        return set()
    sides = {"", "field", "office"} if one.side == "both" else {"", one.side}
    return set(product(sides, {0, *one.teams}, {"", people.fold(one.site)}))


class Rule:
    """Whom some lines take."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = {reason(line) for line in lines}

    def takes(self, one: people.Profile) -> bool:
        """Whether a reason is among the lines."""
        return not self.lines.isdisjoint(reasons(one))


def reason(line: Line) -> Reason:
    """A line as `reasons` has it."""
    return line.side, line.team, people.fold(line.site)
