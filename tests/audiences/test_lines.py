"""The canonical form: two lists of lines are one text exactly if they take the same people, whoever comes along."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intranet.audiences.lines import Line, Rule, canonical, least, read, spelled
from intranet.kernel import Refused
from intranet.people import Profile

TEAMS = (7, 8)
LINES = st.builds(
    Line, st.sampled_from(("", "field", "office", "both")), st.sampled_from((0, *TEAMS)),
    st.sampled_from(("", "Auenried", "AUENRIED", "Weiß|enfels; 50 %")),
)  # fmt: skip
SOME = st.lists(LINES, min_size=1, max_size=5)
EVERY_KIND = [
    Profile(1, side, site, "member", active=True, teams=frozenset(teams))
    for side, site in product(("field", "office", "both"), ("", "auenried", "weiss|enfels; 50 %", "elsewhere"))
    for size in range(len(TEAMS) + 1) for teams in combinations(TEAMS, size)
]  # fmt: skip


def taken(lines: list[Line]) -> list[bool]:
    rule = Rule(read(lines))
    return [rule.takes(one) for one in EVERY_KIND]


@settings(max_examples=200, deadline=None)
@given(SOME, SOME)
def test_equal_audiences_are_equal_texts_and_only_they(some: list[Line], others: list[Line]) -> None:
    some, others = read(some), read(others)
    assert (canonical(some) == canonical(others)) == (taken(some) == taken(others))
    assert taken(least(some)) == taken(some)
    assert least(least(some)) == least(some)
    assert canonical(read([spelled(some)])) == canonical(some), "as a form sends it"


def test_what_the_form_is() -> None:
    def text(*lines: Line) -> str:
        return canonical(read(lines))

    assert text(Line(team=7), Line(), Line(side="field")) == text(Line(side="both")) == ""
    assert text(Line(side="field"), Line(side="office")) == "", "everybody works on one side at least"
    assert text(Line(team=9), Line(team=7, site="Ort"), Line(team=7)) == ";7;|;9;"
    assert text(Line(side="field", team=7), Line(side="office", team=7, site="Ort")) == "field;7;|office;7;ort"
    assert text(Line(side="field", team=7), Line(team=7, site="Ort")) == "field;7;|office;7;ort"
    assert text(Line(site="  Bad   Ems ")) == text(Line(site="BAD EMS"), Line(site="bad ems")) == ";;bad ems"


@pytest.mark.parametrize(
    "odd", ["x;;", "field", ";a;", ";;x;y", ";-1;", ";;" + "x" * 121, ";;\u0301", ";99999999999999999999;"]
)
def test_what_is_no_line_is_refused(odd: str) -> None:
    with pytest.raises(Refused):
        canonical(read([odd]))


def test_a_text_fits_into_the_index() -> None:
    with pytest.raises(Refused):
        read([";1;"] * 41)
    with pytest.raises(Refused):
        canonical([Line(team=number, site="ß" * 60) for number in range(1, 20)])


def test_guests_and_the_deactivated_are_in_none() -> None:
    everybody = Rule([Line()])
    assert not everybody.takes(Profile(1, "both", "", "guest", active=True, teams=frozenset()))
    assert not everybody.takes(Profile(1, "both", "", "owner", active=False, teams=frozenset()))
