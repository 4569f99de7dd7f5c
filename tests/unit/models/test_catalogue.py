"""The catalogue: every model named and explained to a planner."""

import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue
from nhcplanner.models.catalogue import _goals
from nhcplanner.models.goals import cover_most, least_cost


def test_the_names_that_scenarios_use():
    assert {"lowest_hle_first", "max_coverage", "set_cover", "p_median", "p_centre"} <= set(
        catalogue
    )


@pytest.mark.parametrize("name", list(catalogue))
def test_each_model_has_its_name_and_one_line_of_plain_words(name):
    model = catalogue[name]
    assert model.name == name
    assert 20 < len(model.words) < 160
    assert "\n" not in model.words


def test_the_catalogue_cannot_be_changed_by_accident():
    with pytest.raises(TypeError):
        catalogue["max_coverage"] = None


def test_a_row_takes_several_goals_in_their_order():
    problem = Problem.from_minutes([[5, 30], [30, 5]], people=[60, 50], count=1, reach=10)
    goals = _goals("cover_most", "least_cost")(problem)
    assert [goal.name for goal in goals] == [cover_most().name, least_cost().name]
