"""A plan that weighs need says by which columns, and serves those who count."""

import pytest

from nhcplanner import outputs, workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.scenario import Scenario

WITHOUT_CAR = "no_car_share*people"


def test_need_by_a_column_is_what_the_plan_reaches_and_the_record_says_so():
    place = workflow.demo_place()
    scenario = Scenario(count=3, goals=("cover_need",), need=(WITHOUT_CAR,), time_limit=30)
    outcome = workflow.run(place, scenario)
    areas = place.areas
    total = (areas["no_car_share"] * areas["people"]).sum()
    reached = outcome.assessment.areas["minutes_after"].to_numpy() <= scenario.reach
    need = (areas["no_car_share"] * areas["people"])[reached].sum()
    assert outcome.plan.stages[0].value == pytest.approx(need, rel=1e-6)
    told = outputs.summary(outcome)
    assert f"Need is counted by {WITHOUT_CAR}: {total:,.0f} in all" in told
    assert "by these goals in order: most need in reach" in told
    assert outputs.as_json(outcome)["scenario"]["need"] == [WITHOUT_CAR]


def test_a_column_that_is_not_there_is_told_before_anything_is_solved():
    scenario = Scenario(count=3, goals=("cover_need",), need=("no_car*people",))
    with pytest.raises(InputError, match="no_car_share"):
        workflow.run(workflow.demo_place(), scenario)
