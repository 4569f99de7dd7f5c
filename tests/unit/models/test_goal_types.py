"""Rows of goals: their lines, titles and arguments."""

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.models import GOALS
from nhcplanner.models.goal_types import NamedGoal, WorstGoal


def made(*_):
    return (WorstGoal("a day"),)


@pytest.mark.parametrize(
    ("row", "argument", "words"),
    [
        (NamedGoal("day", "Shortest day", made), "", "Shortest day"),
        (NamedGoal("day", "Shortest day", made), "Monday", "Shortest day: Monday"),
        (NamedGoal("day", "Shortest {argument}", made, argument="5"), "", "Shortest 5"),
        (NamedGoal("day", "Shortest {argument}", made, argument="5"), "7", "Shortest 7"),
        (
            NamedGoal("day", "Shortest day", made, with_argument="By {argument}"),
            "imd_quintile",
            "By IMD quintile",
        ),
    ],
)
def test_a_title_has_its_argument(row, argument, words):
    assert row.words(argument) == words


def test_a_line_names_the_argument_that_stands_for_none():
    assert NamedGoal("day", "", made, argument="5").line == "day:5"
    assert NamedGoal("day", "", made).line == "day"


@pytest.mark.parametrize("name", GOALS)
def test_each_row_gives_goals_and_says_what_they_count(name):
    row = GOALS[name]
    problem = Problem.from_minutes(
        [[5, 9], [9, 5]], people=[1, 2], bands=[1, 2], row_groups={"imd_quintile": ["1", "5"]},
        count=2, site_xy=[[0, 0], [3, 4]],
    )  # fmt: skip
    assert row.name == name
    assert row.fault("") == ""
    assert row.make(problem, "")
    assert row.words()
    assert row.figure or len(row.make(problem, "")) > 1


def test_a_group_that_the_problem_lacks_is_refused():
    problem = Problem.from_minutes([[5]], bands=[0])
    with pytest.raises(InputError, match="nothing is grouped by 'imd_quintile'"):
        GOALS["narrowest_gap"].make(problem, "")
    with pytest.raises(InputError, match="no row is in a band"):
        GOALS["cover_first_band"].make(problem, "")


@pytest.mark.parametrize("argument", ["0", "101", "few"])
def test_an_argument_without_sense_has_a_fault(argument):
    assert "least_percentile:90" in GOALS["least_percentile"].fault(argument)
