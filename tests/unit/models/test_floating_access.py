"""Most access by floating catchments: shares by hand, limits and arguments."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.models import GOALS, solve
from nhcplanner.models.catalogue import SITE_RULES, Model
from nhcplanner.models.floating_access import most_access


def problem(**more: object) -> Problem:
    return Problem.from_minutes(
        [[5, 99, 5], [5, 9, 99], [99, 9, 99]], people=[100, 300, 200], **more
    )


def test_shares_by_hand():
    # The first centre has 400 people in reach, the second 500, the third 100.
    goal, opened = most_access(250), np.array([0, 1])
    # 100 x 250/400 + 300 x min(1, 250/400 + 250/500) + 200 x 250/500
    assert goal.score(problem(), opened) == pytest.approx(62.5 + 300 + 100)
    assert goal.score(problem(), np.array([2])) == pytest.approx(100)  # 2.5 shares count as 1
    assert goal.score(problem(), np.array([], dtype=np.intp)) == 0


def test_a_centre_gives_no_more_than_its_people():
    goal = most_access(150)
    assert goal.limit(problem(count=2)) == 300
    assert goal.limit(problem(count=3)) == pytest.approx(100 + 300 * 0.675 + 200 * 0.3)
    assert goal.limit(problem(count=2, forbid=[0, 1])) == pytest.approx(100)


def test_the_default_is_an_even_share_of_all_centres():
    (goal,) = GOALS["most_access"].make(problem(count=2), "")
    assert goal.name == "people with their share of a centre (300 people a centre)"
    model = Model("", "", lambda p: GOALS["most_access"].make(p, ""), SITE_RULES)
    plan = solve(problem(count=2), model)
    assert plan.status == "optimal"
    assert plan.opened == (0, 1)  # 75 + 300 + 120, against 100 + 225 + 0 and 100 + 180 + 120
    assert plan.stages[0].value == pytest.approx(495)


@pytest.mark.parametrize(
    ("argument", "fits"),
    [("", True), ("50000", True), ("0", False), ("many", False), ("-5", False), ("inf", False)],
)
def test_people_a_centre_are_a_number_above_0(argument, fits):
    assert (GOALS["most_access"].fault(argument) == "") == fits


def test_an_even_share_needs_a_count():
    with pytest.raises(InputError, match="needs a count"):
        GOALS["most_access"].make(problem(), "")
