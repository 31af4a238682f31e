"""What is said of teams gives nobody away: whatever the teams, whoever knows who is in them."""

from hypothesis import given
from hypothesis import strategies as st

from intranet.feed.by_team import FEWEST, Share, shares

PEOPLE = st.sets(st.integers(1, 30), max_size=30)
TEAMS = st.dictionaries(st.integers(1, 6), st.sets(st.integers(1, 34)), max_size=6)


@given(PEOPLE, TEAMS)
def test_nobody_can_be_told_from_four_others(asked: set[int], teams: dict[int, set[int]]) -> None:
    """If one alone has acknowledged, it looks the same as if it were any of at least four others: so no sum or
    difference of what is shown is about fewer than five."""
    looks = {one: tuple(shares(asked, {one}, teams)) for one in asked}
    if not any(looks.values()):
        return  # nothing but the sum of all is shown
    for one in asked:
        assert sum(other == looks[one] for other in looks.values()) >= FEWEST


@given(PEOPLE, PEOPLE, TEAMS)
def test_what_is_shown_is_true_and_which_does_not_depend_on_who_has(
    asked: set[int], done: set[int], teams: dict[int, set[int]]
) -> None:
    shown = shares(asked, done, teams)
    for one in shown:
        assert one == Share(one.team, len(teams[one.team] & asked), len(teams[one.team] & asked & done))
        assert one.asked >= FEWEST
    assert [one.team for one in shown] == [one.team for one in shares(asked, set(), teams)]
    hidden = set(teams) - {one.team for one in shown}
    for team in hidden:  # none is held back without need
        together = {**{one.team: teams[one.team] for one in shown}, team: teams[team]}
        assert team not in {one.team for one in shares(asked, done, together)} or not shown


def test_a_small_rest_holds_a_team_back() -> None:
    six, other, three = set(range(6)), set(range(10, 16)), {20, 21, 22}
    everybody = six | other | three
    assert [one.team for one in shares(everybody, set(), {1: six, 2: other, 3: three})] == [1]
    assert [one.team for one in shares(six | other, set(), {1: six, 2: other})] == [1, 2]
    inner = set(range(5))
    assert [one.team for one in shares(set(range(20)), inner, {1: six, 2: inner})] == [1], "6 - 5 = 1"
    assert shares({1, 2, 3}, {1}, {1: {1, 2, 3}}) == []
